package node

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha1" //nolint:gosec // package.json may have one; it is then the user's choice
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// packTool downloads the package of the manager and compares it with the checksum in package.json.
func (j job) packTool(ctx context.Context, step plan.Step, env run.Env, out io.Writer) error {
	if err := errors.Join(tree.Remove(step.In), os.Mkdir(step.In, 0o755)); err != nil {
		return err
	}
	if _, err := j.in.Start(ctx, step, steps.Call{Env: env, Out: out}); err != nil {
		return j.in.Explained(err, step)
	}
	packages, err := filepath.Glob(filepath.Join(tree.Literal(step.In), "*.tgz"))
	if err == nil && len(packages) != 1 {
		err = fmt.Errorf("it created %d packages", len(packages))
	}
	if err != nil {
		return fmt.Errorf("npm pack %s: %w", j.project.ManagerData().Name, err)
	}
	if err := checkTool(packages[0], j.project); err != nil {
		return err
	}
	return os.Rename(packages[0], step.Output)
}

// checkTool compares what corepack compares: the one file of Yarn 2 and later, otherwise the downloaded package. The
// error is the user's if the checksum is another one, or of a function that is not known.
// https://nodejs.org/api/packages.html#packagemanager
func checkTool(archive string, project plan.Project) error {
	function, want, _ := strings.Cut(project.Tool.Hash, ".")
	name, version := project.ManagerData().Name, project.Tool.Version
	sum := algorithm(function)
	if sum == nil {
		return checksumError(project, fail.Error{
			What: "The checksum of " + name + " is not understood",
			Why: fmt.Sprintf("%s ends with +%s; known are sha1, sha224, sha256, sha384 and sha512.",
				version.Source, show.Value(project.Tool.Hash)),
			Fix: fail.Fix{fail.Say{Text: "Correct or remove it:"}},
		})
	}
	if err := hashTool(sum, archive, project.ManagerData().Program.Hashed); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != strings.ToLower(want) {
		return checksumError(project, fail.Error{
			What: fmt.Sprintf("%s %s is not the one that package.json means", name, show.Value(version.Want)),
			Why: fmt.Sprintf("%s has the checksum\n    %s\nand what the registry gives has\n    %s",
				version.Source, want, got),
			Fix: fail.Fix{
				fail.Say{Text: "Find out why they differ before you go on. If you trust the registry, correct " +
					"or remove the checksum:"},
			},
		})
	}
	return nil
}

// checksumError completes an error with the command that writes packageManager without a checksum.
func checksumError(project plan.Project, e fail.Error) error {
	field := "packageManager=" + project.ManagerData().Name + "@" + project.Tool.Version.Want
	e.ID, e.Fix = "node/manager-checksum", append(e.Fix, fail.Run{Command: "npm pkg set " + show.Word(field)})
	return &e
}

// algorithm returns the hash function of a name in package.json, or nil.
func algorithm(name string) hash.Hash {
	switch name {
	case "sha1":
		return sha1.New() //nolint:gosec // see above
	case "sha224":
		return sha256.New224()
	case "sha256":
		return sha256.New()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	}
	return nil
}

// hashTool hashes an archive, or one file in it; all of the archive if file is empty.
func hashTool(sum io.Writer, archive, file string) error {
	in, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer in.Close()
	if file == "" {
		_, err := io.Copy(sum, in)
		return err
	}
	unzipped, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	entries := tar.NewReader(unzipped)
	for {
		h, err := entries.Next()
		if err != nil {
			return fmt.Errorf("find %s in %s: %w", file, archive, err)
		}
		if _, name, _ := strings.Cut(h.Name, "/"); name == file { // the top directory may have any name
			_, err := io.Copy(sum, entries) //nolint:gosec // it is only hashed
			return err
		}
	}
}
