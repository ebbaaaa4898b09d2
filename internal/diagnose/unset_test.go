package diagnose

import "testing"

func TestUnsetVariables(t *testing.T) {
	x := UnsetVariables([]Unset{
		{"API_HOST", "shop/settings.py", `API = os.environ["API_HOST"]`, 4},
		{"DATABASE_URL", "shop/base.py", `DATABASES = {"default": env.db()}`, 12},
	})
	const want = "API_HOST, DATABASE_URL are not set, and the settings need them\n\nshop/settings.py, line 4:\n" +
		"    API = os.environ[\"API_HOST\"]\nshop/base.py, line 12:\n    DATABASES = {\"default\": env.db()}\n\n" +
		"Set a value for the build. Any will do with which the settings load:\n" +
		"    [[io.buildpacks.build.env]]  # in project.toml\n    name = \"API_HOST\"\n    value = \"localhost\"\n" +
		"    [[io.buildpacks.build.env]]\n    name = \"DATABASE_URL\"\n    value = \"sqlite://:memory:\"\n\n" +
		"(django/variable-unset)"
	if got := x.Error().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNoStaticRoot(t *testing.T) {
	x := NoStaticRoot("shop/settings.py", `"django.contrib.staticfiles",`, 12)
	const want = "STATIC_ROOT is not set, so collectstatic has no directory to write to\n\nshop/settings.py, line 12:\n" +
		"    \"django.contrib.staticfiles\",\n\nAdd it to the settings:\n" +
		"    STATIC_ROOT = BASE_DIR / \"staticfiles\"\n\n" +
		"(django/static-root-unset)"
	if got := x.Error().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
