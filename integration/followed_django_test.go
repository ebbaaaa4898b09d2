package integration

import (
	"strings"
	"testing"
)

// withMore is site's settings with more lines.
func withMore(lines string) map[string]string {
	return map[string]string{"mysite/settings.py": site("", nil)["mysite/settings.py"] + lines}
}

// changed is site's settings with old lines replaced.
func changed(old, lines string) map[string]string {
	return map[string]string{"mysite/settings.py": strings.Replace(site("", nil)["mysite/settings.py"], old, lines, 1)}
}

var variableSite = site("", map[string]string{
	"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\ndjango-environ==0.12.0\npython-decouple==3.8\n" +
		"pydantic-settings==2.9.1\nenvirons==14.1.1\ndj-database-url==2.3.0\n"})

const ownKey = `SECRET_KEY = os.environ["SECRET_KEY"]`

// Each way to read variables, and each way to give them.
var variableRows = []followed{
	{name: "os.environ", files: withMore("API_HOST = os.environ[\"API_HOST\"]\nWORKERS = 1\n"),
		says: []string{"API_HOST is not set", "[django/variable-unset]"}, fix: []act{given("API_HOST=")}},
	{name: "os.environ, as a number", files: withMore("API_LIMIT = int(os.environ[\"API_LIMIT\"])\n"),
		says: []string{"API_LIMIT is not set"}, fix: []act{given("API_LIMIT=1")}},
	{name: "django-environ", files: withMore("import environ\nDATABASES = {\"default\": environ.Env().db()}\n"),
		says: []string{"DATABASE_URL is not set"}, fix: []act{inProject}},
	{name: "django-environ, as a truth value",
		files: withMore("import environ\nMAIL = environ.Env().bool(\"MAIL_ON\")\n"),
		says:  []string{"MAIL_ON is not set"}, fix: []act{inKpack}},
	{name: "decouple", files: withMore("from decouple import config\nMAIL_HOST = config(\"MAIL_HOST\")\n"),
		says: []string{"MAIL_HOST is not set"}, fix: []act{inKpack}},
	{name: "pydantic-settings",
		files: withMore("from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Env(BaseSettings):\n" +
			"    model_config = SettingsConfigDict(env_prefix=\"SHOP_\")\n    database_url: str\n" +
			"    redis_host: str\nENV = Env()\n"),
		says: []string{"SHOP_DATABASE_URL, SHOP_REDIS_HOST are not set"},
		fix:  []act{given("SHOP_DATABASE_URL=")}},
	{name: "environs", files: withMore("from environs import env\nSHOP_PORT = env.int(\"SHOP_PORT\")\n"),
		says: []string{"SHOP_PORT is not set"}, fix: []act{inProject}},
	{name: "dj-database-url",
		files: withMore("import dj_database_url\nDATABASES = {\"default\": " +
			"dj_database_url.parse(os.environ.get(\"DATABASE_URL\"))}\n"), says: []string{"DATABASE_URL is not set"},
		fix: []act{bound(map[string]string{"DATABASE_URL": "sqlite://:memory:"})}},
	{name: "SECRET_KEY by another name, without a placeholder",
		files: changed(ownKey, `SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]`),
		env:   map[string]string{"BP_DJANGO_SECRET_KEY_PLACEHOLDER": "false"},
		says:  []string{"DJANGO_SECRET_KEY is not set"},
		fix:   []act{bound(map[string]string{"DJANGO_SECRET_KEY": "secret"})}},
	{name: "an empty SECRET_KEY, without a placeholder",
		files: merged(shop("", "        from django.conf import settings\n        settings.SECRET_KEY\n"),
			map[string]string{"mysite/settings.py": strings.Replace(shop("", "")["mysite/settings.py"], ownKey,
				`SECRET_KEY = os.environ.get("SECRET_KEY", "")`, 1)}),
		env:  map[string]string{"BP_DJANGO_SECRET_KEY_PLACEHOLDER": "false"},
		says: []string{"[django/secret-key-empty]"}, fix: []act{given("SECRET_KEY=")}},
}

func TestWhoFollowsTheErrorsGetsAGreenBuildVariables(t *testing.T) {
	follow(t, variableSite, variableRows)
}

// With the placeholder nothing has to be followed, whatever name the settings read.
func TestASecretKeyByAnotherNameHasAPlaceholder(t *testing.T) {
	t.Parallel()
	buildSmall(t,
		[]small{{name: "DJANGO_SECRET_KEY",
			files: site("", changed(ownKey, `SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]`)),
			log:   []string{"DJANGO_SECRET_KEY: not set, so the app's steps get a random placeholder"}}})
}

// shop is an app of the project that runs code when it is loaded.
func shop(settings, code string) map[string]string {
	return merged(withMore("INSTALLED_APPS += [\"shop.apps.Shop\"]\n"+
		"DATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.sqlite3\", \"NAME\": \":memory:\"}}\n"+settings),
		map[string]string{"shop/__init__.py": "",
			"shop/apps.py": "import subprocess\nimport sys\nfrom django.apps import AppConfig\n" +
				"from django.db import connection\nclass Shop(AppConfig):\n    name = \"shop\"\n    def ready(self):\n" + code})
}

const (
	hashed = "STORAGES = {\"default\": {\"BACKEND\": \"django.core.files.storage.FileSystemStorage\"}, " +
		"\"staticfiles\": {\"BACKEND\": \"django.contrib.staticfiles.storage.ManifestStaticFilesStorage\"}}\n"
	ownBackend = "\"BACKEND\": \"mysite.storage.StaticStorage\""
	ownStorage = "from django.contrib.staticfiles.storage import ManifestStaticFilesStorage\n" +
		"class StaticStorage(ManifestStaticFilesStorage):\n    def hashed_name(self, name, *args, **options):\n" +
		"        try: return super().hashed_name(name, *args, **options)\n        except ValueError: return name"
	ownRoot    = "STATIC_ROOT = BASE_DIR / \"staticfiles\""
	whiteNoise = "STORAGES = {\"default\": {\"BACKEND\": \"django.core.files.storage.FileSystemStorage\"}, " +
		"\"staticfiles\": {\"BACKEND\": \"whitenoise.storage.CompressedManifestStaticFilesStorage\"}}"
)

var djangoSite = site("", map[string]string{"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\nwhitenoise==6.9.0\n"})

var djangoRows = []followed{
	{name: "no STATIC_ROOT, with DEBUG_COLLECTSTATIC", files: changed(ownRoot, ""),
		env: map[string]string{"DEBUG_COLLECTSTATIC": "1"}, says: []string{"[django/static-root-unset]"},
		fix: []act{appended("mysite/settings.py", ownRoot)},
		log: []string{"DEBUG_COLLECTSTATIC is set. The variables that it sees: "}},
	{name: "no such settings", env: map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.production"},
		says: []string{"[django/settings-module]"}, fix: []act{given("DJANGO_SETTINGS_MODULE=mysite.settings")}},
	{name: "settings that nothing names",
		files: map[string]string{"manage.py": "import sys\nfrom django.core.management import " +
			"execute_from_command_line\nexecute_from_command_line(sys.argv)\n"},
		says: []string{"No settings module is named"},
		fix:  []act{given("DJANGO_SETTINGS_MODULE=mysite.settings")}},
	{name: "the same, in manage.py",
		files: map[string]string{"manage.py": "import os\nimport sys\nfrom django.core.management import " +
			"execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n"},
		says: []string{"No settings module is named"},
		fix: []act{replaced("manage.py", "\n\n",
			"\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\n")}},
	{name: "an import", files: withMore("from django.utils.encoding import force_text\n"),
		says: []string{"[django/import]"},
		fix: []act{replaced("mysite/settings.py", "from django.utils.encoding import force_text",
			"from django.utils.encoding import force_str as force_text")}},
	{name: "a package that is not installed", files: withMore("import yaml\n"),
		says: []string{"[django/module-missing]"}, fix: []act{appended("requirements.txt", "PyYAML")}},
	{name: "a module that was not committed", files: withMore("from .local import *\n"),
		says: []string{"[django/app-module-missing]"},
		fix: []act{replaced("mysite/settings.py", "from .local import *",
			"try:\n    from .local import *\nexcept ModuleNotFoundError:\n    pass")}},
	{name: "syntax", files: withMore("A = (1\n"), says: []string{"[django/syntax]"},
		fix: []act{corrected("Correct it", "mysite/settings.py", "(1", "1")}},
	{name: "a database while apps are loaded",
		files: shop("", "        connection.cursor().execute(\"select * from item\")\n"),
		says:  []string{"[django/database]", "shop/apps.py, line 8"},
		fix: []act{corrected("if \"collectstatic\" not in sys.argv:", "shop/apps.py", "        connection",
			"        if \"collectstatic\" not in sys.argv:\n            connection")}},
	{name: "the file of a stylesheet",
		files: merged(withMore(hashed), map[string]string{"static/site.css": "a { background: url(img/back.png) }"}),
		says:  []string{"[django/static-reference]", "img/back.png"},
		fix:   []act{corrected("add the file", "static/img/back.png", "", "PNG")}},
	{name: "the same, of a package",
		files: merged(withMore(hashed), map[string]string{"static/site.css": "a { background: url(img/back.png) }"}),
		says:  []string{"[django/static-reference]"},
		fix: []act{appended("mysite/storage.py", ownStorage),
			replaced("mysite/settings.py",
				"\"BACKEND\": \"django.contrib.staticfiles.storage.ManifestStaticFilesStorage\"", ownBackend)}},
	{name: "a source map",
		files: merged(withMore(hashed), map[string]string{"static/a.js": "let a\n//# sourceMappingURL=a.js.map\n"}),
		says:  []string{"[django/static-reference]", "a.js.map"},
		fix: []act{corrected("remove the line sourceMappingURL=a.js.map", "static/a.js",
			"//# sourceMappingURL=a.js.map\n", "")}},
	{name: "a target that may not be written", files: changed(ownRoot, "STATIC_ROOT = \"/usr/static\""),
		says: []string{"[django/target]"},
		fix:  []act{replaced("mysite/settings.py", "STATIC_ROOT = \"/usr/static\"", ownRoot)}},
	{name: "a file and a folder of one name",
		files: merged(changed("[BASE_DIR / \"static\"]", "[BASE_DIR / \"static\", BASE_DIR / \"more\"]"),
			map[string]string{"static/img": "a", "more/img/b.png": "b"}), says: []string{"[django/target]"},
		fix: []act{corrected("use this name", "more/img2/b.png", "", "b"),
			removed("use this name", "more/img/b.png")}},
	{name: "a storage that there is not",
		files: withMore(strings.Replace(hashed, "django.contrib.staticfiles.storage.Manifest",
			"whitenoise.storage.NoSuch", 1)), says: []string{"[django/storage]"},
		fix: []act{appended("mysite/settings.py", whiteNoise)}},
	{name: "a check", files: changed("STATICFILES_DIRS = [BASE_DIR / \"static\"]", "STATICFILES_DIRS = \"static\""),
		says: []string{"[django/check]"},
		fix:  []act{appended("mysite/settings.py", "STATICFILES_DIRS = [BASE_DIR / \"static\"]")}},
	{name: "something else", files: shop("", "        sys.exit(\"no\")\n"), says: []string{"[step/collectstatic]"},
		fix: []act{given("DISABLE_COLLECTSTATIC=1")}},
}

func TestWhoFollowsTheErrorsGetsAGreenBuildDjango(t *testing.T) { follow(t, djangoSite, djangoRows) }
