package traceback

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// builds says whether what a build script makes can be there.
func (a App) builds() string {
	if len(a.Ran) == 0 {
		return "No build script of a package.json has run."
	}
	return "Before this, the build has run " + show.Series(a.Ran) + "."
}

// makeIt is how a file that a build script makes comes to be there.
func (a App) makeIt(file string) string {
	if len(a.Ran) > 0 {
		return "Let the script write this file, or name the place where it does. Look at what it has written:\n    " + a.Ran[len(a.Ran)-1] + " && find . -name " + show.QuotedWord(path.Base(file)) + " -not -path './node_modules/*'"
	}
	for _, n := range a.Packages {
		if names := n.ScriptNames(); len(names) > 0 {
			return fmt.Sprintf("Name the script that makes it \"build\", or say which it is; %s has %s:\n    pack build … --env BP_NODE_RUN_SCRIPTS=%s", show.Name(n.Path("package.json")), show.Series(names), show.Word(names[0]))
		}
	}
	return "Add a script that makes it to package.json:\n    \"scripts\": {\"build\": \"vite build\"}"
}

func manifestMissing(f failure) words {
	file := strings.TrimPrefix(f.group(), f.Root+"/")
	if f.writes() || path.IsAbs(file) && strings.Contains(file, "/site-packages/") {
		return words{}
	}
	return words{what: "A file that the front end's build makes is not there: " + show.Name(file), why: f.evidence() + "\n\n" + f.builds(), fix: f.makeIt(file)}
}

func (f failure) evidence() string { return evidence(f.output, f.Root) }

func manifestEntry(f failure) words {
	return words{
		what: "A static file's address is asked for before collectstatic has collected it: " + show.Value(f.group()),
		fix:  "Ask for it when a request comes, not when modules are imported: static() in a function or a template. For a class attribute, django.utils.functional.lazy does.",
	}
}

// staticFolder is what collectstatic says until Django 3.2 of a folder that is not there; later it leaves it out.
func staticFolder(f failure) words {
	lists := func(at frame) bool {
		return at.function == "listdir" && strings.HasSuffix(at.file, "/django/core/files/storage.py")
	}
	if f.writes() && slices.ContainsFunc(f.frames, lists) {
		folder := strings.TrimPrefix(f.group(), f.Root+"/")
		return words{
			what: "STATICFILES_DIRS names a folder that is not there: " + show.Name(folder), why: f.evidence() + "\n\n" + f.builds(),
			fix: "Take it out of the settings, or let the build script write it. If it is an empty folder on your machine: git keeps none without a file:\n    mkdir -p " + show.Path(folder) + " && touch " + show.Path(folder+"/.gitkeep") + " && git add --force " + show.Path(folder+"/.gitkeep"),
		}
	}
	return words{}
}

var (
	// processed is the file that refers to another one, as Django and WhiteNoise name it.
	processed = regexp.MustCompile(`Post-processing '([^']+)' failed`)
	sourceMap = regexp.MustCompile(`\.map$`)
)

func reference(f failure) words {
	missing, from := f.m[1], "a static file"
	if m := processed.FindStringSubmatch(f.output); m != nil {
		from = show.Name(m[1])
	}
	w := words{what: fmt.Sprintf("%s refers to a file that is not there: %s", from, show.Value(missing)), why: f.first() + "\n\n" + f.builds()}
	how := "Correct the address in " + from + ", or add the file."
	if sourceMap.MatchString(missing) {
		how = "Add the source map, or take the line sourceMappingURL=" + show.Value(path.Base(missing)) + " out of " + from + "."
	}
	w.fix = how + " If the file is a package's, let the storage leave such addresses as they are; in a file of the project, storage.py:\n" + forgiving(f.m[2]) +
		"and in the settings, with the project's own name:\n    " + storages("mysite.storage.StaticStorage")
	return w
}

// storages are settings of Django 4.2 and later, whose default there would otherwise not be.
func storages(static string) string {
	return fmt.Sprintf("STORAGES = {\"default\": {\"BACKEND\": \"django.core.files.storage.FileSystemStorage\"}, \"staticfiles\": {\"BACKEND\": %q}}", static)
}

func forgiving(class string) string {
	i := strings.LastIndex(class, ".")
	module, name := class[:max(i, 0)], class[i+1:]
	return fmt.Sprintf("    from %s import %s\n\n    class StaticStorage(%s):\n        def hashed_name(self, name, content=None, filename=None):\n            try:\n"+
		"                return super().hashed_name(name, content, filename)\n            except ValueError:\n                return name\n", module, name, name)
}

// notFound are the ways in which a program that is not there shows, with its name as the group.
var notFound = []*regexp.Regexp{
	regexp.MustCompile(`env: (?:\S{0,20}[‘'"]|\\xe2\\x80\\x98)?([\w./@+-]+?)(?:[’'"]|\\xe2\\x80\\x99)?: No such file or directory`),
	regexp.MustCompile(`\bsh: (?:line )?\d+: ([\w./@+-]+): (?:command )?not found`),
}

var subprocess = regexp.MustCompile(`No such file or directory: '([^']+)'`)

// nodeItself are the commands that come with Node.js.
var nodeItself = []string{"node", "npm", "npx"}

func toolMissing(f failure) words {
	tool := ""
	for _, pattern := range notFound {
		if m := pattern.FindStringSubmatch(f.output); m != nil {
			tool = m[1]
		}
	}
	if m := subprocess.FindStringSubmatch(f.message); m != nil && f.exception == "FileNotFoundError" && f.ends("/subprocess.py") {
		tool = m[1]
	}
	if tool == "" {
		return words{}
	}
	name := path.Base(tool)
	w := words{what: "A program that the command calls is not there: " + show.Name(name)}
	if slices.Contains(nodeItself, name) && !f.Node {
		w.why = f.evidence() + "\n\nThe build has no Node.js: nothing in the app asks for it."
		w.fix = "Ask for it:\n    pack build … --env BP_NODE_VERSION=24"
		return w
	}
	why, fix := f.Owner(name)
	w.why, w.fix = f.evidence()+"\n\n"+why, fix
	return w
}

// Owner is which package.json has the program, and what to do so that the build has it.
func (a App) Owner(program string) (why, fix string) {
	names := manager.Providers(program)
	for _, n := range a.Packages {
		for _, group := range []struct {
			name string
			has  []string
		}{{"dependencies", n.Dependencies}, {"devDependencies", n.DevDependencies}} {
			i := slices.IndexFunc(names, func(name string) bool { return slices.Contains(group.has, name) })
			if i < 0 {
				continue
			}
			why = fmt.Sprintf("%s is in %s of %s", names[i], group.name, show.Name(n.Path("package.json")))
			switch {
			case !slices.Contains(a.Installed, n.Dir):
				return why + ", which the build does not install.", "Say that this folder is a front end of the app:\n    pack build … --env BP_NODE_PROJECT_PATH=" + show.Word(n.Dir)
			case a.Production && group.name == "devDependencies":
				return why + ", and NPM_CONFIG_PRODUCTION=true leaves these out.", "Leave that variable out; devDependencies do not reach the image:\n    pack build … --env NPM_CONFIG_PRODUCTION=false"
			}
			return why + ", and that is installed.", fmt.Sprintf("See whether this version of it still has the program %s:\n    ls %s", show.Name(program), show.Path(path.Join(n.Dir, "node_modules", ".bin")))
		}
	}
	why = "No package.json of the app has it."
	if len(a.Packages) == 0 {
		why = "The app has no package.json."
	}
	return why, "If a package of Node.js has it, add that, and commit package.json and its lock:\n    " + a.Add + " " + show.Word(names[0]) + "\nIf not, it must be in the build image."
}
