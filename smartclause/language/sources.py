"""Finds and reads a file and all it imports, within bounds of size, depth and number; never leaves its folders."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from smartclause import resources
from smartclause.language import tree
from smartclause.language.amend import amended, amends_of, lacking
from smartclause.language.diagnostic import Diagnostic, Language, Lines, Span
from smartclause.language.findings import Findings
from smartclause.language.lexicon import Declarations, Declared, Wanted, declarations, detect
from smartclause.language.names import Program
from smartclause.language.parse import LARGEST, parse
from smartclause.language.pieces import finding
from smartclause.language.wording_words import WORDS
from smartclause.logic.opening import beginning

DEEPEST_IMPORT = 16
MOST_FILES = 200
_ENDINGS = (".clause", ".zh.clause")
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Library:
    """Where imports are sought besides the folder of the importing file.

    `lock` pins the digest of the bytes of an import by its path; `digest` computes one.
    """

    folders: tuple[Path, ...] = ()
    lock: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    digest: Callable[[bytes], str] | None = None
    shipped: bool = True

    def roots(self, beside: Path | None) -> Iterator[Path]:
        if beside is not None:
            yield beside
        yield from self.folders
        if self.shipped:
            try:
                yield resources.folder("contracts")
            except FileNotFoundError:
                return


@dataclass(frozen=True, slots=True)
class Reading:
    """`program` is None where the file itself has no header; `texts` holds every source by its file name.

    `trees` are the files as written, by the names in their headers; the program of an amendment holds the contract
    as amended. `before` are the versions that the amendment changes, the nearest last.
    """

    program: Program | None
    found: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    paths: Mapping[str, Path]
    """The file of every module that was read from one."""
    trees: Mapping[str, tree.File] = field(default_factory=dict)
    root: str = ""
    before: tuple["Before", ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """A version and what the amendment of it says that it amends."""

    program: Program
    said: tree.Amends
    language: Language


@dataclass(slots=True)
class _Source:
    text: str
    name: str
    """As messages show it."""
    path: Path | None
    declared: Declarations
    language: Language
    imports: list[tuple[Wanted, "_Source"]] = field(default_factory=list)

    @property
    def base(self) -> "_Source | None":
        """What an amendment amends."""
        return next((inner for wanted, inner in self.imports if wanted.amends), None)

    @property
    def beside(self) -> Path | None:
        return self.path.parent if self.path else None

    def span(self, wanted: Wanted) -> Span:
        return Lines(self.text, self.name).span(wanted.start, wanted.end)


def read(path: Path, library: Library | None = None) -> Reading:
    """The file and its imports. Raises OSError where the file itself cannot be read."""
    return _Reader(library or Library()).run(_limited(path), str(path), path)


def read_text(text: str, file: str = "", library: Library | None = None, beside: Path | None = None) -> Reading:
    """The same for a text that is no file; imports are also sought in the folder `beside`."""
    path = beside / "text.clause" if beside else None
    return _Reader(library or Library()).run(text.encode("utf-8", "surrogatepass"), file, path, real=False)


class _Reader:
    def __init__(self, library: Library) -> None:
        self.library = library
        self.known: dict[Path, _Source] = {}
        self.found: list[Diagnostic] = []
        self.missing: set[str] = set()
        self.full = False
        self.read: dict[int, tree.File] = {}

    def run(self, data: bytes, name: str, path: Path | None, real: bool = True) -> Reading:
        text = _decoded(data)
        if text is None or len(text) > LARGEST:
            return Reading(None, (_unreadable(text, name),), {}, {})
        main = _source(text, name, path)
        if path is not None and real:
            self.known[path.resolve()] = main
        self._imports(main, (main,))
        return self._parsed(main)

    # ---- the graph of files

    def _imports(self, source: _Source, trail: tuple[_Source, ...]) -> None:
        for wanted in source.declared.imports:
            inner = self._import(source, wanted, trail)
            if inner is None:
                self.missing.add(_module(wanted.path))
            else:
                source.imports.append((wanted, inner))

    def _import(self, source: _Source, wanted: Wanted, trail: tuple[_Source, ...]) -> _Source | None:
        path = self._sought(source, wanted)
        if path is None:
            return None
        known = self.known.get(path.resolve())
        if known is not None:
            return self._unless_cycle(known, source, wanted, trail)
        if len(trail) > DEEPEST_IMPORT:
            self._refuse("P18", source, wanted, limit=DEEPEST_IMPORT)
            return None
        if len(self.known) >= MOST_FILES:
            if not self.full:
                self.full = True
                self._refuse("P19", source, wanted, limit=MOST_FILES)
            return None
        inner = self._read(path, source, wanted)
        if inner is not None:
            self.known[path.resolve()] = inner
            self._imports(inner, (*trail, inner))
        return inner

    def _unless_cycle(
        self, known: _Source, source: _Source, wanted: Wanted, trail: tuple[_Source, ...]
    ) -> _Source | None:
        if all(known is not step for step in trail):
            return known
        start = next(index for index, step in enumerate(trail) if step is known)
        names = [_shown(step) for step in (*trail[start:], known)]
        self._refuse("P17", source, wanted, cycle=" → ".join(names))
        return None

    def _read(self, path: Path, source: _Source, wanted: Wanted) -> _Source | None:
        try:
            data = _limited(path)
        except OSError:
            self._refuse("P16", source, wanted, path=wanted.path, places=str(path))
            return None
        text = _decoded(data)
        if text is None:
            self._refuse("P23", source, wanted, path=wanted.path)
            return None
        if len(text) > LARGEST:
            self.found.append(_unreadable(text, str(path)))
            return None
        pinned = self.library.lock.get(wanted.path)
        if pinned is not None and self.library.digest is not None and self.library.digest(data) != pinned:
            self._refuse("P21", source, wanted, path=wanted.path)
            return None
        return _source(text, str(path), path)

    def _sought(self, source: _Source, wanted: Wanted) -> Path | None:
        """The first file among `a/b.clause`, `b.clause` in each folder in turn."""
        if not _PATH.fullmatch(wanted.path):
            self._not_found(source, wanted, [wanted.path])
            return None
        tried: list[str] = []
        for root in self.library.roots(source.beside):
            for stem in dict.fromkeys((wanted.path.replace(".", "/"), _module(wanted.path))):
                for ending in _ENDINGS:
                    candidate = root / f"{stem}{ending}"
                    if not candidate.is_file():
                        continue
                    if not candidate.resolve().is_relative_to(root.resolve()):
                        self._refuse("P20", source, wanted, path=wanted.path)
                        return None
                    return candidate
                tried.append(f"{stem}.clause")
        self._not_found(source, wanted, tried)
        return None

    def _not_found(self, source: _Source, wanted: Wanted, tried: list[str]) -> None:
        separator = "、" if source.language == "zh" else ", "
        places = separator.join(dict.fromkeys(tried)) or wanted.path
        self._refuse("P16", source, wanted, path=wanted.path, places=places)

    def _refuse(self, code: str, source: _Source, wanted: Wanted, **said: object) -> None:
        self.found.append(finding(code, source.span(wanted), source.language, **said))

    # ---- the trees

    def _parsed(self, main: _Source) -> Reading:
        texts: dict[str, str] = {}
        trees: dict[str, tree.File] = {}
        paths: dict[str, Path] = {}
        for source in _post_order(main):
            read, found = _tree(source)
            self.found.extend(found)
            texts[source.name] = source.text
            module = read.header.name.id if read else _shown(source)
            if read is None:
                self.missing.add(module)
            elif module in trees:
                self._twice(source, module)
            else:
                self.read[id(source)] = trees[module] = read
                if source.path is not None:
                    paths[module] = source.path
        self._check_names(main)
        before: list[Before] = []
        program = self._program(main, before)
        root = self.read[id(main)].header.name.id if id(main) in self.read else ""
        return Reading(program, tuple(dict.fromkeys(self.found)), texts, paths, trees, root, tuple(before))

    def _program(self, source: _Source, before: list[Before]) -> Program | None:
        """The file with all it imports; of an amendment the contract as amended, `before` the versions before it."""
        written = self.read.get(id(source))
        if written is None:
            return None
        if written.header.kind == "amendment":
            return self._amended(source, written, before)
        return self._joined(written.header.name.id, written, source, {})

    def _joined(self, root: str, file: tree.File, source: _Source, below: Mapping[str, tree.File]) -> Program:
        files = dict(below)
        for wanted, inner in reversed(source.imports):
            if not wanted.amends:
                every = (self.read.get(id(each)) for each in _post_order(inner))
                files.update({each.header.name.id: each for each in every if each is not None})
        files = {name: each for name, each in files.items() if name != root} | {root: file}
        return Program(root, files, frozenset(self.missing - set(files)))

    def _amended(self, source: _Source, written: tree.File, before: list[Before]) -> Program | None:
        say = Findings(source.language, self.found)
        for line in lacking(written):
            say.add("R33", written.header.span, line=line)
        said, base = amends_of(written), source.base
        old = None if base is None else self._program(base, before)
        if said is None or base is None or old is None or lacking(written):
            return None
        before.append(Before(old, said, source.language))
        file = amended(old.files[old.root], written, say)
        return None if file is None else self._joined(old.root, file, source, old.files)

    def _twice(self, source: _Source, module: str) -> None:
        place = Lines(source.text, source.name).span(0, 1)
        self.found.append(finding("P26", place, source.language, name=module))

    def _check_names(self, main: _Source) -> None:
        for source in _post_order(main):
            for wanted, inner in source.imports:
                name = _header_name(inner.text)
                if name and name != _module(wanted.path):
                    self._refuse("P22", source, wanted, path=wanted.path, found=name)


def _source(text: str, name: str, path: Path | None) -> _Source:
    declared, language = _seen(text) if len(text) <= _KEPT else _begun(text)
    return _Source(text, name, path, declared, language)


def _begun(text: str) -> tuple[Declarations, Language]:
    return declarations(text), detect(text)


def _tree(source: _Source) -> tuple[tree.File | None, list[Diagnostic]]:
    if len(source.text) > _KEPT:
        return parse(source.text, source.name, _words(source), source.language)
    words = tuple((path, alias, tuple(names)) for path, alias, names in _words(source))
    return _parsed_once(source.text, source.name, words, source.language)


_KEPT = 100_000  # characters: of longer files nothing is kept
# What many contracts import is read by a process once: a tree is never changed.
_seen = lru_cache(maxsize=64)(_begun)
_parsed_once = lru_cache(maxsize=64)(parse)


def _post_order(main: _Source) -> Iterator[_Source]:
    """Every file once, the imported before the importing."""
    done: set[int] = set()
    stack: list[tuple[_Source, bool]] = [(main, False)]
    while stack:
        source, ready = stack.pop()
        if ready:
            yield source
        elif id(source) not in done:
            done.add(id(source))
            stack.append((source, True))
            stack.extend((inner, False) for _, inner in source.imports)


def _words(source: _Source) -> Iterable[tuple[str, str, Iterable[Declared]]]:
    """Declarations of all files below; short names only of those imported here."""
    for wanted, inner in source.imports:
        yield wanted.path, wanted.alias, ()
        yield wanted.path, _module(wanted.path), ()
        if wanted.amends:
            yield from ((path, alias, ()) for path, alias, _ in _words(inner) if path)
    for inner in _post_order(source):
        if inner is not source:
            yield "", "", inner.declared.names


def _limited(path: Path) -> bytes:
    """The bytes of the file, or others of its place that are too long as well. Raises OSError."""
    data = beginning(path, 4 * LARGEST)
    return data if len(data) <= 4 * LARGEST else b"x" * (LARGEST + 1)


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _unreadable(text: str | None, name: str) -> Diagnostic:
    place = Lines("", name).span(0, 0)
    if text is None:
        return finding("P23", place, "en", path=name)
    wording = WORDS["L13"]
    return Diagnostic("L13", "error", wording.en.format(limit="2 MB"), place, wording.en_help)


def _module(path: str) -> str:
    return path.rsplit(".", 1)[-1]


_HEADER = re.compile(
    r"(?:contract|agreement|rule\s+pack|vocabulary|amendment|合同|限制性协议|规则包|词汇表|修订案)\s*"
    r"([A-Za-z_][A-Za-z0-9_]*)\s*(?:version|版本)"
)


def _header_name(text: str) -> str | None:
    match = _HEADER.search(text)
    return match[1] if match else None


def _shown(source: _Source) -> str:
    return _header_name(source.text) or Path(source.name).name.split(".")[0]
