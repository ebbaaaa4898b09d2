"""Import what the processes of an image serve, as their servers do, and print what was found as JSON.

usage: prove.py REQUESTS SECONDS
REQUESTS is a file with a JSON list of objects, as plan.Import has them. Each is imported in a process of its own, two
at a time. Then the process imports what else a start does. What is not done after SECONDS is ended. The output is a
list of results, as plan.Imported has them.
"""
import importlib
import inspect
import json
import os
import re
import select
import signal
import sys
import time
import types

MOST_FILES, MOST_BYTES = 20000, 8 << 20  # what a process may print

# What servers and workers import besides the app, before they answer the first request.
SERVERS = {
    "celery": "celery.bin.celery celery.bin.worker celery.bin.beat celery.apps.worker celery.apps.beat celery.worker.worker "
    "celery.worker.components celery.worker.consumer celery.concurrency.prefork celery.events.state",
    "daphne": "daphne.cli daphne.server daphne.endpoints",
    "granian": "granian.cli granian.server granian.asgi granian.wsgi",
    "gunicorn": "gunicorn.app.wsgiapp gunicorn.arbiter gunicorn.glogging gunicorn.workers.sync gunicorn.workers.gthread",
    "hypercorn": "hypercorn.__main__ hypercorn.run hypercorn.asyncio.run",
    "uvicorn": "uvicorn.main",
    "waitress-serve": "waitress.runner waitress.server waitress.task",
}
UVICORN = "uvicorn.workers uvicorn.lifespan.on uvicorn.loops.auto uvicorn.protocols.http.auto uvicorn.protocols.websockets.auto"
DJANGO = "django.core.management.commands.migrate django.core.management.commands.check django.contrib.sessions.backends.db"

ROOT = os.getcwd()


def failed(reason):
    return {"Status": "failed", "Reason": reason}


def reason_of(error):
    lines = str(error).strip().splitlines()
    return type(error).__name__ + (": " + lines[0][:200] if lines else "")


def missing_file(error):
    """The path of a file or directory of the app that does not exist, as far as an error names it."""
    name = getattr(error, "filename", None) if isinstance(error, (FileNotFoundError, NotADirectoryError)) else None
    if type(error) is RuntimeError:  # of Starlette's StaticFiles
        match = re.match(r"Directory '(.+)' does not exist", str(error))
        name = match.group(1) if match else None
    if not isinstance(name, (str, os.PathLike)):
        return ""
    path = os.path.relpath(os.path.realpath(name), os.path.realpath(ROOT))
    return "" if path.startswith("..") or os.path.lexists(os.path.join(ROOT, path)) else path


def served_names(module):
    """The names in a module that a server could be given: objects first, then functions that make one."""
    objects, makers = [], []
    for name, value in vars(module).items():
        if name.startswith("_") or not callable(value) or isinstance(value, (type, types.ModuleType)):
            continue
        if not isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
            if not type(value).__module__.startswith("typing"):
                objects.append(name)
        elif name in ("application", "create_app", "make_app") and value.__module__ == module.__name__:
            makers.append(name + "()" if name != "application" else name)
    usual = ["application", "app"]
    return sorted(objects, key=lambda n: (n not in usual, usual.index(n) if n in usual else 0)) + makers


def is_missing(module, error):
    """Whether an error is about the module itself and not about one that it imports."""
    return bool(error.name) and (module == error.name or module.startswith(error.name + "."))


def celery_app(module):
    """What `celery -A` takes: https://github.com/celery/celery/blob/main/celery/app/utils.py, find_app."""
    for value in [getattr(module, name, None) for name in ("app", "celery")] + list(vars(module).values()):
        if any(c.__name__ == "Celery" for c in type(value).__mro__):
            return value
    if hasattr(module, "__path__"):
        try:
            return celery_app(importlib.import_module(module.__name__ + ".celery"))
        except ModuleNotFoundError as error:
            if not is_missing(module.__name__ + ".celery", error):
                raise
    return None


def look_up(request):
    name = request["Module"]
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if is_missing(name, error):
            return {"Status": "module", "Name": error.name}
        return {"Status": "package", "Name": error.name or "", "Reason": reason_of(error)}
    if request["Interface"] == "Celery" and not request["Object"]:
        return {"Status": "there"} if celery_app(module) is not None else {"Status": "object"}
    value = module
    for part in request["Object"].split("."):
        if not hasattr(value, part):
            return {"Status": "object", "Has": served_names(module)[:5] or None}
        value = getattr(value, part)
    if request["Interface"] != "Celery" and not callable(value):
        return {"Status": "callable", "Name": type(value).__name__, "Has": served_names(module)[:5] or None}
    if request["Factory"] and not request["Arguments"]:
        try:
            inspect.signature(value).bind()
        except TypeError as error:
            return {"Status": "arguments", "Reason": str(error)}
        except ValueError:
            pass  # a function without a signature, written in C
    return {"Status": "there"}


def prove(request):
    os.environ.update(request["Vars"] or {})
    here = os.path.join(ROOT, request["Dir"])
    paths = [os.path.join(here, p) for p in request["Path"] or []] + [here]
    sys.path[0:1] = paths + [p for p in (request["Vars"] or {}).get("PYTHONPATH", "").split(os.pathsep) if p]
    sys.argv = [request["Server"], request["Module"]]
    try:
        os.chdir(here)
        return look_up(request)
    except SystemExit as error:
        return failed("it exits with %r" % (error.code,))
    except BaseException as error:
        path = missing_file(error)
        return {"Status": "file", "Name": path, "Reason": reason_of(error)} if path else failed(reason_of(error))


def quietly(do):
    """Do what only saves a start of a container time."""
    try:
        do()
    except BaseException:
        pass


def use_django():
    """Load what Django loads for the first request. Nothing of it connects to a database."""
    from django.core.cache import caches
    from django.db import connections
    from django.template import engines
    from django.urls import get_resolver
    from django.utils.formats import get_format_modules

    def templates():
        for backend in engines.all():
            backend.engine.template_loaders, backend.engine.template_context_processors

    for load in (connections.all, caches.all, get_format_modules, templates, lambda: get_resolver().url_patterns):
        quietly(load)


def use_celery(request):
    """Load the tasks, as a worker does."""
    module = importlib.import_module(request["Module"])
    app = getattr(module, request["Object"]) if request["Object"] else celery_app(module)
    app.loader.import_default_modules()


def use(request):
    """Import what a start imports until the first request is answered."""
    modules = SERVERS.get(request["Server"], "")
    if "uvicorn" in sys.modules or request["Server"] == "uvicorn" or request["Interface"] == "ASGI":
        modules += " " + UVICORN
    if "django.conf" in sys.modules:
        quietly(use_django)
        modules += " " + DJANGO
    if request["Interface"] == "Celery":
        quietly(lambda: use_celery(request))
    for name in modules.split():
        quietly(lambda: importlib.import_module(name))


def imported_files():
    """The files of all modules. A module may be any object, and its names may have any values."""
    files = set()
    for module in list(sys.modules.values()):
        try:
            names = object.__getattribute__(module, "__dict__")
            found = [names.get("__file__"), getattr(names.get("__spec__"), "origin", None)]
        except BaseException:
            continue
        files.update(f for f in found if type(f) is str and f.endswith(".py") and len(f) < 4096)
    return sorted(files)[:MOST_FILES]


def start(request):
    """Fork a process that imports an object and writes the result into a pipe, and then what else a start imports."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.setpgid(0, 0)
        os.close(reading)
        os.dup2(2, 1)  # what the app prints is no result
        result = prove(request)
        write(writing, result)
        if result["Status"] == "there":
            use(request)
            write(writing, imported_files())
        else:
            write(writing, [])
    finally:
        os._exit(0)  # threads that the app has started are not waited for


def write(file, value):
    text = json.dumps(value, default=str).encode() + b"\n"
    while text:
        text = text[os.write(file, text) :]


def end(process, reading, text):
    """The result of a process that has closed its pipe, or that is ended; None if it has none."""
    try:
        os.killpg(process, signal.SIGKILL)
    except OSError:
        pass  # it has not begun, or is gone
    os.close(reading)
    _, status = os.waitpid(process, 0)
    lines = bytes(text).split(b"\n")
    if len(lines) == 1:
        return None, status
    result = json.loads(lines[0])
    result["Files"] = names_in(lines[1]) if len(lines) > 2 else None
    return result, status


def names_in(line):
    """A list of texts, as a process has written it, or None: the app may have written something else."""
    try:
        names = json.loads(line)
    except ValueError:
        return None
    return names if isinstance(names, list) and all(isinstance(n, str) for n in names) else None


def ended(status):
    if os.WIFSIGNALED(status):
        return failed("it is ended by signal %d" % os.WTERMSIG(status))
    return failed("it exits with %d" % os.WEXITSTATUS(status))


def main(requests, seconds):
    deadline, results, waiting, running = time.monotonic() + seconds, {}, list(enumerate(requests)), {}
    while waiting or running:
        # One that has a result only saves time from there on, and keeps no other one waiting.
        while waiting and time.monotonic() < deadline and sum(b"\n" not in text for _, _, text in running.values()) < 2:
            number, request = waiting.pop(0)
            process, reading = start(request)
            running[reading] = [number, process, bytearray()]
        if not running:
            break
        ready, _, _ = select.select(list(running), [], [], max(0, deadline - time.monotonic()))
        for reading, (number, process, text) in list(running.items()):
            part = os.read(reading, 1 << 16) if reading in ready else None
            text += part or b""
            late = time.monotonic() >= deadline
            # A process that the app has started may keep the pipe open.
            if late or part == b"" or text.count(b"\n") > 1 or len(text) > MOST_BYTES:
                del running[reading]
                result, status = end(process, reading, text)
                results[number] = result or (failed("it takes more than %d s" % seconds) if late else ended(status))
    return [results.get(n) or failed("there was no time") for n in range(len(requests))]


with open(sys.argv[1], encoding="utf-8") as file:
    answer = main(json.load(file), float(sys.argv[2]))
print(json.dumps(answer))
