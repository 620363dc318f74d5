"""Makes the file that checks a case by itself: the package's own modules, each as it is, in one text.

Reproducible: the same package and zone data give the same bytes. What a module imports is either enclosed too or
part of Python; anything else refuses the build.
"""

from __future__ import annotations

import ast
import base64
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from smartclause.logic import shipped
from smartclause.logic.calendars import NAMES
from smartclause.verbs.case_engine import engine_digest, engine_version

ENTRY = "smartclause.standalone.command"

STAND_INS: Mapping[str, str] = MappingProxyType(
    {
        "pydantic": "smartclause.standalone.plain_forms",
        "smartclause.evidence.primitives": "smartclause.standalone.plain_primitives",
        "smartclause.evidence.certificates": "smartclause.standalone.plain_certificates",
        "smartclause.logic.shipped": "smartclause.standalone.plain_shipped",
        "smartclause.verbs.case_engine": "smartclause.standalone.plain_engine",
        "smartclause.verbs.case_stamps": "smartclause.standalone.plain_stamps",
    }
)
"""A module and the one whose text is enclosed under its name."""

LEFT_OUT = frozenset(
    {
        "smartclause.evidence.segment_lookup",
        "smartclause.evidence.segment_store",
        "smartclause.verbs.audit_by_sql",
        "smartclause.verbs.audit_on_spark",
        "smartclause.verbs.compile",
        "smartclause.verbs.segment_reading",
    }
)
"""Imported only inside functions that a check never reaches: a case holds its contract compiled, and no segments; its
acts are judged by the reference."""

_ORDER = ("pydantic", "smartclause.logic", "smartclause.evidence", "smartclause.language", "smartclause.engines")


class BuildError(Exception):
    """The file cannot be made; the message says which module is in the way."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """`name` is what it is imported as, `path` where its text stands in the package."""

    name: str
    path: str
    text: str

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("python -m smartclause.standalone.build verify_case.py", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    content = built()
    path.write_bytes(content)
    found = subprocess.run([sys.executable, "-I", "-S", str(path), "--self-check"], check=False)
    print(f"sha256:{sha256(content).hexdigest()}  {path.name}")
    return found.returncode


@cache
def built() -> bytes:
    """The whole file. Raises BuildError."""
    modules = [_call("module", each.name, each) for each in enclosures()]
    data = [_call("data", each.name, each) for each in _data()]
    opening = _source("smartclause.standalone.opening").text
    loading = _source("smartclause.standalone.loading").text
    parts = [opening, "# " + "-" * 20 + " smartclause/standalone/loading.py", _without_opening(loading)]
    return "\n".join([*parts, _SETUP, *modules, *data, _END]).encode()


def enclosures() -> tuple[Enclosure, ...]:
    """All modules that the check needs, each before those above it. Raises BuildError."""
    found: dict[str, Enclosure] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name in found or name in LEFT_OUT:
            continue
        found[name] = _enclosed(name)
        waiting += _wanted(found[name])
    return tuple(sorted(found.values(), key=_place))


def _place(each: Enclosure) -> tuple[int, str]:
    """By floors from the ground up: the order in which a reader can follow."""
    names = [n for n, prefix in enumerate(_ORDER) if each.name == prefix or each.name.startswith(f"{prefix}.")]
    return (names[0] if names else len(_ORDER) if "." in each.name else -1, each.name)


def _enclosed(name: str) -> Enclosure:
    source = _source(STAND_INS.get(name, name))
    if "'''" in source.text or "\r" in source.text:
        raise BuildError(f"{source.path} cannot stand inside quotation marks")
    return Enclosure(name, source.path, source.text)


def _source(name: str) -> Enclosure:
    folder = files("smartclause")
    parts = name.split(".")[1:]
    for path in (*parts[:-1], f"{parts[-1]}.py") if parts else (), (*parts, "__init__.py"):
        if path and folder.joinpath(*path).is_file():
            text = folder.joinpath(*path).read_bytes().decode()
            return Enclosure(name, "/".join(("smartclause", *path)), text)
    raise BuildError(f"{name} is no module of the package")


# ---- what a module imports


def _wanted(each: Enclosure) -> Iterator[str]:
    for name in sorted(set(_imports(ast.parse(each.text)))):
        if name in LEFT_OUT or name.partition(".")[0] in sys.stdlib_module_names:
            continue
        if name not in STAND_INS and not name.startswith("smartclause"):
            raise BuildError(f"{each.path} imports {name}, which is no part of Python")
        yield name
    parent = each.name.rpartition(".")[0]
    if parent:
        yield parent


def _imports(node: ast.AST) -> Iterator[str]:
    """Also those inside functions, but not those for the type checker only."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from (name for part in child.orelse for name in _imports(part))
            case ast.Import():
                yield from (alias.name for alias in child.names)
            case ast.ImportFrom(module=str() as module):
                yield from (n for a in child.names if _is_module(n := f"{module}.{a.name}"))
                yield module
            case ast.ImportFrom():
                raise BuildError("modules are imported by their full names")
            case _:
                yield from _imports(child)


def _is_module(name: str) -> bool:
    if not name.startswith("smartclause."):
        return False
    try:
        return bool(_source(STAND_INS.get(name, name)))
    except BuildError:
        return False


# ---- data


def _data() -> Iterator[Enclosure]:
    for name in NAMES:
        yield _text(f"calendars/{name}.json", shipped.calendar_file(name).decode())
    yield _text("zones/edition", shipped.zone_edition() + "\n")
    yield _text("zones/files", "".join(_zone_lines()))
    yield _text("engine/digest", engine_digest() + "\n")
    yield _text("engine/version", engine_version() + "\n")


def _text(name: str, text: str) -> Enclosure:
    if "'''" in text or "\r" in text:
        raise BuildError(f"{name} cannot stand inside quotation marks")
    return Enclosure(name, name, text if text.endswith("\n") else text + "\n")


def _zone_lines() -> Iterator[str]:
    """Not compressed: what a compressor writes differs between machines."""
    first: dict[bytes, str] = {}
    for name in sorted(shipped.zone_names()):
        content = shipped.zone_file(name)
        shared = first.setdefault(content, name)
        yield f"{name} ={shared}\n" if shared != name else f"{name} {base64.b64encode(content).decode()}\n"


# ---- writing


def _call(function: str, name: str, each: Enclosure) -> str:
    head = f"# {'-' * 20} {each.path}\n"
    place = f'"{each.path}", ' if function == "module" else ""
    return f"{head}_ENCLOSED.{function}(\"{name}\", {place}\"{each.digest}\", r'''\n{each.text}''')\n"


def _without_opening(text: str) -> str:
    """Without its docstring and its future import: they stand at the head of the file."""
    return text[text.index("\nimport sys\n") :]


_SETUP = """
_ENCLOSED = Enclosed(("smartclause", "pydantic", "cryptography"))
"""

_END = """
if __name__ == "__main__":
    sys.exit(run(_ENCLOSED, sys.argv[1:], Path(__file__)))
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
