"""Import a Django app's settings the way manage.py does, without running a command, and print what the build needs as JSON."""
import importlib.util
import json
import os
import runpy
import sys

import django.core.management

django.core.management.execute_from_command_line = lambda argv=None: None  # django-configurations gives on this very function

manage = sys.argv[1]
sys.argv = [manage, "collectstatic"]
sys.path[0] = os.path.dirname(os.path.realpath(manage))
stdout, sys.stdout = sys.stdout, sys.stderr  # what settings print is for the log
asked = []  # names of variables that were looked for and not found


def recorded(lookup):
    def getitem(self, name):
        try:
            return lookup(self, name)
        except KeyError:
            asked.append(name)
            raise

    return getitem


type(os.environ).__getitem__ = recorded(type(os.environ).__getitem__)


def say(facts):
    print(json.dumps(facts, default=str), file=stdout)


def tried(read, otherwise):
    """What is only for advice must not cost the rest, whatever somebody's settings look like."""
    try:
        return read()
    except Exception:
        return otherwise


def fields(error):
    """The variables behind the fields that pydantic-settings misses: its message leaves out their prefix."""
    from pydantic_settings import BaseSettings

    classes, names = [BaseSettings], []
    for c in classes:
        classes += c.__subclasses__()
    prefix = next((c.model_config.get("env_prefix") or "" for c in classes if c.__name__ == error.title), "")
    for e in error.errors():
        if e["type"] == "missing" and len(e["loc"]) == 1:
            name = str(e["loc"][0])
            names.append(name if name.isupper() else (prefix + name).upper())  # in capitals it is an alias, without the prefix
    return names


try:
    runpy.run_path(manage, run_name="__main__")
    from django.conf import settings

    settings.INSTALLED_APPS
except Exception as error:
    if type(error).__module__.startswith("pydantic_core"):
        say({"Missing": tried(lambda: fields(error), [])})
    elif "SECRET_KEY setting must not be empty" in str(error):  # until Django 3.1 it ends the import; later it is the use of the key that ends
        say({"KeyNames": sorted(set(asked))})
    raise


def storage():
    """The class that keeps static files. Django has STORAGES since 4.2; one that cannot be imported fails in collectstatic."""
    from django.utils.module_loading import import_string

    name = getattr(settings, "STORAGES", {}).get("staticfiles", {}).get("BACKEND") or getattr(settings, "STATICFILES_STORAGE", "")
    try:
        return import_string(name)
    except Exception:
        return object


def secret_names():
    """Where SECRET_KEY is empty, the variables that it may have been looked for in."""
    try:
        settings.SECRET_KEY
    except Exception:
        return sorted(set(asked))
    return []


def key_names():
    """The variables from which SECRET_KEY comes. A build sets a long random one if there is none."""
    key = settings.SECRET_KEY
    return sorted(name for name, value in os.environ.items() if key and value == key)


def in_static(*parts):
    return os.path.join(settings.STATIC_ROOT or "", *(str(p).lstrip("/") for p in parts))


def manifests(backend):
    """Files that pages look their assets up in: the package that does, the setting that says where, and the file."""
    apps, get = [a.split(".")[0] for a in settings.INSTALLED_APPS], lambda name, default=None: getattr(settings, name, default)
    if "django_vite" in apps:
        legacy = {
            "dev_mode": get("DJANGO_VITE_DEV_MODE", False),
            "manifest_path": get("DJANGO_VITE_MANIFEST_PATH"),
            "static_url_prefix": get("DJANGO_VITE_STATIC_URL_PREFIX", ""),
        }
        for name, config in get("DJANGO_VITE", {"default": legacy}).items():
            path = config.get("manifest_path") or in_static(config.get("static_url_prefix") or "", "manifest.json")
            if not config.get("dev_mode"):
                yield "django-vite", 'DJANGO_VITE["%s"]["manifest_path"]' % name, path
    if "webpack_loader" in apps:
        for name, config in get("WEBPACK_LOADER", {"DEFAULT": {}}).items():
            yield "django-webpack-loader", 'WEBPACK_LOADER["%s"]["STATS_FILE"]' % name, config.get("STATS_FILE", "webpack-stats.json")
    if "compressor" in apps and get("COMPRESS_OFFLINE") and get("COMPRESS_ENABLED", not settings.DEBUG):
        root, folder = get("COMPRESS_ROOT") or settings.STATIC_ROOT or "", get("COMPRESS_OUTPUT_DIR", "CACHE")
        yield "django-compressor", "COMPRESS_OFFLINE", os.path.join(root, folder, get("COMPRESS_OFFLINE_MANIFEST", "manifest.json"))
    if "django_tailwind_cli" in apps and settings.STATICFILES_DIRS and not get("TAILWIND_CLI_CSS_MAP"):
        first = settings.STATICFILES_DIRS[0]  # where it writes: https://django-tailwind-cli.readthedocs.io/en/latest/settings/
        path = get("TAILWIND_CLI_DIST_CSS", "css/tailwind.css")
        yield "django-tailwind-cli", "TAILWIND_CLI_DIST_CSS", os.path.join(str(first[1] if isinstance(first, (list, tuple)) else first), path)
    pipeline = get("PIPELINE", {})
    if "pipeline" in apps and pipeline.get("PIPELINE_ENABLED", not settings.DEBUG):
        for kind in ("STYLESHEETS", "JAVASCRIPT"):
            for name, package in pipeline.get(kind, {}).items():
                yield "django-pipeline", 'PIPELINE["%s"]["%s"]' % (kind, name), in_static(package.get("output_filename", ""))
    if getattr(backend, "manifest_name", None) and settings.STATIC_ROOT:
        yield backend.__name__, 'STORAGES["staticfiles"]', in_static(backend.manifest_name)


SERVERS = ["whitenoise", "servestatic", "blacknoise", "dj_static", "static_serve", "django.views.static"]


def server():
    """What of the app serves the static files itself, as far as settings, addresses and entry points show."""
    if "//" in str(settings.STATIC_URL):
        return "STATIC_URL"
    texts = {"MIDDLEWARE": " ".join(settings.MIDDLEWARE or [])}
    package = os.environ.get("DJANGO_SETTINGS_MODULE", "").split(".")[0]
    entries = [getattr(settings, name, None) or "" for name in ("WSGI_APPLICATION", "ASGI_APPLICATION")]
    for module in [e.rpartition(".")[0] for e in entries] + [getattr(settings, "ROOT_URLCONF", ""), package + ".wsgi", package + ".asgi"]:
        try:
            with open(importlib.util.find_spec(module).origin, encoding="utf-8") as f:
                texts[module] = f.read()
        except Exception:
            pass  # no such module, or none with a source
    return next((place for place, text in texts.items() if any(s in text for s in SERVERS)), "")


def whitenoise_root():
    """The folder whose files WhiteNoise serves at the root of the site."""
    root = getattr(settings, "WHITENOISE_ROOT", None)
    return os.path.abspath(root) if root else ""


def is_staticfiles(app):
    """INSTALLED_APPS may name the app, a configuration of it, or a subclass of that."""
    from django.contrib.staticfiles.apps import StaticFilesConfig
    from django.utils.module_loading import import_string

    if app.startswith("django.contrib.staticfiles"):
        return True
    if not app.rpartition(".")[2][:1].isupper():
        return False
    try:
        return issubclass(import_string(app), StaticFilesConfig)
    except Exception:
        return False  # Django itself says what is wrong with it


def facts():
    from django.contrib.staticfiles.storage import HashedFilesMixin
    from django.core.files.storage import FileSystemStorage

    root, backend = settings.STATIC_ROOT, storage()
    folders = [d if isinstance(d, (list, tuple)) else ("", d) for d in settings.STATICFILES_DIRS]  # (prefix, folder) or folder
    return {
        "StaticRoot": os.path.abspath(root) if root else "",
        "StaticDirs": [os.path.abspath(d) for _, d in folders],
        "StaticPrefixes": [prefix for prefix, _ in folders],
        "LocalStatic": issubclass(backend, FileSystemStorage),
        "Hashed": issubclass(backend, HashedFilesMixin),
        "Staticfiles": any(is_staticfiles(a) for a in settings.INSTALLED_APPS),
        "StaticServer": tried(server, "?"),
        "Manifests": tried(lambda: [{"Package": p, "Setting": s, "File": os.path.abspath(f)} for p, s, f in manifests(backend)], []),
        "WhitenoiseRoot": tried(whitenoise_root, ""),
        "SecretNames": secret_names(),
        "KeyFrom": tried(key_names, []),
        "WSGI": getattr(settings, "WSGI_APPLICATION", None) or "",
        "ASGI": getattr(settings, "ASGI_APPLICATION", None) or "",
    }


say(facts())
