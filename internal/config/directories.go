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
