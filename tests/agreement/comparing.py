"""Where an engine's answers differ from the reference's, in words."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace

from smartclause.rails.refused import CannotDo
from tests.agreement.answers import Owes, Told, coarse
from tests.agreement.engines import Answers, Engine
from tests.agreement.gaps import GAPS, gap_of
from tests.agreement.worlds import Case

SECONDS = 60.0  # of work for the cases of one contract, on the slowest machine


@dataclass(frozen=True)
class Difference:
    """`what`: which answer differs; `expected` is the reference's."""

    engine: str
    what: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.engine}: {self.what}\n  expected {self.expected}\n  found    {self.found}"


def differences(
    engine: Engine, cases: Sequence[Case], wanted: Sequence[Answers], seconds: float = SECONDS
) -> Iterator[tuple[Case, Difference]]:
    """A refusal is one too, unless it is listed as a gap."""
    for case, want, found in zip(cases, wanted, _answered(engine, cases, seconds), strict=True):
        if isinstance(found, CannotDo):
            if gap_of(engine.name, found.construct) is None:
                yield case, Difference(engine.name, "refused, and no gap is listed", "an answer", found)
        elif isinstance(found, Exception):
            yield case, Difference(engine.name, "broke", "an answer", repr(found))
        else:
            yield from ((case, d) for d in apart(engine, want, found))


def _answered(engine: Engine, cases: Sequence[Case], seconds: float) -> Iterable[Answers | Exception]:
    """An engine that breaks on one case of many is asked again, case by case."""
    try:
        with bounded(seconds):
            return list(engine.batch(cases))
    except Exception as fault:  # whatever an engine raises is what is looked for
        return [fault] if len(cases) == 1 else [a for c in cases for a in _answered(engine, [c], seconds)]


def first_of(found: Callable[[Case], Iterator[Difference]], case: Case, seconds: float = 20.0) -> Difference | None:
    """The first difference; that it broke is one, a refusal is none."""
    try:
        with bounded(seconds):
            return next(found(case), None)
    except CannotDo as refusal:
        listed = any(g.construct == refusal.construct for g in GAPS)
        return None if listed else Difference("", "refused, and no gap is listed", "an answer", refusal)
    except Exception as fault:  # whatever an engine raises is what is looked for
        return Difference("", "broke", "an answer", repr(fault))


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises TimeoutError when this process has worked for so long: an engine that never ends is a fault too."""

    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError("no end in sight")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def apart(engine: Engine, want: Answers, found: Answers) -> Iterator[Difference]:
    for name in ("acts", "proposed", "plain"):
        theirs, ours = getattr(want, name), getattr(found, name)
        if ours is not None:
            yield from _told(engine, name, theirs, ours)
    if found.duties is not None and want.duties is not None:
        yield from _owes(engine, want.duties, found.duties)


def _told(engine: Engine, name: str, theirs: list[Told], ours: list[Told]) -> Iterator[Difference]:
    if [t.event for t in theirs] != [t.event for t in ours]:
        yield Difference(engine.name, f"which {name} are judged", [t.event for t in theirs], [t.event for t in ours])
        return
    for one, other in zip(theirs, ours, strict=True):
        want, got = _as_told(engine, one), _as_told(engine, other)
        if want == got:
            continue
        where = f"{name} {want.event}"
        if want.truth is not got.truth:
            yield Difference(engine.name, f"verdict on {where}", want.truth.value, got.truth.value)
        for key in sorted({*want.clauses, *got.clauses}):
            if want.clauses.get(key) is not got.clauses.get(key):
                yield Difference(engine.name, f"clause {key} for {where}", want.clauses.get(key), got.clauses.get(key))
        for place in sorted({*want.leaves, *got.leaves}):
            if want.leaves.get(place) is not got.leaves.get(place):
                yield Difference(engine.name, f"leaf {place} of {where}", want.leaves.get(place), got.leaves.get(place))
        if want.reasons != got.reasons:
            yield Difference(
                engine.name, f"reasons for {where}", sorted(map(str, want.reasons - got.reasons)),
                sorted(map(str, got.reasons - want.reasons)),
            )  # fmt: skip


def _as_told(engine: Engine, one: Told) -> Told:
    kept = coarse(one) if engine.coarse else one
    empty = {"clauses": {}, "leaves": {}, "reasons": frozenset()}
    return replace(kept, **{n: v for n, v in empty.items() if n not in engine.tells})  # type: ignore[arg-type]


def _owes(engine: Engine, theirs: list[Owes], ours: list[Owes]) -> Iterator[Difference]:
    missing, extra = _without(theirs, ours), _without(ours, theirs)
    for one in missing:
        near = next((o for o in extra if (o.clause, o.trigger, o.keys) == (one.clause, one.trigger, one.keys)), None)
        if near is None:
            yield Difference(engine.name, f"duty of {one.clause}", one, "no such duty")
            continue
        extra.remove(near)
        for part in fields(Owes):
            if getattr(one, part.name) != getattr(near, part.name):
                yield Difference(
                    engine.name, f"{part.name} of the duty of {one.clause} opened by {one.trigger or 'force'}",
                    getattr(one, part.name), getattr(near, part.name),
                )  # fmt: skip
    for one in extra:
        yield Difference(engine.name, f"duty of {one.clause}", "no such duty", one)


def _without(some: list[Owes], others: list[Owes]) -> list[Owes]:
    left = list(others)
    return [o for o in some if o not in left or left.remove(o)]  # type: ignore[func-returns-value]
