# What the targets make is kept below $TANDEM_HOME (default: tandem in the user's cache folder).
# TANDEM_BUILDER names a builder to use; "own" makes one from Debian packages even where a container registry answers.
# TANDEM_TEST_HEROKU_BUILDER=heroku/builder:26 and TANDEM_TEST_PAKETO_BUILDER=paketobuildpacks/builder-jammy-base have test-platforms build
# with the real buildpacks.
# go.mod names a Go without known vulnerabilities; an older one of the machine gets it. GOTOOLCHAIN=local keeps that from happening.
export GOTOOLCHAIN ?= auto
APP ?= examples/vite
IMAGE ?=
OFFLINE ?=
PACK_FLAGS ?=
CASE ?= all
ROUNDS ?= 3
SIZE ?= 1
TARGET ?= engine
LINE ?= fast
BASE ?=
TAG ?=
dev := go -C integration run ./dev

.PHONY: help demo explain image dist package test lint fuzz mutants test-platforms test-kpack bench digests pictures stop clean
.PHONY: release-check release-files release-image release-verify release-start release-notes release-sign release-upload release-dry

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' Makefile

demo: ## Build APP (default examples/vite), start it and print its address
	@$(dev) demo $(APP) $(PACK_FLAGS)

explain: ## Say what a build of APP would do, without Docker and without doing it; FLAGS="--format json --env A=b"
	@go run ./cmd/tandem explain $(FLAGS) $(APP)

image: ## Build IMAGE from APP; PACK_FLAGS="--env A=b" goes to pack
	@$(dev) image $(APP) $(or $(IMAGE),$(error say IMAGE=name)) $(PACK_FLAGS)

dist: ## The buildpack's folders for both processors, in dist
	@$(dev) dist

package: ## Buildpackages for both processors in dist, or IMAGE and IMAGE-meta in a registry; OFFLINE=python@3.13,node@24 carries these
	@$(dev) package "$(OFFLINE)" $(IMAGE)

test: ## All tests but those of the platforms
	@scripts/test.sh

lint: ## Static checks, and known vulnerabilities of what the programs call
	@scripts/lint.sh

fuzz: ## 9,000 random app directories, random archives, and the two sides of a build 50 times with the race detector
	@scripts/fuzz.sh

mutants: ## Change each condition of the packages that decide, and count the changes that no unit test notices, in about 2 hours; PACKAGES=internal/plan
	@PACKAGES="$(PACKAGES)" scripts/mutants.sh

test-platforms: ## What docs/platforms says, but for kpack: the phases one by one, registries, rootless engines, Heroku's and Paketo's builders, behind other buildpacks, a release
	@go -C integration vet -tags platforms .
	@TANDEM_TEST_QUIET=1 go -C integration test -tags platforms -run '^(TestPipelines|TestRootless|TestHerokuBuilder|TestPaketoBuilder|TestBehindOthers|TestComposites|TestHosts|TestRelease)' -v -count 1 -timeout 30m -parallel $$(($$(getconf _NPROCESSORS_ONLN) + 1)) .

test-kpack: ## What docs/platforms/kpack.md says, in a Kubernetes with kpack; both are built from source the first time, in about 10 minutes
	@go -C integration vet -tags kpack .
	@go -C integration test -tags kpack -run '^TestKpack$$' -v -count 1 -timeout 60m .

bench: APP = examples/large
bench: ## Measure builds of APP (default examples/large) by Tandem and by others; CASE=view and ROUNDS=1 measure less, SIZE=3 and SIZE=third other sizes, TARGET=registry publishes, LINE=slow delays downloads, BASE=DIR compares with the buildpack of another checkout
	@TANDEM_BUILDER=own $(dev) ready
	@scripts/docker-in-memory.sh $(dev) bench $(APP) $(CASE) $(ROUNDS) $(SIZE) $(TARGET) $(LINE) $(BASE)

digests: ## Build every example with the buildpack of the checkout BASE and with this one, and name the layers that differ
	@$(dev) digests $(or $(BASE),$(error say BASE=DIR))

pictures: ## Draw the pictures of the documentation from what is recorded in docs/pictures
	@$(dev) pictures

release-check: ## Compare what names the version: TAG, buildpack.toml, the changelog, the composites, the docs
	@$(dev) release check "$(TAG)" "$(IMAGE)"

release-files: ## The files of a release in dist/release: tandem for all systems, .cnb files, bills of materials, checksums
	@$(dev) release files "$(TAG)" "$(IMAGE)"

release-image: ## Push the index of both images as IMAGE, under the tags of the version
	@$(dev) release image "$(TAG)" "$(IMAGE)"

release-verify: ## Compare IMAGE in the registry and the files with what a release must be
	@$(dev) release verify "$(TAG)" "$(IMAGE)"

release-notes: ## The changelog's section of the version in dist/release/notes.md
	@$(dev) release notes "$(TAG)" "$(IMAGE)"

release-start: ## Do what README's quick start says with IMAGE of the registry; TANDEM_BUILDER names another builder
	@$(dev) release start "$(TAG)" "$(IMAGE)"

release-sign: ## Sign IMAGE, the checksums and the bills of materials with the identity of the workflow, and verify that
	@$(dev) release sign "$(TAG)" "$(IMAGE)"

release-upload: ## Create the release of TAG with its files
	@gh release create "$(TAG)" --verify-tag --title "$(TAG)" --notes-file dist/release/notes.md dist/release/tandem-* dist/release/SHA256SUMS*

release-dry: ## All of a release that needs no credentials, with a registry on this machine and a key of its own
	@$(dev) release dry "" ""

stop: ## End what demos started
	@$(dev) stop

clean: ## Stop, and remove dist and everything that is kept between runs
	@$(dev) clean
