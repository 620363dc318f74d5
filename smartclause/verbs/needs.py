"""`prove --needs`: what a contract asks to be recorded, by whom, and what is never allowed where a source is silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smartclause.engines.prove.answer import NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.missing import Missing, of_fact, of_speaker, of_type
from smartclause.engines.prove.needs import Left, Needing, Needs
from smartclause.engines.prove.prover import Prover
from smartclause.logic.contract import BUILT_IN
from smartclause.logic.lookup import Lookup
from smartclause.verbs.check import Checked, check
from smartclause.verbs.compile import NotCompiledError
from smartclause.verbs.errors import VerbError
from smartclause.verbs.plain import nearest, qualified
from smartclause.verbs.prove import Writer


@dataclass(frozen=True, slots=True)
class Kept:
    """What becomes of an act; `scenario`: one that is still allowed, in the words of the file."""

    left: Left
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """`without`: what the caller named; empty: each source by itself, and pairs of them."""

    path: Path
    lookup: Lookup
    needs: Needs
    left: tuple[Kept, ...]
    without: tuple[str, ...] = ()

    @property
    def never(self) -> tuple[Kept, ...]:
        """Acts that something allows, and nothing without what was named."""
        allowed = {(a.act, a.party) for a in self.needs.acts if not isinstance(a.allowed, Proved)}
        return tuple(
            k for k in self.left if isinstance(k.left.answer, Proved) and (k.left.act, k.left.party) in allowed
        )

    @property
    def open(self) -> bool:
        answers = (*(a.allowed for a in self.needs.acts), *(k.left.answer for k in self.left))
        return any(isinstance(a, NotProven) for a in answers)


def needs(
    files: tuple[Path, ...], *, acts: tuple[str, ...] = (), without: tuple[str, ...] = (),
    folders: tuple[Path, ...] = (), effort: Effort | None = None,
) -> tuple[Needed, ...]:  # fmt: skip
    """Raises NotCompiledError (VB03), VerbError VB06, VB64, VB70, EvidenceError EV19."""
    return tuple(needs_checked(c, acts=acts, without=without, effort=effort) for c in check(files, folders=folders))


def needs_checked(
    checked: Checked, *, acts: tuple[str, ...] = (), without: tuple[str, ...] = (), effort: Effort | None = None
) -> Needed:
    """Raises NotCompiledError (VB03), VerbError VB06, VB64, VB70."""
    contract = checked.loaded.contract
    if contract is None or not checked.holds:
        raise NotCompiledError(checked.loaded, str(checked.path))
    prover, writer = Prover(contract, effort=effort), Writer(checked, contract)
    needing = Needing(prover, tuple(_act(a, prover, str(checked.path)) for a in acts))
    gone = tuple((n, _missing(n, needing, str(checked.path))) for n in dict.fromkeys(without))
    found = needing.needs(gone)
    return Needed(checked.path, prover.lookup, found, tuple(_written(found, writer)), tuple(n for n, _ in gone))


def _written(found: Needs, writer: Writer) -> Iterator[Kept]:
    """An act that several sources leave allowed stands under one name."""
    names: dict[int, str] = {}
    for left in (*found.left, *found.pairs):
        witness = left.answer.witness if isinstance(left.answer, Refuted) else None
        yield Kept(left, "" if witness is None else _scenario(left, witness, writer, names))


def _scenario(left: Left, witness: Witness, writer: Writer, names: dict[int, str]) -> str:
    if id(witness) not in names:
        names[id(witness)] = writer.written(writer.free(f"still_allowed_{left.act.rpartition('.')[2]}"), witness)
    return names[id(witness)]


# ---- names


def _act(name: str, prover: Prover, place: str) -> str:
    """Raises VerbError VB06, VB64."""
    known = tuple(dict.fromkeys(a for a, _ in prover.acts()))
    if name not in known and not any(k.rpartition(".")[2] == name for k in known):
        raise VerbError("VB64", contract=place, act=name, known=nearest(name, known))
    return qualified(name, known, place)


def _missing(name: str, needing: Needing, place: str) -> Missing:
    """A party, a role, a kind of record, a fact: the first that is called so, a party or role also by its label.
    Raises VerbError VB06, VB70."""
    lookup = needing.prover.lookup
    speakers = _speakers(lookup)
    name = _by_label(name, lookup)
    read = [(k, f) for k in needing.recorded.types for f in needing.recorded.fields(k)]
    if name in speakers or any(s.rpartition(".")[2] == name for s in speakers):
        return of_speaker(lookup, qualified(name, speakers, place))
    types = tuple(t for t in needing.recorded.types if t not in BUILT_IN)
    if name in types or any(t.rpartition(".")[2] == name for t in types):
        return of_type(lookup, qualified(name, types, place))
    facts = [(k, f) for k, f in read if name in (f, f"{k.rpartition('.')[2]}.{f}", f"{k}.{f}")]
    if not facts:
        known = (*speakers, *types, *dict.fromkeys(f for _, f in read))
        raise VerbError("VB70", contract=place, name=name, known=nearest(name, known))
    parts = [of_fact(lookup, k, f) for k, f in facts]
    return Missing(lookup, facts=frozenset().union(*(p.facts for p in parts)))


def _by_label(name: str, lookup: Lookup) -> str:
    labels = [(p.name, p.label) for m in lookup.contract.modules for p in m.parties] + [*lookup.contract.roles]
    found = {n for n, label in labels if name in (label.zh, label.en)}
    return found.pop() if len(found) == 1 else name


def _speakers(lookup: Lookup) -> tuple[str, ...]:
    parties = [p.name for m in lookup.contract.modules for p in m.parties]
    shown = [f.shown_by for t in lookup.contract.types for f in t.fields if f.shown_by]
    return tuple(dict.fromkeys((*parties, *(r for r, _ in lookup.contract.roles), *lookup.roles.values(), *shown)))
