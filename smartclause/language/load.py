"""From a clause file to its linked contract: parse, imports, names, types, meaning, faults of drafting.

User text never raises; whatever is wrong is a finding, and with an error among them there is no contract.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smartclause.language import tree
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.gathering import Gathered, gather
from smartclause.language.lints import lint
from smartclause.language.names import Program
from smartclause.language.program import link
from smartclause.logic.contract import Contract


@dataclass(frozen=True, slots=True)
class Loaded:
    """`sources` are the bytes of each file by the name in its header, `trees` what they say.

    `paths` tell where the files were found; `texts` are their contents by the file name that findings carry.
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


def load(source: Path | str, folders: Iterable[Path] = (), *, name: str = "") -> Loaded:
    """The contract of a file (a Path) or of a text (a str, called `name` in findings).

    Imports are sought beside the file, then in `folders`, then among the shipped contracts.
    """
    gathered = gather(source, tuple(folders), name)
    found = list(gathered.diagnostics)
    linked = link(Program(gathered.root, gathered.trees), found) if gathered.whole else None
    if linked is not None and gathered.root:
        lint(linked, found)
    whole = linked is not None and not any(each.is_error for each in found)
    return _loaded(gathered, linked.contract if linked is not None and whole else None, found)


def _loaded(gathered: Gathered, contract: Contract | None, found: list[Diagnostic]) -> Loaded:
    ordered = sorted(dict.fromkeys(found), key=lambda each: (not _of_root(each, gathered), each.span.start))
    return Loaded(
        contract, tuple(ordered), gathered.sources, gathered.trees, gathered.root, gathered.paths, gathered.texts
    )


def _of_root(found: Diagnostic, gathered: Gathered) -> bool:
    return found.span.file == gathered.file
