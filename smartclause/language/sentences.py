"""Sentences of a clause as norms and duties of the meaning (design 2.3, 2.8, 2.9)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from smartclause.language import tree
from smartclause.language.conditions import Reader
from smartclause.language.event_types import no_such_field
from smartclause.language.kinds import typed
from smartclause.language.literals import is_literal, literal
from smartclause.language.references import ClauseIndex
from smartclause.language.views import View
from smartclause.language.vocabulary import bare
from smartclause.language.wording import Both
from smartclause.logic.contract import (
    Answer,
    Bar,
    BreachTrigger,
    Duty,
    EventTrigger,
    EventType,
    Grant,
    Limit,
    Repeated,
    Sentence,
    Share,
    Standing,
)
from smartclause.logic.counting import end_of_day
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    Const,
    Expression,
    Field,
    Kind,
    Not,
    Term,
    Type,
)

Norm: TypeAlias = tree.Grant | tree.Limit | tree.Bar


@dataclass(frozen=True, slots=True)
class Sentences:
    """Reads the sentences of one file."""

    reader: Reader
    index: ClauseIndex

    def read(self, node: tree.Sentence, number: int) -> Sentence | None:
        match node:
            case tree.Grant() | tree.Limit() | tree.Bar():
                return self._norm(node, number)
            case tree.Duty():
                return self._duty(node, number)
            case tree.Repeated():
                return self._repeated(node, number)
            case tree.Standing():
                return self._standing(node, number)
            case tree.Share():
                return self._share(node, number)
            case _:
                assert_never(node)

    # ---- norms

    def _norm(self, node: Norm, number: int) -> Sentence | None:
        party = self.reader.names.party(node.party)
        acts = self._acts(node.acts)
        view = View(self._types(acts))
        condition = self._condition(node.condition, view)
        exceptions = self._all(node.exceptions, view)
        opened = self._breaches(node.when, view)
        despite = self._clauses(node.despite)
        subject_to = self._clauses(node.subject_to)
        if party is None or condition is None or exceptions is None or opened is None or not acts:
            return None
        exception = any_of(exceptions)
        match node:
            case tree.Grant():
                when = (*opened, condition) if node.condition else opened
                return Grant(number, party, acts, all_of(when), exception, despite, subject_to)
            case tree.Limit():
                # The limit stands only while the clause is violated: otherwise its condition counts as met.
                limited = any_of((*(Not(o) for o in opened), condition))
                return Limit(number, party, acts, limited, exception, (), subject_to)
            case tree.Bar():
                if node.condition is None and exceptions:  # `unless F`
                    barred = all_of((*opened, Not(exception)))
                    return Bar(number, party, acts, barred, FALSE, (), subject_to)
                when = (*opened, condition) if node.condition else opened
                return Bar(number, party, acts, all_of(when), exception, (), subject_to)
            case _:
                assert_never(node)

    def _acts(self, nodes: tuple[tree.Name, ...]) -> tuple[str, ...]:
        found = [self.reader.names.act(node) for node in nodes]
        acts = tuple(each for each in found if each is not None)
        return acts if len(acts) == len(found) else ()

    def _types(self, names: Iterable[str]) -> tuple[EventType, ...]:
        known = self.reader.world.types
        return tuple(known[name] for name in dict.fromkeys(names) if name in known)

    def _condition(self, node: tree.Condition | None, view: View) -> Term | None:
        return TRUE if node is None else self._sentence_reader().condition(node, view)

    def _sentence_reader(self) -> Reader:
        return Reader(self.reader.world, self.reader.names)

    def _all(self, nodes: tuple[tree.Condition, ...], view: View) -> tuple[Term, ...] | None:
        read = [self._condition(node, view) for node in nodes]
        found = tuple(each for each in read if each is not None)
        return found if len(found) == len(read) else None

    def _breaches(self, nodes: tuple[tree.ClauseStatus, ...], view: View) -> tuple[Term, ...] | None:
        """The clauses whose violation opens a permission: any of them."""
        found = self._all(nodes, view)
        return found if found is None or len(found) < 2 else (AnyOf(found),)

    def _clauses(self, refs: tuple[tree.ClauseRef, ...]) -> tuple[str, ...]:
        found = (self.index.find(self.reader.names, ref) for ref in refs)
        return tuple(each for each in found if each is not None)

    # ---- duties

    def _duty(self, node: tree.Duty, number: int) -> Sentence | None:
        names = self.reader.names
        self._clauses(node.subject_to)  # printed and checked, without effect (design 2.3)
        party = names.party(node.party)
        triggers = [self._trigger(each) for each in node.triggers]
        answers = self._answers(node.acts)
        recipient = self._recipient(node.acts)
        view = self._trigger_view(node, triggers)
        exceptions = self._all(node.exceptions, view)
        period = self.reader.period(node.within) if node.within else None
        waived_by = names.party(node.waived_by) if node.waived_by else ""
        end = self._end(node.no_later_than, view) if node.no_later_than else None
        found = tuple(each for each in triggers if each is not None)
        sound = self._keyed(node, found, answers or ()) and self._clock(node, view)
        if party is None or answers is None or exceptions is None or waived_by is None or recipient is None:
            return None
        if len(found) < len(triggers) or not sound:
            return None
        if (node.within and period is None) or (node.no_later_than and end is None):
            return None
        otherwise = self._otherwise(node, number) if node.otherwise else None
        if node.otherwise and otherwise is None:
            return None
        return Duty(
            number, party, found, answers, recipient, period, node.start.id if node.start else "", end,
            tuple(key.id for key in node.keys), any_of(exceptions), waived_by, otherwise,
        )  # fmt: skip

    def _trigger(self, node: tree.Trigger) -> EventTrigger | BreachTrigger | None:
        if isinstance(node, tree.Occurs):
            return self._occurs(node)
        clause = self.index.find(self.reader.names, node.clause)
        if clause is None:
            return None
        if node.status != "violated" or node.ever:
            status = "ever violated" if node.ever else node.status.replace("_", " ")
            self.reader.names.say.add("R29", node.span, status=status)
            return None
        sentence = node.clause.sentence or 0
        if not self.index.owed(clause, sentence):
            self.reader.names.say.add("R30", node.span, clause=node.clause.target)
            return None
        return BreachTrigger(clause, sentence)

    def _occurs(self, node: tree.Occurs) -> EventTrigger | None:
        event = self.reader.names.event(node.event)
        if event is None:
            return None
        where = self._condition(node.where, View(self._types((event,))))
        return None if where is None else EventTrigger(event, where)

    def _trigger_view(self, node: tree.Duty, triggers: list[EventTrigger | BreachTrigger | None]) -> View:
        """What an exception reads: the facts of the triggers; after a breach only the keys of the duty."""
        events = [each.event for each in triggers if isinstance(each, EventTrigger)]
        if len(events) == len(triggers) and events:
            return View(self._types(events))
        return View(self._types(events), keys=tuple(key.id for key in node.keys))

    def _answers(self, nodes: tuple[tree.Answer, ...]) -> tuple[Answer, ...] | None:
        read = [self._answer(node) for node in nodes]
        found = tuple(each for each in read if each is not None)
        return found if len(found) == len(read) else None

    def _answer(self, node: tree.Answer) -> Answer | None:
        act = self.reader.names.act(node.act)
        if act is None:
            return None
        where = self._condition(node.where, View(self._types((act,))))
        return None if where is None else Answer(act, where)

    def _recipient(self, nodes: tuple[tree.Answer, ...]) -> str | None:
        """The one recipient of the duty, empty if none; None where something was wrong."""
        named = [node.recipient for node in nodes if node.recipient]
        found = [self.reader.names.party(each) for each in named]
        if None in found:
            return None
        parties = tuple(dict.fromkeys(each for each in found if each))
        if len(parties) > 1:
            self.reader.names.say.add("T27", named[1].span, names=parties)
            return None
        return parties[0] if parties else ""

    def _end(self, node: tree.Value, view: View) -> Expression | None:
        """A fixed day or instant, or an instant or date of the trigger."""
        if isinstance(node, tree.Date):
            return Const(end_of_day(node.day, self.reader.zone), Type(Kind.INSTANT))
        if is_literal(node):
            value: Expression | None = literal(node, self.reader.names, self.reader.zone)  # type: ignore[arg-type]
        else:
            value = self._sentence_reader().value(node, view)
        if value is None:
            return None
        if value.type.kind not in (Kind.INSTANT, Kind.DATE) or not isinstance(value, Const | Field):
            help_ = Both(
                "write a day, an instant, or such a field of the trigger", "写日期、时刻，或者触发事件的此类字段"
            )
            wanted = Both("an instant or a day", "时刻或者日期")
            self.reader.names.say.add("T24", node.span, what=typed(value.type), wanted=wanted, help=help_)
            return None
        return value

    def _clock(self, node: tree.Duty, view: View) -> bool:
        if node.start is None:
            return True
        for kind in view.types:
            found = next((f for f in kind.fields if f.name == node.start.id), None)
            if found is None:
                no_such_field(node.start, (kind,), self.reader.names)
                return False
            if found.type.kind is not Kind.INSTANT:
                self.reader.names.say.add("T13", node.start.span, name=node.start.id, kind=typed(found.type))
                return False
        if not view.types:
            self.reader.names.say.add("R15", node.start.span, name=node.start.id, types=(), help="")
        return bool(view.types)

    def _keyed(
        self, node: tree.Duty, triggers: tuple[EventTrigger | BreachTrigger, ...], answers: tuple[Answer, ...]
    ) -> bool:
        """The key stands in every trigger and every answering act; without one any act would discharge any duty."""
        events = [each.event for each in triggers if isinstance(each, EventTrigger)]
        breaches = [each for each in triggers if isinstance(each, BreachTrigger)]
        types = self._types((*events, *(answer.act for answer in answers)))
        if not node.keys:
            return self._needs_no_key(node, events, breaches)
        return all(self.reader.key(key, types) and self._breach_key(key, breaches) for key in node.keys)

    def _needs_no_key(self, node: tree.Duty, events: list[str], breaches: list[BreachTrigger]) -> bool:
        keyed = [b for b in breaches if any(self.index.instance_keys(b.clause, b.sentence))]
        if not events and not keyed:
            return True  # opened once: by the start of force, or by the breach of a duty without keys
        identifiers = [f.name for t in self._types(events) for f in t.fields if f.type.kind is Kind.IDENTIFIER] or [
            key for b in keyed for keys in self.index.instance_keys(b.clause, b.sentence) for key in keys
        ]
        trigger = bare(events[0]) if events else keyed[0].clause
        key = identifiers[0] if identifiers else "number"
        self.reader.names.say.add("T02", node.span, act=node.acts[0].act.id, trigger=trigger, key=key)
        return False

    def _breach_key(self, key: tree.Name, breaches: list[BreachTrigger]) -> bool:
        for each in breaches:
            for keys in self.index.instance_keys(each.clause, each.sentence):
                if key.id not in keys:
                    self.reader.names.say.add("T04", key.span, key=key.id, type=each.clause)
                    return False
        return True

    def _otherwise(self, node: tree.Duty, number: int) -> Duty | None:
        """Owed for the same key, which its act must carry (design 2.8)."""
        second = node.otherwise
        assert second is not None
        party = self.reader.names.party(second.party)
        answers = self._answers(second.acts)
        recipient = self._recipient(second.acts)
        period = self.reader.period(second.within) if second.within else None
        if party is None or answers is None or recipient is None or (second.within and period is None):
            return None
        if second.keys and [k.id for k in second.keys] != [k.id for k in node.keys]:
            expected = node.keys[0].id if node.keys else "…"
            self.reader.names.say.add("T26", second.span, expected=expected, given=second.keys[0].id)
            return None
        types = self._types(answer.act for answer in answers)
        if not all(self.reader.key(replace(key, span=second.span), types) for key in node.keys):
            return None
        keys = tuple(key.id for key in node.keys)
        return Duty(number, party, (), answers, recipient, period, keys=keys)

    # ---- the rest

    def _repeated(self, node: tree.Repeated, number: int) -> Sentence | None:
        party = self.reader.names.party(node.party)
        answers = self._answers(node.acts)
        recipient = self._recipient(node.acts)
        period = self.reader.period(node.every)
        if party is None or answers is None or recipient is None or period is None:
            return None
        return Repeated(number, party, answers, period, recipient)

    def _standing(self, node: tree.Standing, number: int) -> Sentence | None:
        party = self.reader.names.party(node.party)
        keys = tuple(key.id for key in node.each)
        condition = self._condition(node.condition, View(keys=keys, lasting=True))
        delay = self.reader.period(node.delay) if node.delay else None
        if len(keys) > 1:
            help_ = Both("write one sentence for each", "每个键各写一句")
            what, wanted = Both("more than one key", "多个键"), Both("allowed here", "此处可用的")
            self.reader.names.say.add("T24", node.each[1].span, what=what, wanted=wanted, help=help_)
            return None
        if party is None or condition is None or (node.delay and delay is None):
            return None
        return Standing(number, party, condition, keys[0] if keys else "", delay)

    def _share(self, node: tree.Share, number: int) -> Sentence | None:
        party = self.reader.names.party(node.party)
        clause = self.index.find(self.reader.names, node.clause)
        if party is None or clause is None:
            return None
        return Share(number, party, node.share.value, clause)


def all_of(terms: tuple[Term, ...]) -> Term:
    return TRUE if not terms else terms[0] if len(terms) == 1 else All(terms)


def any_of(terms: tuple[Term, ...]) -> Term:
    return FALSE if not terms else terms[0] if len(terms) == 1 else AnyOf(terms)
