"""From a clause file to its linked contract: parse, imports, names, types, meaning, faults of drafting.

User text never raises; whatever is wrong is a finding, and with an error among them there is no contract.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smartclause.language import tree
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.lints import lint
from smartclause.language.program import Linked, link
from smartclause.language.sources import Library, Reading, read, read_text
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.contract import Contract

# Where a statement could not be read, names that seem unknown may have stood in it.
_CONSEQUENCES = ("R01", "R05", "R15", "R17", "R26", "R30", "T04")


NOTHING_GRANTS = "V03"


@dataclass(frozen=True, slots=True)
class Loaded:
    """`sources` are the bytes of each file by the name in its header, `trees` what they say.

    `paths` tell where the files were found; `texts` are the contents by the file name that findings carry.
    """

    contract: Contract | None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, bytes] = field(default_factory=dict)
    trees: Mapping[str, tree.File] = field(default_factory=dict)
    root: str = ""
    paths: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

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
        return Loaded(None, _in_order(found, file), texts=reading.texts)
    contract = None
    if not program.missing:
        later: list[Diagnostic] = []
        linked = link(program, later)
        broken = any(each.is_error for each in found)
        found.extend(each for each in later if not (broken and each.code.startswith(_CONSEQUENCES)))
        if linked is not None:
            contract = linked.contract
            found.extend(_lints(linked, later, any(each.is_error for each in found)))
    whole = not any(each.is_error for each in found)
    return Loaded(
        contract if whole else None,
        _in_order(found, file),
        {module: _bytes(module, file_, reading) for module, file_ in program.files.items()},
        program.files,
        program.root,
        reading.paths,
        reading.texts,
    )


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
