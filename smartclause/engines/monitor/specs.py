"""The duties of a contract as the fast core follows them; what it cannot follow so is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from smartclause.engines.monitor.conditions import Condition, Conditions
from smartclause.engines.monitor.obligations import Period, Spec
from smartclause.engines.monitor.questions import keys_of
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.contract import Clause, Duty, EventTrigger, Module, Repeated, Standing
from smartclause.logic.counting import Duration, Instant, Span, Unit, due, end_of_day
from smartclause.logic.finding import Reason
from smartclause.logic.force import force_start
from smartclause.logic.instants import LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Source
from smartclause.logic.terms import Const, Kind, Parameter
from smartclause.logic.world import length, may_record
from smartclause.rails.dated import Dated
from smartclause.rails.formula import Each, Formula, Inverse
from smartclause.rails.lowering import lower_term
from smartclause.rails.refused import CannotDo

DAYS = 4096  # so many ends of periods are kept
Sources = Mapping[str, tuple[str, Instant]]
"""By name, whose it is and up to when it says to be complete."""


@dataclass(frozen=True)
class Trigger:
    """Of records of one type: `holds` is whether one surely opens the duty, `sure_type` whether it is such a record."""

    spec: Spec
    sure_type: bool
    formula: Formula
    holds: Condition | None


@dataclass(frozen=True)
class AnswerOf:
    """Of acts of one type. `where` None: it asks for nothing more."""

    spec: Spec
    type: str
    sure_type: bool
    formula: Formula
    where: Condition | None


@dataclass(frozen=True)
class Specs:
    conditions: Conditions
    dated: Dated
    sources: Sources

    @property
    def lookup(self) -> Lookup:
        return self.conditions.lookup

    def all(self) -> Iterator[Spec]:
        """Each sentence, then its `otherwise`. Raises CannotDo."""
        for module, clause in self.lookup.all_clauses():
            for sentence in clause.sentences:
                match sentence:
                    case Duty():
                        yield from self._with_second(self._spec(module, clause, sentence))
                    case Repeated():
                        raise CannotDo("a duty that comes again and again", clause.id)
                    case Standing():
                        raise CannotDo("a condition that is to hold always", clause.id)
                    case _:
                        pass

    def _with_second(self, spec: Spec) -> Iterator[Spec]:
        yield spec
        if spec.second is not None:
            yield from self._with_second(spec.second)

    def _spec(self, module: Module, clause: Clause, duty: Duty, is_otherwise: bool = False) -> Spec:
        self._refuse(module, clause, duty, is_otherwise)
        second = None
        if duty.otherwise is not None:
            if not self._is_exact(module, duty):
                raise CannotDo("an `otherwise` after a due that may be uncertain", clause.id)
            second = self._spec(module, clause, duty.otherwise, True)
        grace = length(module.header.records_due or DEFAULT_RECORDS_DUE)
        return Spec(
            module, clause, duty, self._period(module, duty), self._awaited(duty, grace), grace, keys_of(duty.keys),
            frozenset(_waivers(module, duty)), frozenset((clause.id, *_bare(self.lookup, clause))), _force(module),
            is_otherwise, second,
        )  # fmt: skip

    def _refuse(self, module: Module, clause: Clause, duty: Duty, is_otherwise: bool) -> None:
        if not is_otherwise and not (duty.triggers and all(isinstance(t, EventTrigger) for t in duty.triggers)):
            raise CannotDo("a duty that no record opens", clause.id)
        if duty.clock or duty.no_later_than is not None or duty.period is None:
            raise CannotDo("a clock that starts at a fact of the record", clause.id)
        names = [t.event for t in duty.triggers if isinstance(t, EventTrigger)] + [a.act for a in duty.answers]
        for name in names:
            for kind in self.lookup.relevant_types(name):
                self._refuse_keyless(kind, duty, clause)
        if is_otherwise and module.header.rule not in ("plain", "us.federal") and not self._is_exact(module, duty):
            raise CannotDo("an `otherwise` with a due that may be uncertain", clause.id)

    def _refuse_keyless(self, kind: str, duty: Duty, clause: Clause) -> None:
        for key in duty.keys:
            ft = self.lookup.field(kind, key)
            if ft is None or ft.shown_by or ft.type.kind is not Kind.IDENTIFIER:
                raise CannotDo("records without a sure key", clause.id)

    def _is_exact(self, module: Module, duty: Duty) -> bool:
        match duty.period:
            case Const():
                periods = [duty.period.value]
            case Parameter():
                found = self.lookup.parameters[duty.period.name].values
                periods = [d.value for d in found if d.since is None and d.until is None]
            case _:
                periods = []
        plain = module.header.rule == "plain"
        return bool(periods) and all(
            isinstance(p, Duration)
            and (p.unit in (Unit.HOUR, Unit.MINUTE) or (plain and p.unit is not Unit.WORKING_DAY))
            for p in periods
        )

    def _period(self, module: Module, duty: Duty) -> Period:
        if isinstance(duty.period, Const):
            value: object = duty.period.value
            if isinstance(value, Duration) and value.unit in (Unit.HOUR, Unit.MINUTE):
                by = length(value)
                return lambda start, _dated: Span(start + by, start + by)
            counted = self._counted(module, value)
            return lambda start, _dated: counted(start)
        assert isinstance(duty.period, Parameter)
        name = duty.period.name
        made: dict[object, Callable[[Instant], Span]] = {}

        def dated(start: Instant, at: Instant) -> Span:
            found = self.dated.value(name, at).value
            if found not in made:
                made[found] = self._counted(module, found)
            return made[found](start)

        return dated

    def _counted(self, module: Module, period: object) -> Callable[[Instant], Span]:
        """Periods of days end alike for all that starts on one day."""
        rule, zone = module.header.rule, module.header.zone
        if not isinstance(period, Duration):
            return lambda start: Span(start, None, ("blank parameter",))
        if period.unit in (Unit.HOUR, Unit.MINUTE):
            return lambda start: due(start, period, rule, zone)
        kept: dict[date, Span] = {}

        def counted(start: Instant) -> Span:
            day = self.dated.day(start, zone)
            if day not in kept:
                if len(kept) > DAYS:
                    kept.clear()
                kept[day] = due(start, period, rule, zone)
            return kept[day]

        return counted

    def _awaited(self, duty: Duty, grace: Instant) -> Callable[[Instant, Instant], tuple[Reason, ...]]:
        """As design 2.8 has it: the debtor's own records for the agreed time, those of others until they say so."""
        sources, lookup, acts = self.sources, self.lookup, [a.act for a in duty.answers]

        def could(name: str, party: str) -> bool:
            source = Source(name, party)
            return any(may_record(lookup, source, act) for act in acts)

        def awaited(due_: Instant, now: Instant) -> tuple[Reason, ...]:
            mine = {n: at for n, (party, at) in sources.items() if party in (duty.party, "")}
            silent = [n for n, at in (mine or {duty.party: now - grace}).items() if max(at, now - grace) < due_]
            others = ((n, p, at) for n, (p, at) in sources.items() if n not in mine)
            silent += [n for n, p, at in others if at < due_ and could(n, p)]
            return tuple(Reason("incomplete", "", act, n) for act in acts for n in silent)

        return awaited

    # ---- what opens and answers

    def triggers(self, spec: Spec, type_: str) -> Iterator[Trigger]:
        duty, module = spec.duty, spec.module.name
        for trigger in duty.triggers:
            if isinstance(trigger, EventTrigger) and type_ in self.lookup.relevant_types(trigger.event):
                formula: Formula = Each(
                    (
                        lower_term(trigger.where, module, duty.party, False, False),
                        lower_term(spec.clause.applies, module, duty.party, False, False),
                        Inverse(lower_term(duty.exception, module, duty.party, True, False)),
                    )
                )
                sure = self.lookup.is_under(type_, trigger.event)
                yield Trigger(spec, sure, formula, self.conditions.condition(formula, type_))

    def answers(self, spec: Spec, type_: str) -> Iterator[AnswerOf]:
        for answer in spec.duty.answers:
            if type_ in self.lookup.relevant_types(answer.act):
                formula = lower_term(answer.where, spec.module.name, spec.duty.party, True, False)
                sure = self.lookup.is_under(type_, answer.act)
                yield AnswerOf(spec, type_, sure, formula, self.conditions.condition(formula, type_))


def _force(module: Module) -> tuple[Instant, Instant]:
    header = module.header
    ends = LAST if header.until is None else end_of_day(header.until, header.zone)
    return force_start(header), ends


def _waivers(module: Module, duty: Duty) -> set[str]:
    """Whoever is named, or the recipient; otherwise the only other party. Never the debtor."""
    if duty.waived_by or duty.recipient:
        return {duty.waived_by or duty.recipient} - {duty.party}
    others = {p.name for p in module.parties if p.name != duty.party}
    return others if len(others) == 1 else set()


def _bare(lookup: Lookup, clause: Clause) -> tuple[str, ...]:
    """The number alone, where it names this clause and no other."""
    alike = [other.id for _, other in lookup.all_clauses() if other.number == clause.number]
    own = f"{lookup.contract.module}.{clause.number}"
    return (clause.number,) if ([own] if own in alike else alike) == [clause.id] else ()
