"""Duties that records open, as SQL (design 2.8): three relations (what opened them, what may answer, how each stands).

A duty stands as the first acts of its key say: whether one surely answers in time, whether one may. Conditions go by
the two rails of every other condition; a status is unknown nowhere, it is `unproven` or `awaiting records`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from smartclause.engines.sql.begun import BEGUN, Sentence
from smartclause.engines.sql.conditions import Looked, fixed, rails_of
from smartclause.engines.sql.gates import Gates
from smartclause.engines.sql.joining import ACT, ACTS
from smartclause.engines.sql.ledgers import LEDGER
from smartclause.engines.sql.pieces import (
    FOREVER,
    Rails,
    Sql,
    both,
    chosen,
    column,
    either,
    inverse,
    is_null,
    joining,
    named,
    no,
    nothing,
    one_of,
    only,
    selected,
    settled,
    source,
    text,
    texts,
    truth,
    whole,
    yes,
)
from smartclause.engines.sql.sheet import RECORDS, Sheet
from smartclause.engines.sql.statement import LOOKED, SPOKEN, WIDE, Group, group_of, layers, star
from smartclause.logic.answers import DEFAULT_RECORDS_DUE, GAP, waivers
from smartclause.logic.contract import Answer, EventTrigger
from smartclause.logic.counting import Instant
from smartclause.logic.record import Source
from smartclause.logic.terms import Term
from smartclause.logic.world import World, length, may_record
from smartclause.rails.formula import Each, Fixed, Formula, Ground, Inverse
from smartclause.rails.lowering import Lowered, lower_term

OPENED, ANSWERS, WAIVERS = "opened", "answers", "waivers"
PAIRS, RELIEVED, STANDS = "pairs", "relieved", "stands"
STATUSES = ("open", "fulfilled", "waived", "violated", "awaiting records", "unproven")
_OPEN, _FULFILLED, _WAIVED, _VIOLATED, _AWAITING, _UNPROVEN = range(6)


@dataclass(frozen=True)
class Times:
    """Of a record that may open a duty: where its clock starts and ends. `beside`, `on`: the relation that says so."""

    start: Sql
    began: Sql
    early: Sql
    late: Sql
    sure: Sql
    kept: Sql
    beside: str = ""
    on: Sql = field(default_factory=yes)


def from_begun() -> Times:
    """As a relation says that was settled before."""
    start, began, early, late, sure = (column(n, BEGUN) for n in ("start", "began", "early", "late", "sure"))
    same = exp.EQ(this=column("n", BEGUN), expression=column("n", ACT))
    return Times(start, began, early, late, sure, yes(), BEGUN, same)


# ---- conditions on a record, for the debtor


def opening_formula(sentence: Sentence, trigger: EventTrigger) -> Formula:
    """The debtor would rather that it did not occur, that the clause did not apply, and that an exception did."""
    module, party, duty = sentence.module.name, sentence.duty.party, sentence.duty

    def lowered(term: Term, favour: bool) -> Formula:
        return lower_term(term, module, party, favour, judged=False)

    lifted = Inverse(lowered(duty.exception, True))
    return Each((lowered(trigger.where, False), lowered(sentence.clause.applies, False), lifted))


def answering_formula(sentence: Sentence, answer: Answer) -> Formula:
    return lower_term(answer.where, sentence.module.name, sentence.duty.party, True, judged=False)


def as_lowered(party: str, formula: Formula) -> Lowered:
    """A condition as the engine reads verdicts: no sentences, one formula."""
    return Lowered("", party, (), (), formula, False)


def _statement(
    group: Group, here: Sql, columns: Sequence[Sql], kept: Sql, records: str, times: Times | None = None
) -> exp.Select:
    """Records that meet `here`, with what was looked up of each."""
    acts = [star("r"), named(column("instant", "r"), "at"), named(whole(1), "place")]
    rows = only(selected(acts, source(records, "r")), here)
    relations = {ACTS: rows, **{n: q for n, q in layers(group) if n not in (ACTS, LOOKED, SPOKEN)}}
    found = selected(columns, source(WIDE, ACT))
    if times is not None and times.beside:
        found = joining(found, source(times.beside), times.on)
    found = only(found, kept)
    for name, query in relations.items():
        found = found.with_(exp.to_identifier(name, quoted=True), as_=query, copy=False)
    return found


def _rails(group: Group) -> Rails:
    def look(ground: Ground) -> Looked:
        return Looked(fixed(ground.truth)) if isinstance(ground, Fixed) else group.looked[ground]

    return rails_of(group.lowered.verdict, look)


def _existing(sheet: Sheet, party: str, doubt: bool) -> Sql:
    flag = sheet.existence[party, doubt].flag
    return column(flag, ACT) if flag else yes()


def _ledger(sheet: Sheet, number: int) -> list[Sql]:
    """The ledger is the last key of a duty."""
    return [named(column(LEDGER, ACT), f"k{number}")] if sheet.several else []


def _type_of(world: World, event: str, table: str, surely: bool) -> Sql:
    """Of the types that may be such an event. `surely`: of rows that may be, those that are."""
    kinds = world.lookup.relevant_types(event)
    among = [k for k in kinds if not surely or world.lookup.is_under(k, event)]
    return yes() if surely and len(among) == len(kinds) else one_of(column("type", table), texts(among))


def opened(
    world: World, sheet: Sheet, sentence: Sentence, trigger: EventTrigger, times: Times, records: str = RECORDS
) -> exp.Select:
    """Columns: n, id, k0 …, start, began, early, late, sure. Raises CannotDo."""
    duty = sentence.duty
    group = group_of(world, sheet, as_lowered(duty.party, opening_formula(sentence, trigger)), Gates())
    rails = _rails(group)
    is_type = _type_of(world, trigger.event, ACT, True)
    sure = both(rails.is_true, _existing(sheet, duty.party, False), is_type, times.sure.copy())
    keys = [named(column(sheet.keys[duty.party, k].stated, ACT), f"k{i}") for i, k in enumerate(duty.keys)]
    keys += _ledger(sheet, len(keys))
    clock = {"start": times.start, "began": times.began, "early": times.early, "late": times.late}
    moments = [named(value.copy(), name) for name, value in clock.items()]
    columns = [column("n", ACT), column("id", ACT), *keys, *moments, named(sure, "sure")]
    here = _type_of(world, trigger.event, "r", False)
    return _statement(group, here, columns, both(inverse(rails.is_false.copy()), times.kept.copy()), records, times)


def answers(
    world: World, sheet: Sheet, sentence: Sentence, answer: Answer, keys: Sequence[str], records: str = RECORDS
) -> exp.Select:
    """Columns: n, id, instant, idx, k0 …, sure: acts by the debtor to the recipient that may answer."""
    duty = sentence.duty
    group = group_of(world, sheet, as_lowered(duty.party, answering_formula(sentence, answer)), Gates())
    rails = _rails(group)
    sure = both(rails.is_true, _existing(sheet, duty.party, True), _type_of(world, answer.act, ACT, True))
    stated = [named(column(sheet.keys[duty.party, k].stated, ACT), f"k{i}") for i, k in enumerate(keys)]
    stated += _ledger(sheet, len(stated))
    heads = [column(name, ACT) for name in ("n", "id", "instant", "idx")]
    by = exp.EQ(this=column("by", "r"), expression=text(duty.party))  # of whom nobody is named, the row is left out
    to = exp.EQ(this=column("to", "r"), expression=text(duty.recipient)) if duty.recipient else yes()
    here = both(_type_of(world, answer.act, "r", False), by, to)
    return _statement(group, here, [*heads, *stated, named(sure, "sure")], inverse(rails.is_false.copy()), records)


def together(found: Sequence[exp.Select]) -> exp.Expression:
    """All rows of all. Each has relations of its own, under the same names."""
    whole_ones = [
        selected([exp.Star()], exp.Subquery(this=each, alias=exp.TableAlias(this=exp.to_identifier(f"u{n}"))))
        for n, each in enumerate(found)
    ]
    every: exp.Expression = whole_ones[0]
    for each in whole_ones[1:]:
        every = exp.Union(this=every, expression=each, distinct=False)
    return every


# ---- how each stands


@dataclass(frozen=True)
class Standing:
    """At an instant, with every record before it seen. `keys`: of each, whether it is never missing.

    What is known of all rows beforehand, and need not be asked of each: `waived`, some waiver may count; `exact`, no
    start and no due is an interval; `sure`, every act that may answer surely does.
    """

    world: World
    sentence: Sentence
    keys: tuple[bool, ...]
    now: Instant
    waived: bool = True
    exact: bool = False
    sure: bool = False

    def statement(self) -> exp.Select:
        """Columns: n, id, k0 …, start, began, early, late, sure, status, answered, answered_at."""
        found = selected([*(column(c, STANDS) for c in self._heads()), *self._told()], source(STANDS))
        relations = {PAIRS: self._pairs(), RELIEVED: self._relieved() if self.waived else None, STANDS: self._stands()}
        for name, query in relations.items():
            if query is not None:
                found = found.with_(exp.to_identifier(name, quoted=True), as_=query, copy=False)
        return found

    def _heads(self) -> tuple[str, ...]:
        return ("n", "id", *self._key_names(), "start", "began", "early", "late", "sure")

    def _key_names(self) -> list[str]:
        return [f"k{i}" for i, _ in enumerate(self.keys)]

    def _same_keys(self, other: str) -> tuple[Sql, Sql]:
        """Surely, possibly. What is known of records says nothing of waivers, whose types declare no key."""
        surely, possibly = [], []
        for name, known in zip(self._key_names(), self.keys, strict=True):
            clean = known and other != WAIVERS
            same = exp.EQ(this=column(name, OPENED), expression=column(name, other))
            missing = no() if clean else either(is_null(column(name, OPENED)), is_null(column(name, other)))
            surely.append(settled(same, clean))
            possibly.append(either(settled(same.copy(), clean), missing))
        return both(*surely), both(*possibly)

    def _begun(self, other: str) -> tuple[Sql, Sql]:
        at = column("instant", other)
        possibly = exp.GTE(this=at, expression=column("start", OPENED))
        surely = yes() if self.exact else exp.GTE(this=at.copy(), expression=column("began", OPENED))
        return surely, possibly

    def _pairs(self) -> exp.Select:
        """Each instance with the acts that may answer it: the first that surely does, and whether one may."""
        surely, possibly = self._same_keys(ANSWERS)
        begun, may_have_begun = self._begun(ANSWERS)
        at = column("instant", ANSWERS)
        on = both(
            possibly,
            may_have_begun,
            exp.LTE(this=at.copy(), expression=whole(self.now)),
            exp.NEQ(this=column("n", OPENED), expression=column("n", ANSWERS)),
        )
        keys_sure = yes() if all(self.keys) else surely
        sure = both(yes() if self.sure else column("sure", ANSWERS), keys_sure, begun)
        place = exp.Struct(expressions=[at.copy(), column("idx", ANSWERS)])
        early = exp.LTE(this=at.copy(), expression=column("early", OPENED))
        later = both(inverse(early.copy()), exp.LTE(this=at.copy(), expression=column("late", OPENED)))
        here = inverse(is_null(column("n", ANSWERS)))
        columns = [named(exp.AnyValue(this=column(c, OPENED)), c) for c in self._heads() if c != "n"]
        columns += [
            named(_first(column("id", ANSWERS), place, both(here.copy(), sure.copy())), "answered"),
            named(exp.Min(this=_where(sure, at)), "answered_at"),
            named(_any(both(here.copy(), inverse(sure.copy()), early.copy())), "early_doubt"),
            named(no() if self.exact else _any(both(here.copy(), later)), "between"),
        ]
        found = joining(selected([column("n", OPENED), *columns], source(OPENED)), source(ANSWERS), on, "left")
        return found.group_by(column("n", OPENED), copy=False)

    def _relieved(self) -> exp.Select:
        """Of each instance: waived in time, or perhaps so."""
        surely, possibly = self._same_keys(WAIVERS)
        begun, may_have_begun = self._begun(WAIVERS)
        at = column("instant", WAIVERS)
        on = both(possibly, may_have_begun, exp.LTE(this=at.copy(), expression=whole(self.now)))
        sure = both(column("sure", WAIVERS), surely, begun)
        early = exp.LTE(this=at.copy(), expression=column("early", OPENED))
        late = exp.LTE(this=at.copy(), expression=column("late", OPENED))
        here = inverse(is_null(column("instant", WAIVERS)))
        columns = [
            named(column("n", OPENED), "n"),
            named(_any(both(sure, early)), "waived"),
            named(_any(both(here, late)), "maybe_waived"),
        ]
        found = joining(selected(columns, source(OPENED)), source(WAIVERS), on, "left")
        return found.group_by(column("n", OPENED), copy=False)

    def _stands(self) -> exp.Select:
        found = selected([star(PAIRS), named(self._status(), "status")], source(PAIRS))
        if not self.waived:
            return found
        return joining(found, source(RELIEVED), exp.EQ(this=column("n", PAIRS), expression=column("n", RELIEVED)))

    def _relief(self, name: str) -> Sql:
        return column(name, RELIEVED) if self.waived else no()

    def _status(self) -> Sql:
        early, late = column("early", PAIRS), column("late", PAIRS)
        in_time = settled(exp.LTE(this=column("answered_at", PAIRS), expression=early.copy()))
        unclear = either(
            column("early_doubt", PAIRS),
            column("between", PAIRS),
            both(self._relief("maybe_waived"), inverse(self._relief("waived"))),
            inverse(column("sure", PAIRS)),
            exp.GTE(this=late, expression=whole(self.now)),
            self._unseen(),
        )
        return chosen(
            [
                (in_time, whole(_FULFILLED)),
                (self._relief("waived"), whole(_WAIVED)),
                (exp.GTE(this=early, expression=whole(self.now)), whole(_OPEN)),
                (self._awaited(), whole(_AWAITING)),
                (unclear, whole(_UNPROVEN)),
            ],
            whole(_VIOLATED),
        )

    def _told(self) -> Iterator[Sql]:
        """Only what answered surely and what is settled is told."""
        status = column("status", STANDS)
        answers_it = one_of(status, [whole(_FULFILLED), whole(_VIOLATED)])
        yield status.copy()
        yield named(chosen([(answers_it, column("answered", STANDS))], nothing("VARCHAR")), "answered")
        yield named(chosen([(answers_it.copy(), column("answered_at", STANDS))], nothing("BIGINT")), "answered_at")

    # ---- whose records may still come

    def _awaited(self) -> Sql:
        """The debtor's own for the agreed time only; that of anybody else until it says so."""
        world, duty = self.world, self.sentence.duty
        mine = [s for s in world.sources if s.party in (duty.party, "")]
        acts = [a.act for a in duty.answers]
        others = [s for s in world.sources if s not in mine and any(may_record(world.lookup, s, a) for a in acts)]
        grace = self.now - length(self.sentence.module.header.records_due or DEFAULT_RECORDS_DUE)
        heard = [max(grace, _complete(s)) for s in mine or [Source(duty.party, duty.party)]]
        least = min([*heard, *(_complete(s) for s in others)])
        return exp.LT(this=whole(least), expression=column("early", PAIRS)) if acts else no()

    def _unseen(self) -> Sql:
        """Gaps in which an answer in time, or a waiver, may stand; the debtor's own only while it may be filled."""
        world, duty, module = self.world, self.sentence.duty, self.sentence.module
        grace = self.now - length(module.header.records_due or DEFAULT_RECORDS_DUE)
        found: list[Sql] = []
        for cloud in world.clouds:
            hides = any(may_record(world.lookup, cloud.source, a.act) for a in duty.answers)
            if cloud.reason != GAP or not (hides or cloud.source.party in waivers(module, duty)):
                continue
            reaches = exp.GTE(this=whole(cloud.until), expression=column("start", PAIRS))
            begins = exp.LTE(this=whole(cloud.since), expression=column("late", PAIRS))
            open_: Sql = yes()
            if cloud.source.party == duty.party:
                filled = exp.LTE(this=column("late", PAIRS), expression=whole(grace))
                open_ = both(truth(cloud.until > grace), inverse(filled))
            found.append(both(reaches, begins, open_))
        return either(*found)


def _complete(source_: Source) -> Instant:
    return -FOREVER if source_.complete is None else source_.complete


def _any(condition: Sql) -> Sql:
    if isinstance(condition, exp.Boolean):
        return condition
    return exp.EQ(this=exp.Max(this=chosen([(condition, whole(1))], whole(0))), expression=whole(1))


def _where(condition: Sql, value: Sql) -> Sql:
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])


def _first(value: Sql, place: Sql, condition: Sql) -> Sql:
    """The value at the least place where the condition holds."""
    return exp.ArgMin(this=value, expression=_where(condition, place))
