package settings

import (
	"fmt"
	"testing"
)

func TestStaticRootThatIsNotSet(t *testing.T) {
	const apps = "INSTALLED_APPS = [\n    'django.contrib.staticfiles',\n    'django.contrib.admin',\n]\n"
	const only = "INSTALLED_APPS = ['django.contrib.staticfiles', %s]\n"
	const local = "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n"
	for source, want := range map[string]string{
		apps + "# STATIC_ROOT = 'x'\n": "shop/settings.py:2 'django.contrib.staticfiles',",
		apps + local:                   "shop/settings.py:2 'django.contrib.staticfiles',",
		"from .base import *\n": "shop/base.py:1 INSTALLED_APPS = " +
			"['django.contrib.staticfiles', 'cart']",
		fmt.Sprintf(only,
			"'cart.apps.Cart'"): "shop/settings.py:1 INSTALLED_APPS = ['django.contrib.staticfiles', 'cart.apps.Cart']",
		fmt.Sprintf(only, "") +
			"STATICFILES_DIRS = ['a']\n": "shop/settings.py:1 INSTALLED_APPS = ['django.contrib.staticfiles', ]",
		fmt.Sprintf(only, "'django.contrib.auth', 'shop', '../x'"): ":0 ",
		apps + "STATIC_ROOT = 'x'\n":                               ":0 ",
		apps + "if X:\n  STATIC_ROOT = 'x'\n":                      ":0 ",
		apps + "from .paths import STATIC_ROOT\n":                  ":0 ",
		apps + "from .local import *\n":                            ":0 ",
		apps + "from company.settings import *\n":                  ":0 ",
		apps + "django_heroku.settings(locals())\n":                ":0 ",
		apps + "STORAGES = {'staticfiles': s3}\n":                  ":0 ",
		apps + "STATICFILES_STORAGE = 'shop.CdnStorage'\n":         ":0 ",
		apps + "AWS_STORAGE_BUCKET_NAME = 'shop'\n":                ":0 ",
		apps + ")":              ":0 ",
		"INSTALLED_APPS = []\n": ":0 ",
		"from .base import *\nfrom .static import *\n": ":0 ",
	} {
		at := staticOf(source, "shop/base.py", "INSTALLED_APPS = ['django.contrib.staticfiles', 'cart']\n",
			"shop/static.py", "STATIC_ROOT = 'x'\n", "cart/static/a.css", "").NoStaticRoot
		if got := fmt.Sprintf("%s:%d %s", at.File, at.Line, at.Code); got != want {
			t.Errorf("%q: got %s, want %s", source, got, want)
		}
	}
}
