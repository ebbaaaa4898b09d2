package devenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// herokuBases have what Heroku's base images say of themselves: labels, users, environment. What they hold is Debian's, and less of it: the
// build image has no package manager. The build's user and the containers' are two, of one group.
// https://github.com/heroku/base-images/tree/main/heroku-24-build
var herokuBases = []struct{ name, from, text string }{
	{"tandem/heroku-run:24", runImage, `
RUN sed -i '/^cnb:/d' /etc/passwd && sed -i 's/^cnb:/heroku:/' /etc/group && \
    echo 'heroku:x:1001:1000::/home/heroku:/bin/bash' >>/etc/passwd && \
    rm -rf /home/cnb && mkdir -p /home/heroku && chown 1001:1000 /home/heroku && rm -f /usr/bin/apt* /usr/bin/dpkg*
USER 1001
ENV CNB_USER_ID= CNB_GROUP_ID= CNB_STACK_ID=
`},
	{"tandem/heroku-build:24", buildImage, `
RUN sed -i '/^cnb:/d' /etc/passwd && sed -i 's/^cnb:/heroku:/' /etc/group && \
    echo 'heroku:x:1001:1000::/home/heroku:/bin/bash' >>/etc/passwd && \
    echo 'heroku-build:x:1002:1000::/home/heroku-build:/bin/bash' >>/etc/passwd && \
    rm -rf /home/cnb && mkdir -p /home/heroku-build && chown 1002:1000 /home/heroku-build && rm -f /usr/bin/apt* /usr/bin/dpkg*
USER 1002
ENV CNB_USER_ID=1002 CNB_GROUP_ID=1000 CNB_STACK_ID=heroku-24
`},
}

const herokuLabels = `LABEL io.buildpacks.base.distro.name=ubuntu io.buildpacks.base.distro.version=24.04 \
    io.buildpacks.base.maintainer=Heroku io.buildpacks.stack.id=heroku-24
`

// HerokuBuilder makes a builder like Heroku's of stand-ins for Heroku's buildpacks, and returns its name.
func (e *Env) HerokuBuilder(ctx context.Context, others ...string) (string, error) {
	if err := e.Engine(ctx); err != nil {
		return "", err
	}
	if err := e.BaseImages(ctx); err != nil {
		return "", err
	}
	for _, base := range herokuBases {
		text := "FROM " + base.from + "\nUSER root\n" + herokuLabels + base.text
		if err := e.dockerfile(ctx, base.name, text); err != nil {
			return "", err
		}
	}
	const builder = "tandem/heroku-builder:24"
	return builder, e.BuilderOf(ctx, builder, Bases{herokuBases[1].name, herokuBases[0].name}, others...)
}

// PaketoBuilder makes a builder of stand-ins for Paketo's buildpacks, and returns its name.
func (e *Env) PaketoBuilder(ctx context.Context, others ...string) (string, error) {
	const builder = "tandem/paketo-builder"
	return builder, e.BuilderOf(ctx, builder, Bases{buildImage, runImage}, others...)
}

// BuilderOf makes a builder with buildpacks, each a folder, and none of ours.
func (e *Env) BuilderOf(ctx context.Context, builder string, on Bases, folders ...string) error {
	if err := e.BaseImages(ctx); err != nil {
		return err
	}
	lifecycle, err := e.LifecycleArchive(ctx)
	if err != nil {
		return err
	}
	id, _, err := identity(folders[0])
	if err != nil {
		return err
	}
	return e.packBuilder(ctx, builder, builderTOML(id, lifecycle, on, folders...))
}

// dockerfile makes an image that needs nothing but its base.
func (e *Env) dockerfile(ctx context.Context, image, text string) error {
	dir, err := os.MkdirTemp(e.Home, ".image-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o644); err != nil {
		return err
	}
	if err := e.run(ctx, dir, "docker", "build", "--quiet", "--tag", image, dir); err != nil {
		return fmt.Errorf("make %s: %w", image, err)
	}
	return nil
}
