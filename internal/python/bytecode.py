"""Write the hash-based bytecode of Python files, on all cores; what is right already stays.

usage: PYTHONHASHSEED=0 bytecode.py checked SKIPPED DIRECTORY
       PYTHONHASHSEED=0 bytecode.py unchecked SKIPPED SOURCES TARGET
SKIPPED are names of directories that are not looked into, with commas between them.
"checked" bytecode is compared with its source at each import, "unchecked" is taken as it is (PEP 552).

Checked is for the app, which may have anything: all files below DIRECTORY get bytecode next to them, and a file
without it is named in the output. Unchecked is for layers, where it is an error. SOURCES is a JSON file with Files and
Directories. TARGET gets their bytecode under the names of a PYTHONPYCACHEPREFIX, and has nothing else afterwards. The
output is a line of JSON: how many files have no bytecode, and the first names with reasons.
"""
import errno
import gc
import importlib.util
import json
import marshal
import mmap
import os
import stat
import sys
import warnings
from types import CodeType

SHOWN = 3
LARGEST = 16 << 20  # of the app's files: the compiler needs many times the memory


class Refused(Exception):
    """A file that is no source, with the reason."""


def sources(directories, skipped, missing):
    """All Python files, the largest first, and bytecode files whose source is gone."""
    found, orphans = [], []
    for directory in directories:
        for parent, below, names in os.walk(directory, onerror=lambda error: missing.add(READ, error.filename, error)):
            if os.path.basename(parent) == "__pycache__":
                above = os.path.dirname(parent)
                orphans += [os.path.join(parent, n) for n in names if ".pyc" in n and gone(above, n)]
                continue
            below[:] = [s for s in below if s not in skipped and not is_environment(os.path.join(parent, s))]
            for path in [os.path.join(parent, n) for n in names if n.endswith(".py")]:
                try:
                    status = os.lstat(path)
                except OSError as error:
                    missing.add(READ, path, error)
                    continue
                if not stat.S_ISLNK(status.st_mode):
                    found.append((-status.st_size, path))
    return [path for _, path in sorted(found)], orphans


def listed(file, skipped, missing):
    """The Python files that a JSON file names, the largest first."""
    with open(file, encoding="utf-8") as opened:
        wanted = json.load(opened)
    below, _ = sources(wanted["Directories"] or [], skipped, missing)
    return sorted(below + (wanted["Files"] or []), key=lambda path: (-os.lstat(path).st_size, path))


def clear(target, files):
    """Remove what is below target and is not the bytecode of one of the files, and directories without any."""
    wanted = {importlib.util.cache_from_source(path) for path in files}
    for parent, below, names in os.walk(target, topdown=False):
        for path in [os.path.join(parent, n) for n in names]:
            if path not in wanted:
                os.remove(path)
        if parent != target and not os.listdir(parent):
            os.rmdir(parent)


def is_environment(directory):
    return os.path.exists(os.path.join(directory, "pyvenv.cfg"))


def gone(directory, cached):
    """Whether the source of a bytecode file no longer exists. What cannot be looked at may still exist."""
    try:
        os.lstat(os.path.join(directory, cached.split(".")[0] + ".py"))
    except OSError as error:
        return error.errno == errno.ENOENT
    return False


READ, WRITTEN, REMOVED = range(3)  # what could not be done, in the order in which it is named


class Missing:
    """What could not be done: how many times, and the first of it as [kind, name, reason]."""

    def __init__(self, base):
        self.base, self.count, self.first = base, 0, []

    def entry(self, kind, path, error):
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise error  # not the file's fault: the build explains it
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        return [kind, os.path.relpath(path, self.base), reason]

    def add(self, kind, path, error):
        self.join(self.entry(kind, path, error))

    def join(self, entry):
        self.count += 1
        self.first = sorted(self.first + [entry])[:SHOWN]


def canonical(code):
    """The code as bytes that depend on the source alone.

    marshal writes whether an object is interned, and whether this process refers to it more than once
    (https://bugs.python.org/issue34093): so all strings are interned, and the rest is read back into objects of its own.
    """
    return marshal.dumps(marshal.loads(marshal.dumps(interned(code))))


def interned(value):
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, tuple):
        return tuple([interned(v) for v in value])
    if isinstance(value, frozenset):
        return frozenset([interned(v) for v in value])
    if isinstance(value, CodeType):
        return value.replace(co_consts=interned(value.co_consts), co_filename=sys.intern(value.co_filename))
    return value


def read(path, size):
    """At most size bytes of a regular file. A link is not followed, and a pipe is not waited for."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with open(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise Refused("not a regular file")
        return opened.read(size)


def compile_file(path, source, checked):
    digest = importlib.util.source_hash(source)
    target = importlib.util.cache_from_source(path)
    head = importlib.util.MAGIC_NUMBER + (3 if checked else 1).to_bytes(4, "little") + digest
    try:
        if read(target, 16) == head:
            return
    except (OSError, Refused):
        pass
    try:
        code = canonical(compile(source, path, "exec", dont_inherit=True))
    except Exception:
        return  # a template, or for another version of Python: it fails where it is imported, if it ever is
    write(target, head + code)


def write(target, data):
    """Replace target. Python may run beside, and must not read half a file."""
    directory, part = os.path.dirname(target), target + ".part"
    os.makedirs(directory, exist_ok=True)
    if os.path.islink(directory):
        raise Refused("__pycache__ is a link")
    try:
        os.remove(part)
    except FileNotFoundError:
        pass
    try:
        with open(part, "xb") as file:
            file.write(data)
        os.replace(part, target)
    except OSError:
        if os.path.lexists(part):
            os.remove(part)
        raise


class Compiler:
    """Compiles paths in some processes. One that crashes, as a compiler may, costs the file that it was at."""

    def __init__(self, paths, checked, missing):
        self.paths, self.checked, self.missing = paths, checked, missing
        self.workers = int(os.environ.get("TANDEM_COMPILERS") or len(os.sched_getaffinity(0)))
        self.now = memoryview(mmap.mmap(-1, 8 * self.workers)).cast("Q")  # the path that each worker is at

    def run(self):
        """Compile all paths, and return whether that was possible."""
        running = [self.start(worker, worker) for worker in range(self.workers)]
        for worker, child, answer in running:
            for line in answer:
                self.missing.join(json.loads(line))
            status = os.waitpid(child, 0)[1]
            if self.checked and os.WIFSIGNALED(status):
                crashed = self.now[worker]
                self.missing.add(READ, self.paths[crashed], Refused("the compiler crashes"))
                running.append(self.start(worker, crashed + self.workers))
            elif status:
                return False
        return True

    def start(self, worker, first):
        """Start a process for the worker's share. Its answer has a line for each file without bytecode."""
        reader, writer = os.pipe()
        child = os.fork()
        if child:
            os.close(writer)
            return worker, child, open(reader)
        status = 1
        try:
            with open(writer, "w") as answer:
                for index in range(first, len(self.paths), self.workers):
                    self.now[worker] = index
                    self.compile(self.paths[index], answer)
            status = 0
        except BaseException as error:
            print(error, file=sys.stderr)
        os._exit(status)

    def compile(self, path, answer):
        kind = READ
        try:
            source = read(path, LARGEST + 1 if self.checked else -1)
            if self.checked and len(source) > LARGEST:
                raise Refused("larger than %d MB" % (LARGEST >> 20))
            kind = WRITTEN
            compile_file(path, source, self.checked)
        except (OSError, Refused) as error:
            print(json.dumps(self.missing.entry(kind, path, error)), file=answer, flush=True)


def main(mode, skipped, where, target=None):
    warnings.simplefilter("ignore")
    gc.disable()  # the compiler makes millions of objects and no cycles that matter: a tenth of the time
    checked, missing, orphans = mode == "checked", Missing(target or where), []
    if checked:
        found, orphans = sources([where], skipped.split(","), missing)
    else:
        sys.pycache_prefix = target  # from here on: what this program needs is imported
        found = listed(where, skipped.split(","), missing)
        clear(target, found)
    for path in orphans:
        try:
            os.remove(path)
        except OSError as error:
            missing.add(REMOVED, path, error)
    if not Compiler(found, checked, missing).run():
        sys.exit("bytecode could not be written")
    if missing.count and not checked:
        names = "; ".join("%s: %s" % (name, reason) for _, name, reason in missing.first)
        sys.exit("no bytecode for %d files: %s" % (missing.count, names))
    first = [{"Name": name, "Reason": reason} for _, name, reason in missing.first]
    print(json.dumps({"Count": missing.count, "First": first}))


main(*sys.argv[1:])
