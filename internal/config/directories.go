package config

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Projects is the value of BP_NODE_PROJECT_PATH. The zero Projects is not set.
type Projects struct {
	Dirs []string // relative to the app's root, which is "."
	All  bool     // every directory that may be a front end
	None bool     // not even a directory with a build script
}

// projects reads directories that commas separate, or one of the words all and none. A directory of that name is
// written as "./all".
func projects(lookup func(string) (string, bool)) (out Projects, err error) {
	switch text(lookup, NodeProjectPath) {
	case "all":
		return Projects{All: true}, nil
	case "none":
		return Projects{None: true}, nil
	}
	out.Dirs, err = directories(lookup, NodeProjectPath)
	return out, err
}

// directories returns a list of directories that commas separate.
func directories(lookup func(string) (string, bool), name string) (all []string, err error) {
	for _, entry := range list(lookup, name) {
		folder := path.Clean(strings.TrimSuffix(entry, "/package.json"))
		if !fs.ValidPath(folder) || strings.ContainsRune(folder, 0) {
			return nil, valueError(name+" names a directory that is not in the app",
				fmt.Sprintf("It is %s. Allowed values: directories of the app, relative to its root.",
					show.Quoted(text(lookup, name))),
				fail.Say{Text: "Write the directory relative to the app's root:"},
				fail.Set{Name: name, Value: "frontend"})
		}
		if !slices.Contains(all, folder) {
			all = append(all, folder)
		}
	}
	return all, nil
}

// directory returns the one directory that a variable names, or "".
func directory(lookup func(string) (string, bool), name string) (string, error) {
	all, err := directories(lookup, name)
	if err != nil || len(all) == 0 {
		return "", err
	}
	if len(all) > 1 {
		return "", valueError(name+" names more than one directory",
			fmt.Sprintf("It is %s. The app has one Python project.", show.Quoted(text(lookup, name))),
			fail.Say{Text: "Write one directory, relative to the app's root:"}, fail.Set{Name: name, Value: all[0]})
	}
	return all[0], nil
}
