"""The forms of the package twice: as they are, and the same text read with the plain forms."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, get_type_hints

from smartclause.standalone import build, plain_forms


@dataclass(frozen=True)
class Twin:
    """`hints` are those of the plain twin."""

    name: str
    library: Any
    plain: Any
    hints: Mapping[str, Any]


@dataclass(frozen=True)
class Twins:
    """`forms` and `plain_forms` are the module `evidence.forms`, each with its own forms."""

    every: tuple[Twin, ...]
    forms: ModuleType
    plain_forms: ModuleType

    def of(self, name: str) -> Twin:
        return next(t for t in self.every if t.name.endswith(f".{name}"))


@contextmanager
def _with_plain_forms() -> Iterator[None]:
    """Modules of the package are imported anew inside, with the plain forms in the place of the library."""
    before = dict(sys.modules)
    for name in before:
        if name.startswith("smartclause") and not name.startswith("smartclause.standalone"):
            del sys.modules[name]
    sys.modules["pydantic"] = plain_forms
    try:
        yield
    finally:
        sys.modules.clear()
        sys.modules.update(before)


@cache
def twins() -> Twins:
    names = [e.name for e in build.enclosures() if "from pydantic import" in e.text or "(Form)" in e.text]
    library = {n: importlib.import_module(n) for n in names}
    with _with_plain_forms():
        plain = {n: importlib.import_module(n) for n in names}
        assert plain_forms.require_readable() > 50
        found = tuple(_pairs(library, plain))
    return Twins(found, library["smartclause.evidence.forms"], plain["smartclause.evidence.forms"])


def _pairs(library: Mapping[str, ModuleType], plain: Mapping[str, ModuleType]) -> Iterator[Twin]:
    for module, loaded in plain.items():
        for name, kind in vars(loaded).items():
            if inspect.isclass(kind) and issubclass(kind, plain_forms.BaseModel) and kind.__module__ == module:
                hints = get_type_hints(kind, include_extras=True)
                yield Twin(f"{module}.{name}", getattr(library[module], name), kind, hints)
