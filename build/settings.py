"""Import a Django app's settings the way manage.py does, without running a command, and print what the build needs as JSON."""
import json
import os
import runpy
import sys

import django.core.management

django.core.management.execute_from_command_line = lambda argv=None: None
try:
    import configurations.management

    configurations.management.execute_from_command_line = lambda argv=None: configurations.importer.install()
except ImportError:
    pass

manage = sys.argv[1]
sys.argv = [manage, "collectstatic"]
sys.path[0] = os.path.dirname(os.path.abspath(manage))
stdout, sys.stdout = sys.stdout, sys.stderr  # what settings print is for the log
runpy.run_path(manage, run_name="__main__")

from django.conf import settings  # noqa: E402  the settings module is known only now

root = settings.STATIC_ROOT
print(
    json.dumps(
        {
            "StaticRoot": os.path.abspath(root) if root else "",
            "Staticfiles": any(a.startswith("django.contrib.staticfiles") for a in settings.INSTALLED_APPS),
            "WSGI": getattr(settings, "WSGI_APPLICATION", None) or "",
        }
    ),
    file=stdout,
)
