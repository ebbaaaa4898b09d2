package devenv

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// fillUV takes uv and uvx out of uv's wheel.
func (e *Env) fillUV(ctx context.Context, a archive, dir string) error {
	work, err := os.MkdirTemp(e.Home, ".wheel-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := e.need(ctx, "python3", "python3-pip"); err != nil {
		return err
	}
	if e.run(ctx, "", "python3", "-m", "pip", "--version") != nil {
		if err := e.aptInstall(ctx, "python3-pip"); err != nil {
			return err
		}
	}
	argv := []string{"python3", "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest", work, "uv==" + a.source}
	if err := e.run(ctx, work, argv...); err != nil {
		return err
	}
	wheels, err := filepath.Glob(filepath.Join(work, "uv-*.whl"))
	if err != nil {
		return err
	}
	if len(wheels) != 1 {
		return fmt.Errorf("pip download made %d wheels", len(wheels))
	}
	return unpackScripts(wheels[0], dir)
}

// unpackScripts writes the programs of a wheel into dir.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/
func unpackScripts(wheel, dir string) error {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, file := range archive.File {
		if !strings.HasSuffix(path.Dir(file.Name), ".data/scripts") {
			continue
		}
		in, err := file.Open()
		if err != nil {
			return err
		}
		err = writeFile(in, filepath.Join(dir, path.Base(file.Name)), 0o755)
		in.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
