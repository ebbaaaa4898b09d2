"""Lets ctypes.util.find_library find libraries of LD_LIBRARY_PATH.

It looks in the cache of the loader, and otherwise asks a compiler or a linker, which the image does not have. The module
is patched when something imports it, and not before: the start of a process takes no longer.
https://docs.python.org/3/library/ctypes.html#finding-shared-libraries
"""

import sys


def in_path(name):
    import os
    import re

    pattern = re.compile(r"lib%s\.so(\.[0-9.]+)?" % re.escape(name))
    for directory in os.environ.get("LD_LIBRARY_PATH", "").split(":"):
        try:
            files = sorted(os.listdir(directory)) if directory else []
        except OSError:
            continue
        for file in files:
            if pattern.fullmatch(file):
                return file
    return None


class Finder:
    def find_spec(self, name, path=None, target=None):
        if name != "ctypes.util":
            return None
        sys.meta_path.remove(self)
        from importlib.util import find_spec

        spec = find_spec(name)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            find = module.find_library
            module.find_library = lambda name: find(name) or in_path(name)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder())
