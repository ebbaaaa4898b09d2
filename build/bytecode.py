"""Write the hash-based byte code of all Python files below some folders, on all cores; what is right already stays.

usage: PYTHONHASHSEED=0 bytecode.py checked|unchecked FOLDER...
"checked" byte code is compared with its source at each import, "unchecked" is taken as it is (PEP 552).
"""
import gc
import importlib.util
import marshal
import os
import sys
import warnings
from types import CodeType

SKIPPED = {"node_modules", ".git"}


def sources(folders):
    """All Python files, the largest first, and byte code files whose source is gone."""
    found, orphans = [], []
    for folder in folders:
        for parent, subfolders, names in os.walk(folder):
            if os.path.basename(parent) == "__pycache__":
                above = os.path.dirname(parent)
                orphans += [os.path.join(parent, n) for n in names if not os.path.exists(os.path.join(above, n.split(".")[0] + ".py"))]
                continue
            subfolders[:] = [s for s in subfolders if s not in SKIPPED and not os.path.exists(os.path.join(parent, s, "pyvenv.cfg"))]
            found += [os.path.join(parent, n) for n in names if n.endswith(".py") and not os.path.islink(os.path.join(parent, n))]
    return sorted(found, key=lambda path: (-os.path.getsize(path), path)), orphans


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


def compile_file(path, checked):
    with open(path, "rb") as file:
        source = file.read()
    digest = importlib.util.source_hash(source)
    target = importlib.util.cache_from_source(path)
    head = importlib.util.MAGIC_NUMBER + (3 if checked else 1).to_bytes(4, "little") + digest
    try:
        with open(target, "rb") as file:
            if file.read(16) == head:
                return
    except OSError:
        pass
    try:
        code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return  # a template, or for another version of Python: it fails where it is imported, if it ever is
    os.makedirs(os.path.dirname(target), exist_ok=True)
    part = target + ".part"  # Python runs beside: uv starts it, and it must not read half a file
    with open(part, "wb") as file:
        file.write(head + canonical(code))
    os.replace(part, target)


def main(mode, *folders):
    warnings.simplefilter("ignore")
    gc.disable()  # the compiler makes millions of objects and no cycles that matter: a tenth of the time
    os.nice(10)  # npm, which runs beside, is what a build waits for
    found, orphans = sources(folders)
    for path in orphans:
        os.remove(path)
    workers = int(os.environ.get("TANDEM_COMPILERS") or len(os.sched_getaffinity(0)))
    children = []
    for n in range(workers):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                for path in found[n::workers]:
                    compile_file(path, mode == "checked")
                status = 0
            except BaseException as error:
                print(error, file=sys.stderr)
            os._exit(status)
        children.append(child)
    if any([os.waitpid(child, 0)[1] for child in children]):
        sys.exit("byte code could not be written")
    print(len(found))


main(*sys.argv[1:])
