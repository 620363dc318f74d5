"""`prove --refines`: whether all that one contract allows, another allows too, or does not bar (P-022, P-093)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.comparing import one_ground, refines
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.renaming import renamed, renaming
from smartclause.engines.prove.result import Result, witness_of
from smartclause.engines.prove.witness import replayed
from smartclause.language.sources import Library
from smartclause.logic.contract import Contract
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import ClauseState
from smartclause.verbs.check import Checked, check
from smartclause.verbs.compile import NotCompiledError
from smartclause.verbs.errors import VerbError
from smartclause.verbs.prove import Proven, Told, Writer


def prove_refines(
    first: Path, second: Path, *, acts: tuple[str, ...] = (), mutual: bool = False,
    parties: Mapping[str, str] | None = None, folders: tuple[Path, ...] = (), effort: Effort | None = None,
) -> tuple[Proven, ...]:  # fmt: skip
    """`mutual`: and the other way round. `second` may be the name by which a file would import it. `parties`: names of
    the second file and who they are in the first; others are the same where name, label or role is.

    Raises NotCompiledError (VB03), VerbError VB64, VB65, EvidenceError EV19.
    """
    second = _file_of(second, folders)
    one, other = check((first, second), folders=folders)
    mine, theirs = (_contract(c) for c in (one, other))
    _known(acts, mine, theirs)
    for name, contract in (*((n, theirs) for n in parties or {}), *((n, mine) for n in (parties or {}).values())):
        _has_party(contract, name)
    found = [_one_way(one, mine, _as_in(theirs, mine, parties or {}), second.name, acts, effort)]
    if mutual:
        back = {b: a for a, b in (parties or {}).items()}
        found.append(_one_way(other, theirs, _as_in(mine, theirs, back), first.name, acts, effort))
    return tuple(found)


def _file_of(wanted: Path, folders: tuple[Path, ...]) -> Path:
    """A file; or the file that an import of this name would find in the contracts folders, the shipped ones last."""
    if wanted.suffix == ".clause" or wanted.exists():
        return wanted
    parts = str(wanted).split(".")
    places = (Path(*parts).with_suffix(".clause"), Path(f"{parts[-1]}.clause"))
    found = (root / place for root in Library(folders).roots(None) for place in places)
    return next((path for path in found if path.is_file()), wanted)


def _one_way(
    checked: Checked, mine: Contract, theirs: Contract, name: str, acts: tuple[str, ...], effort: Effort | None
) -> Proven:  # fmt: skip
    prover, writer = Prover(*one_ground(mine, theirs), effort=effort), Writer(checked, mine)
    told = tuple(_told(replace(r, name=name), writer, prover) for r in refines(prover, acts))
    return Proven(checked.path, prover.lookup, told, prover.lookups[1])


def _told(result: Result, writer: Writer, prover: Prover) -> Told:
    witness = witness_of(result)
    if witness is None:
        return Told(result)
    found = replayed(prover.lookups[1], witness.lines).verdict.clauses
    stopping = (ClauseState.FORBIDDEN, ClauseState.UNKNOWN)
    return Told(result, writer.scenario(result), tuple((c.clause, c.state) for c in found if c.state in stopping))


def _as_in(theirs: Contract, mine: Contract, parties: Mapping[str, str]) -> Contract:
    found = renaming(theirs, mine, parties_only=True)
    return renamed(theirs, replace(found, parties={**found.parties, **parties}))


def _contract(checked: Checked) -> Contract:
    contract = checked.loaded.contract
    if contract is None or not checked.holds:
        raise NotCompiledError(checked.loaded, str(checked.path))
    return contract


def _known(acts: tuple[str, ...], *contracts: Contract) -> None:
    for act in acts:
        for lookup in map(Lookup, contracts):
            names = [t for t in lookup.types if lookup.is_act(t)]
            if not any(act in (n, n.rpartition(".")[2]) for n in names):
                raise VerbError("VB64", act=act, contract=lookup.contract.module, known=", ".join(_short(names)))


def _has_party(contract: Contract, name: str) -> None:
    known = sorted({p.name for m in contract.modules for p in m.parties})
    if name not in known:
        raise VerbError("VB65", file=contract.module, party=name, known=", ".join(known))


def _short(names: list[str]) -> Iterator[str]:
    yield from sorted({n.rpartition(".")[2] for n in names})
