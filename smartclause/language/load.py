"""From a clause file to its linked contract: parse, imports, names, types, meaning, faults of drafting.

User text never raises; whatever is wrong is a finding, and with an error among them there is no contract.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from smartclause.language import tree
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.findings import Findings
from smartclause.language.lints import lint
from smartclause.language.program import Linked, link
from smartclause.language.sources import Before, Library, Reading, read, read_text
from smartclause.language.wording import Both
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.contract import Contract
from smartclause.logic.identity import document_digest
from smartclause.logic.versions import amending

# Where a statement could not be read, names that seem unknown may have stood in it.
_CONSEQUENCES = ("R01", "R05", "R15", "R17", "R26", "R30", "T04")


NOTHING_GRANTS = "V03"


@dataclass(frozen=True, slots=True)
class Loaded:
    """`sources` are the bytes of each file by the name in its header, `trees` what they say, as written.

    Of an amendment `contract` is the contract as amended and `before` the one that it amends.

    `paths` tell where the files were found; `texts` are the contents by the file name that findings carry.
    """

    contract: Contract | None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, bytes] = field(default_factory=dict)
    trees: Mapping[str, tree.File] = field(default_factory=dict)
    root: str = ""
    paths: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    before: Contract | None = None

    @property
    def has_errors(self) -> bool:
        return any(found.is_error for found in self.diagnostics)


def load(
    source: Path | str,
    folders: Iterable[Path] = (),
    *,
    name: str = "",
    beside: Path | None = None,
    lock: Mapping[str, str] | None = None,
) -> Loaded:
    """The contract of a file (a Path) or of a text (a str, called `name` in findings).

    Imports are sought beside the file, then in `folders`, then among the shipped contracts; `lock` gives the
    digest of the bytes of imports by path. Raises OSError where the file itself cannot be read.
    """
    library = Library(tuple(folders), lock or {}, digest_of_bytes)
    if isinstance(source, Path):
        return _joined(read(source, library), str(source))
    return _joined(read_text(source, name, library, beside), name)


def _joined(reading: Reading, file: str) -> Loaded:
    found = list(reading.found)
    program = reading.program
    if program is None:
        return Loaded(None, _in_order(found, file), texts=reading.texts, **_written(reading))
    contract = None
    before = _before(reading, found)
    if not program.missing and (before is not None or not reading.before):
        later: list[Diagnostic] = []
        linked = link(program, later)
        broken = any(each.is_error for each in found)
        found.extend(each for each in later if not (broken and each.code.startswith(_CONSEQUENCES)))
        if linked is not None:
            contract = linked.contract if before is None else amending(linked.contract, before)
            advice = _lints(linked, later, any(each.is_error for each in found))
            found.extend(each for each in advice if each.is_error or not reading.before or each.span.file == file)
    whole = not any(each.is_error for each in found)
    return Loaded(
        contract if whole else None,
        _in_order(found, file),
        texts=reading.texts,
        before=before,
        **_written(reading),
    )


class _Written(TypedDict):
    sources: Mapping[str, bytes]
    trees: Mapping[str, tree.File]
    root: str
    paths: Mapping[str, Path]


def _written(reading: Reading) -> _Written:
    """The files as they were found, an amendment and what it amends each by itself."""
    sources = {module: _bytes(module, file, reading) for module, file in reading.trees.items()}
    return {"sources": sources, "trees": reading.trees, "root": reading.root, "paths": reading.paths}


def _before(reading: Reading, found: list[Diagnostic]) -> Contract | None:
    """The version that an amendment amends, each checked against the digest in the next; None if one is unfit."""
    before: Contract | None = None
    for version in reading.before:
        sink: list[Diagnostic] = []
        linked = None if version.program.missing else link(version.program, sink)
        broken = any(each.is_error for each in (*found, *sink))
        found.extend(each for each in sink if each.is_error)
        if linked is None or broken:
            return None
        before = linked.contract if before is None else amending(linked.contract, before)
        _check_base(before, version, Findings(version.language, found))
    return before


def _check_base(before: Contract, version: Before, say: Findings) -> None:
    said, name = version.said, version.program.root
    mine = version.program.files[name].header.version
    if said.version != mine:
        say.add("R34", said.span, what=Both("version", "版本"), name=name, found=mine)
    digest = document_digest(before)
    if said.digest != digest:
        say.add("R34", said.span, what=Both("digest", "摘要"), name=name, found=digest)


def _lints(linked: Linked, sink: list[Diagnostic], broken: bool) -> list[Diagnostic]:
    """Faults of drafting; advice, and what a sentence that could not be read would mend, wait for no error."""
    count = len(sink)
    lint(linked, sink)
    return [each for each in sink[count:] if not broken or (each.is_error and each.code != NOTHING_GRANTS)]


def _bytes(module: str, file: tree.File, reading: Reading) -> bytes:
    """The bytes as they lie in the file, whose line ends and mark of encoding the text has lost."""
    text = reading.texts[file.header.span.file]
    path = reading.paths.get(module)
    data = path.read_bytes() if path is not None and path.is_file() else b""
    unchanged = data.decode("utf-8-sig", "replace").replace("\r\n", "\n") == text
    return data if unchanged and data else text.encode("utf-8", "surrogatepass")


def _in_order(found: list[Diagnostic], file: str) -> tuple[Diagnostic, ...]:
    """Findings of the file itself first, each once, as one reads."""
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda each: (each.span.file != file, each.span.file, each.span.start, each.code)))
