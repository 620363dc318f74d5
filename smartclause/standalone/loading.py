"""Imports modules from texts: those enclosed in one file, and never others of their names that lie elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType


class Enclosed(MetaPathFinder, Loader):
    """Modules by name, with the file of the package that each was taken from; data files by name."""

    def __init__(self, closed: Sequence[str]) -> None:
        self.closed = tuple(closed)
        self.texts: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.files: dict[str, bytes] = {}

    def module(self, name: str, path: str, digest: str, text: str) -> None:
        self.texts[name] = _whole(name, digest, text)
        self.paths[name] = path
        self.digests[name] = digest

    def data(self, name: str, digest: str, text: str) -> None:
        self.files[name] = _whole(name, digest, text).encode()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        if name in self.texts:
            return spec_from_loader(name, self, origin=self.paths[name], is_package=self.is_package(name))
        if name.partition(".")[0] in self.closed:
            raise ModuleNotFoundError(f"{name} is not enclosed in this file", name=name)
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        exec(compile(self.texts[name], f"<{self.paths[name]}>", "exec", dont_inherit=True), vars(module))

    def is_package(self, name: str) -> bool:
        return self.paths[name].endswith("__init__.py")

    def get_source(self, name: str) -> str:
        return self.texts[name]

    def get_data(self, path: str) -> bytes:
        return self.files[path]

    def install(self) -> None:
        """Before every other place that modules come from."""
        sys.meta_path.insert(0, self)


def _whole(name: str, digest: str, text: str) -> str:
    text = text.removeprefix("\n")
    if sha256(text.encode()).hexdigest() != digest:
        raise ImportError(f"this file was changed: {name} does not have its digest")
    return text


def run(enclosed: Enclosed, arguments: list[str], file: Path) -> int:
    """The command line: what concerns the file itself; everything else is for the check."""
    if arguments == ["--modules"]:
        for name, path in enclosed.paths.items():
            print(f"{enclosed.digests[name]}  {path}  {name}")
        return 0
    enclosed.install()
    if arguments == ["--self-check"]:
        return _self_check(enclosed)
    status: int = import_module("smartclause.standalone.command").main(arguments, file.resolve().parent)
    return status


def _self_check(enclosed: Enclosed) -> int:
    """Whether every enclosed module loads, and every form can be read here."""
    for name in enclosed.texts:
        import_module(name)
    print(f"{len(enclosed.texts)} modules, {import_module('pydantic').require_readable()} forms")
    return 0
