"""Import what the processes of an image serve, as their servers do, and print what was found as JSON.

usage: prove.py REQUESTS SECONDS
REQUESTS is a file with a JSON list of objects, as plan.Import has them. Each is imported in a process of its own, two
at a time. What is not done after SECONDS is ended. The output is a list of results, as plan.Imported has them.
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


def start(request):
    """Fork a process that imports an object and writes the result into a pipe."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.setpgid(0, 0)
        os.close(reading)
        os.dup2(2, 1)  # what the app prints is no result
        os.write(writing, json.dumps(prove(request), default=str).encode() + b"\n")
    finally:
        os._exit(0)  # threads that the app has started are not waited for


def end(process, reading, text):
    """The result of a process that has closed its pipe, or that is ended."""
    try:
        os.killpg(process, signal.SIGKILL)
    except OSError:
        pass  # it has not begun, or is gone
    os.close(reading)
    _, status = os.waitpid(process, 0)
    if text:
        return json.loads(text)
    if os.WIFSIGNALED(status):
        return failed("it is ended by signal %d" % os.WTERMSIG(status))
    return failed("it exits with %d" % os.WEXITSTATUS(status))


def main(requests, seconds):
    deadline, results, waiting, running = time.monotonic() + seconds, {}, list(enumerate(requests)), {}
    while waiting or running:
        while waiting and len(running) < 2:
            number, request = waiting.pop(0)
            process, reading = start(request)
            running[reading] = [number, process, b""]
        ready, _, _ = select.select(list(running), [], [], max(0, deadline - time.monotonic()))
        if not ready:
            break
        for reading in ready:
            number, process, text = running[reading]
            part = os.read(reading, 1 << 16)
            running[reading][2] = text = text + part
            if not part or text.endswith(b"\n"):  # a process that the app has started may keep the pipe open
                del running[reading]
                results[number] = end(process, reading, text)
    for reading, (number, process, _) in running.items():
        end(process, reading, b"")
        results[number] = failed("it takes more than %d s" % seconds)
    return [results.get(n) or failed("there was no time") for n in range(len(requests))]


with open(sys.argv[1], encoding="utf-8") as file:
    answer = main(json.load(file), float(sys.argv[2]))
print(json.dumps(answer))
