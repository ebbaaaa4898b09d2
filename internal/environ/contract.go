package environ

// Contract is what Heroku classic promises to hooks. https://devcenter.heroku.com/articles/buildpack-api#bin-compile
type Contract struct {
	Root     string // the app's directory
	Cache    string // a directory that is kept for the next build
	EnvDir   string // has a file for each variable of the user
	Revision string // of the source; "": nobody knows
	Utils    string // the directory with the functions of Heroku's buildpack; "": the hook does not read them
}

// WithContract returns e for a build with a hook.
func (e Envs) WithContract(c Contract) Envs {
	e.contract = map[string]string{"BUILD_DIR": c.Root, "CACHE_DIR": c.Cache, "ENV_DIR": c.EnvDir}
	if c.Revision != "" && e.tools["SOURCE_VERSION"] == "" {
		e.contract["SOURCE_VERSION"] = c.Revision
	}
	if c.Utils != "" {
		e.contract["BIN_DIR"] = c.Utils
	}
	return e
}
