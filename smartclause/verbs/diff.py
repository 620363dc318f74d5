"""`diff`: what a new version of a contract changes, before anyone signs it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from smartclause.engines.changes import Change, changes
from smartclause.engines.prove.answer import Answer, Refuted, Witness
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.difference import ActShift, ClauseShift, Difference, difference
from smartclause.engines.prove.duty_difference import DutyShift, DutyWitness, duty_shifts
from smartclause.engines.prove.versions import Versions, versions
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Contract, Expected, Line
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.verbs.check import Checked, check
from smartclause.verbs.compile import NotCompiledError
from smartclause.verbs.prove import Writer


class Step(Enum):
    """The version step that the change asks for: whose rights or duties change, is a new major version."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Shown:
    """An act, or a history, that the two versions judge otherwise. `scenario` passes `test` in the new version's file;
    empty where only the old version has the words for it."""

    before: str
    after: str
    scenario: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldClause:
    of: ClauseShift
    looser: Shown | None
    stricter: Shown | None


@dataclass(frozen=True, slots=True)
class ToldAct:
    of: ActShift
    looser: Shown | None
    stricter: Shown | None


@dataclass(frozen=True, slots=True)
class ToldDuty:
    of: DutyShift
    looser: Shown | None
    stricter: Shown | None


@dataclass(frozen=True, slots=True)
class Diff:
    """`clauses` are all of them, those too in which nothing changed; `acts` those that a changed sentence may touch."""

    difference: Difference
    clauses: tuple[ToldClause, ...]
    acts: tuple[ToldAct, ...]
    duties: tuple[ToldDuty, ...]
    changes: tuple[Change, ...]

    @property
    def versions(self) -> Versions:
        return self.difference.versions

    @property
    def equal(self) -> bool:
        """Proved: every act is judged the same, and every duty is the same."""
        return self.difference.equal and all(d.of.same for d in self.duties)

    @property
    def changed(self) -> bool:
        """Whether an act or a history was found that shows a difference."""
        shown = [x for d in self.duties for x in (d.looser, d.stricter)]
        shifts = [c.of.shift for c in self.clauses] + [a.of.shift for a in self.acts]
        moved = any(isinstance(x, Refuted) for s in shifts for x in (s.looser, s.stricter))
        return self.difference.words or not self.versions.same_frame or moved or any(shown)

    @property
    def open(self) -> bool:
        """Whether something could neither be proved nor shown."""
        unshown = (d.looser is None and d.stricter is None for d in self.duties if not d.of.same)
        return self.difference.open or any(unshown)

    @property
    def step(self) -> Step:
        if not self.equal:
            return Step.MINOR if self._only_added() else Step.MAJOR
        if self.versions.names.told:
            return Step.MAJOR
        if any(c.old is None and c.topic.value in _ADDED for c in self.changes):
            return Step.MINOR
        return Step.PATCH if self.changes else Step.NONE

    def _only_added(self) -> bool:
        """Whether all that changed is what could not be said before."""
        before = {t.name for t in self.versions.old.types}
        acts = [a.of for a in self.acts if not a.of.shift.none]
        return all(d.of.same for d in self.duties) and bool(acts) and all(a.act not in before for a in acts)


_ADDED = {"type", "field", "concept", "parameter", "clause"}


def diff(old: Path, new: Path, *, folders: tuple[Path, ...] = (), effort: Effort | None = None) -> Diff:
    """Raises NotCompiledError (VB03), EvidenceError EV19."""
    first, second = (_checked(path, folders) for path in (old, new))
    return compared(first, second, effort)


def compared(old: Checked, new: Checked, effort: Effort | None = None) -> Diff:
    """Raises NotCompiledError (VB03)."""
    both = versions(_contract(old), _contract(new))
    found = difference(both, effort)
    duties = tuple(duty_shifts(both, effort))
    other = tuple(changes(both.old, both.new, ((p.old, p.new) for p in both.pairs)))
    tell = _Telling(both, Writer(new, both.new))
    return Diff(
        found,
        tuple(tell.clause(c) for c in found.clauses),
        tuple(tell.act(a) for a in found.acts),
        tuple(tell.duty(d) for d in duties),
        other,
    )


def _checked(path: Path, folders: tuple[Path, ...]) -> Checked:
    return check((path,), folders=folders)[0]


def _contract(checked: Checked) -> Contract:
    contract = checked.loaded.contract
    if contract is None or not checked.holds:
        raise NotCompiledError(checked.loaded, str(checked.path))
    return contract


@dataclass
class _Telling:
    """Writes what was found as scenarios of the new file."""

    both: Versions
    writer: Writer
    number: int = 0

    def __post_init__(self) -> None:
        self.old, self.new = Lookup(self.both.old), Lookup(self.both.new)

    def clause(self, shift: ClauseShift) -> ToldClause:
        name = shift.pair.new.id if shift.pair.new else ""
        looser, stricter = (self._shown(x, name) for x in (shift.shift.looser, shift.shift.stricter))
        return ToldClause(shift, looser, stricter)

    def act(self, shift: ActShift) -> ToldAct:
        looser, stricter = (self._shown(x) for x in (shift.shift.looser, shift.shift.stricter))
        return ToldAct(shift, looser, stricter)

    def duty(self, shift: DutyShift) -> ToldDuty:
        looser, stricter = (self._duty(x, shift) if x else None for x in (shift.looser, shift.stricter))
        return ToldDuty(shift, looser, stricter)

    def _shown(self, answer: Answer, clause: str = "") -> Shown | None:
        if isinstance(answer, Refuted) and answer.witness is not None:
            return self._act(answer.witness, clause)
        return None

    def _act(self, witness: Witness, clause: str) -> Shown:
        before = replayed(self.old, witness.lines).verdict.decision
        written = ""
        if self._has_words(witness.lines):
            written = self.writer.written(self._name(), witness, (clause,) if clause else ())
        return Shown(_word(before), _word(witness.verdict.decision), written, witness.lines)

    def _duty(self, witness: DutyWitness, duty: DutyShift) -> Shown:
        written = ""
        if witness.alone and self._has_words(witness.lines) and duty.pair.new is not None and duty.new is not None:
            expected = () if witness.after is None else (
                Expected(witness.after.value, duty.pair.new.id, duty.new.number),
            )  # fmt: skip
            written = self.writer.told(self._name(), witness.lines, expected) if expected else ""
        before, after = (s.value if s else "none" for s in (witness.before, witness.after))
        return Shown(before, after, written, witness.lines)

    def _has_words(self, lines: tuple[Line, ...]) -> bool:
        types = self.new.types
        return all(not x.event or x.event in types for x in lines)

    def _name(self) -> str:
        while True:
            self.number += 1
            name = f"changed_{self.number}"
            if name not in self.writer.taken:
                self.writer.taken.add(name)
                return name


def _word(decision: Decision) -> str:
    return decision.value
