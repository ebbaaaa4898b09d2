package manager

import "regexp"

// ScriptFailures are those of the app's own scripts of package.json that have little to do with what the app is; add is the command that
// adds a package. The captured outputs are in testdata/failures, with script in front.
func ScriptFailures(add string) Failures {
	return Failures{
		{
			ID: "step/old-openssl", Marks: []string{"ERR_OSSL_EVP_UNSUPPORTED", "digital envelope routines::unsupported"},
			What: "The bundler is too old for this version of Node.js", Evidence: []string{"error:0308010C", "ERR_OSSL_EVP_UNSUPPORTED"},
			Fix: "webpack 4 and others of its time use a hash that Node.js 17 and later have switched off. Take webpack 5, or allow the hash:\n" +
				"    pack build … --env NODE_OPTIONS=--openssl-legacy-provider",
		},
		{
			ID: "step/optional-missing", Marks: []string{"npm has a bug related to optional dependencies", "could not be found, and is needed by esbuild", "Cannot find native binding"},
			What: "The lock leaves out a part of a package that is made for Linux", Evidence: []string{"Cannot find module @rollup", "Cannot find native binding", "The package \"@esbuild", "Cannot find module"},
			Fix: "The lock was made where node_modules of another system lay. Make it anew and commit it:\n    rm -rf node_modules package-lock.json && npm install",
		},
		{
			ID: "step/node-sass", Marks: []string{"Node Sass does not yet support your current environment"}, What: "node-sass does not work with this version of Node.js",
			Evidence: []string{"Node Sass does not yet support"}, Fix: "node-sass is no longer made. Its successor is sass. Scripts that call node-sass then call sass:\n    npm uninstall node-sass && npm install --save-dev sass",
		},
		{
			ID: "step/command-not-found", Pattern: regexp.MustCompile(`sh: (?:line )?(?:\d+: )?([^\s:]+): (?:command )?not found|command not found: ([\w@./-]+)`),
			What: "The script calls a command that is not there: $1$2", Why: "$0",
			Fix: "If a package of npm has it, let package.json name that, and commit it and the lock:\n    " + add + " NAME",
		},
		{
			ID: "step/module-not-found", Pattern: regexp.MustCompile(`Cannot find (?:module|package) '((?:@[^/']+/)?[^./'][^/']*)[^']*'`),
			What: "The script needs a package that is not installed: $1", Why: "$0",
			Fix: "Let package.json name it, and commit it and the lock:\n    " + add + " $1",
		},
	}
}

// providers are packages of npm whose commands have other names, the one to add first.
var providers = map[string][]string{
	"babel": {"@babel/cli", "babel-cli"}, "cleancss": {"clean-css-cli", "clean-css"}, "coffee": {"coffeescript", "coffee-script"}, "grunt": {"grunt-cli", "grunt"},
	"gulp": {"gulp", "gulp-cli"}, "lessc": {"less"}, "ng": {"@angular/cli"}, "parcel": {"parcel", "parcel-bundler"}, "postcss": {"postcss-cli"},
	"run-p": {"npm-run-all"}, "run-s": {"npm-run-all"}, "sass": {"sass", "sass-embedded", "node-sass"}, "swc": {"@swc/cli"},
	"tailwindcss": {"@tailwindcss/cli", "tailwindcss"}, "tsc": {"typescript"}, "uglifyjs": {"uglify-js"}, "vue-cli-service": {"@vue/cli-service"},
	"webpack": {"webpack-cli", "webpack"},
}

// Providers are the packages that may have a command.
func Providers(command string) []string {
	if known, ok := providers[command]; ok {
		return known
	}
	return []string{command}
}
