"""Import a Django app's settings the way manage.py does, without running a command, and print what the build needs as JSON."""
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
runpy.run_path(manage, run_name="__main__")

from django.conf import settings  # noqa: E402  the settings module is known only now


def local_static():
    """Whether static files are kept in a folder. Django has STORAGES since 4.2; a backend that cannot be imported fails in collectstatic."""
    from django.core.files.storage import FileSystemStorage
    from django.utils.module_loading import import_string

    name = getattr(settings, "STORAGES", {}).get("staticfiles", {}).get("BACKEND") or getattr(settings, "STATICFILES_STORAGE", "")
    try:
        return issubclass(import_string(name), FileSystemStorage)
    except Exception:
        return False


root = settings.STATIC_ROOT
folders = [d[1] if isinstance(d, (list, tuple)) else d for d in settings.STATICFILES_DIRS]  # (prefix, folder) or folder
print(
    json.dumps(
        {
            "StaticRoot": os.path.abspath(root) if root else "",
            "StaticDirs": [os.path.abspath(d) for d in folders],
            "LocalStatic": local_static(),
            "Staticfiles": any(a.startswith("django.contrib.staticfiles") for a in settings.INSTALLED_APPS),
            "WSGI": getattr(settings, "WSGI_APPLICATION", None) or "",
            "ASGI": getattr(settings, "ASGI_APPLICATION", None) or "",
        }
    ),
    file=stdout,
)
