"""The file judged and all it imports, found and parsed; nothing is joined yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from smartclause import resources
from smartclause.language import tree
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.findings import diagnostic
from smartclause.language.lexicon import Declarations, Declared, declarations
from smartclause.language.names import module_of
from smartclause.language.parse import parse

MOST_FILES = 64


@dataclass(slots=True)
class Gathered:
    """`whole` if every file was found and has a tree."""

    root: str = ""
    file: str = ""
    whole: bool = True
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, tree.File] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    text: str
    file: str
    bytes: bytes
    path: Path | None
    declared: Declarations


def gather(source: Path | str, folders: tuple[Path, ...], name: str) -> Gathered:
    found: dict[str, _Found] = {}
    content = source.read_bytes() if isinstance(source, Path) else source.encode("utf-8", "surrogatepass")
    path = source if isinstance(source, Path) else None
    root = _read(content, name or (str(source) if isinstance(source, Path) else "text"), path)
    beside = (source.resolve().parent,) if isinstance(source, Path) else ()
    gathered = Gathered(file=root.file)
    places = (*beside, *folders, resources.folder("contracts"))
    _follow(root, places, found, gathered)
    for key, each in [("", root), *found.items()]:
        _parse(key, each, found, gathered)
    return gathered


def _read(content: bytes, file: str, path: Path | None) -> _Found:
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return _Found(text, file, content, path, declarations(text))


def _follow(here: _Found, places: tuple[Path, ...], found: dict[str, _Found], gathered: Gathered) -> None:
    waiting = [here]
    while waiting:
        each = waiting.pop(0)
        for wanted in each.declared.imports:
            key = module_of(wanted.path)
            path = _seek(wanted.path, places)
            if key in found or len(found) >= MOST_FILES:
                continue
            if path is None:
                gathered.whole = False
                continue
            found[key] = _read(path.read_bytes(), str(path), path)
            waiting.append(found[key])


def _seek(path: str, places: tuple[Path, ...]) -> Path | None:
    parts = path.split(".")
    for place in places:
        for stem in ("/".join(parts), parts[-1]):
            for ending in (".clause", ".zh.clause"):
                if (place / f"{stem}{ending}").is_file():
                    return place / f"{stem}{ending}"
    return None


def _parse(key: str, each: _Found, found: dict[str, _Found], gathered: Gathered) -> None:
    parsed, diagnostics = parse(each.text, each.file, list(_words(each, found)))
    gathered.diagnostics.extend(diagnostics)
    gathered.texts[each.file] = each.text
    if parsed is None:
        gathered.whole = False
        return
    name = parsed.header.name.id
    if key and name != key:
        gathered.diagnostics.append(diagnostic("R32", parsed.header.span, parsed.language, name=name, path=key))
        gathered.whole = False
        return
    gathered.root = gathered.root or name
    for item in parsed.items:
        if isinstance(item, tree.Import) and module_of(item.path) not in found:
            gathered.diagnostics.append(diagnostic("R33", item.span, parsed.language, path=item.path))
    gathered.trees[name] = parsed
    gathered.sources[name] = each.bytes
    if each.path:
        gathered.paths[name] = each.path


def _words(here: _Found, found: dict[str, _Found]) -> Iterator[tuple[str, str, tuple[Declared, ...]]]:
    """The words of every import, inner ones included."""
    seen: set[str] = set()
    waiting = [here]
    while waiting:
        each = waiting.pop(0)
        for wanted in each.declared.imports:
            key = module_of(wanted.path)
            if key in found and key not in seen:
                seen.add(key)
                yield key, wanted.alias if each is here else "", found[key].declared.names
                waiting.append(found[key])
