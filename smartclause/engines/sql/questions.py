"""Questions to the past: which records may answer a query, surely or possibly, and what is asked of them.

A measure is what one form needs of the candidates of a query: that there is one, how many, how much, the last one.
How a measure is computed (joining or running over the rows) is not said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias, assert_never

from sqlglot import exp

from smartclause.engines.sql.clouds import Overcast
from smartclause.engines.sql.conditions import Looked, unknown
from smartclause.engines.sql.ledgers import LEDGER
from smartclause.engines.sql.needs import Window, Within
from smartclause.engines.sql.pieces import (
    FOREVER,
    Sql,
    added,
    both,
    column,
    compared,
    either,
    inverse,
    is_null,
    no,
    one_of,
    settled,
    text,
    texts,
    whole,
    yes,
)
from smartclause.engines.sql.reader import Row
from smartclause.engines.sql.readings import Why
from smartclause.engines.sql.sheet import KeyCell, Until
from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Parameter, Query

CANDIDATE = "c"
ANSWER = "b"
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Exists:
    """Some candidate that meets the condition and is still inside the window, surely or possibly."""

    condition: Sql
    sure: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, or how much of an amount."""

    condition: Sql
    sure: bool
    amount: Sql | None = None


@dataclass(frozen=True, slots=True)
class Reaches:
    """There are at least so many, one or more."""

    condition: Sql
    sure: bool
    number: int


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different values."""

    condition: Sql
    sure: bool
    value: Sql


@dataclass(frozen=True, slots=True)
class Last:
    """A value of the last possible candidate. `instead` stands where the value is missing."""

    value: Sql
    instead: Sql


Measure: TypeAlias = Exists | Counted | Reaches | Distinct | Last


@dataclass
class Question:
    """One query as one file and party ask it. Conditions speak of the candidate, alias `c`, and not of its keys."""

    number: int
    query: Query
    row: Row  # of the candidate
    act: Row  # the judged act
    act_type: str = ""
    runs: bool = False  # by the rows in order, else by joining
    measures: list[Measure] = field(default_factory=list)

    @property
    def alias(self) -> str:
        return f"h{self.number}"

    def told(self, measure: Measure) -> Sql:
        """What the measure says of the judged act."""
        if self.runs and isinstance(measure, Exists | Counted | Reaches) and self.is_exact:
            measure = replace(measure, sure=False)  # the two windows are one
        if measure not in self.measures:
            self.measures.append(measure)
        name = f"m{self.measures.index(measure)}"
        match measure:
            case Exists() | Reaches():
                return settled(self.act.column(f"{self.alias}{name}"))
            case Counted() | Distinct():
                return exp.Coalesce(this=self.act.column(f"{self.alias}{name}"), expressions=[whole(0)])
            case Last():
                return self.act.column(f"{self.alias}{name}")
            case _:
                assert_never(measure)

    # ---- who is a candidate

    @property
    def types(self) -> tuple[str, ...]:
        return self.row.lookup.relevant_types(self.query.event)

    def _type(self, among: list[str]) -> Sql:
        return one_of(self.row.column("type"), texts(among))

    @property
    def is_type(self) -> Sql:
        return self._type([t for t in self.types if self.row.lookup.is_under(t, self.query.event)])

    @property
    def may_be_type(self) -> Sql:
        return self._type(list(self.types))

    @property
    def wanted(self) -> str:
        """The doer, or anyone."""
        is_act = self.row.lookup.is_act(self.query.event)
        return self.query.by or (self.row.party if is_act else ANYONE)

    def done_by(self) -> tuple[Sql, Sql]:
        """Surely, possibly. A query about acts of nobody asks for anyone's."""
        doers = {by for t in self.types for by in self.row.sheet.doers.get(t, ("",))}
        if self.wanted and doers <= {self.wanted}:
            return yes(), yes()
        if self.wanted in (ANYONE, ""):
            return (yes(), yes()) if self.wanted else (no(), is_null(self.row.column("by")))
        same = compared(exp.EQ, self.row.column("by"), text(self.wanted))
        if not self.row.sheet.nameless:
            return same, same.copy()
        return settled(same), either(settled(same.copy()), is_null(self.row.column("by")))

    @cached_property
    def where(self) -> Looked:
        """Not to be placed in a tree itself, only copies of it."""
        return self.row.condition(self.query.where)

    def exists(self, doubt: bool) -> Sql:
        flag = self.row.sheet.existence[self.row.party, doubt].flag
        return self.row.column(flag) if flag else yes()

    @property
    def possible(self) -> Sql:
        return both(self.may_be_type, self.done_by()[1], inverse(self.where.rails.is_false.copy()))

    def sure(self, doubt: bool) -> Sql:
        return both(self.is_type, self.done_by()[0], self.where.rails.is_true.copy(), self.exists(doubt))

    # ---- keys

    @property
    def keys(self) -> tuple[KeyCell, ...]:
        lookup = self.row.lookup
        found = []
        for name in self.query.keys:
            everywhere = all(lookup.field(t, name) is not None for t in (*self.types, self.act_type) if t)
            cell = self.act.sheet.keys[self.act.party, name]
            found.append(cell if everywhere or not cell.clean else replace(cell, clean=False))
        if self.act.sheet.several:
            found.append(KeyCell(LEDGER, LEDGER, "", clean=True))
        return tuple(found)

    def may_run(self) -> bool:
        """Every row has the keys, and no later record leaves the window first."""
        return bool(self.act_type) and all(k.clean for k in self.keys) and self.is_steady

    @property
    def length(self) -> int | None:
        """Of a window of hours or minutes, in microseconds."""
        return length_of(self.row.lookup, self.query.within)

    def is_every_row(self, condition: Sql, types: list[str]) -> bool:
        """Whether all rows of these types meet the condition: it asks for their type and nothing else."""
        return condition in (self._type(types), self.may_be_type, self.is_type) and set(types) <= self._types_in(
            condition
        )

    def _types_in(self, condition: Sql) -> set[str]:
        return {str(literal.this) for literal in condition.find_all(exp.Literal)}

    def ready(self) -> Sql:
        """The judged act has all the keys."""
        return both(*(inverse(is_null(self.act.column(k.stated))) for k in self.keys if not k.clean))

    def key_whys(self) -> Iterator[Why]:
        """Of the first key that the act lacks."""
        before: Sql = yes()
        for name, key in zip(self.query.keys, self.keys, strict=False):  # the ledger is never missing
            missing = is_null(self.act.column(key.stated))
            yield Why(both(before.copy(), missing), self.act.column(key.why), self.act.column("type"), name)
            before = both(before, inverse(missing.copy()))

    def same_keys(self, other: str = "a") -> tuple[Sql, Sql]:
        """Surely, possibly the same as the judged act's. The first is sought as written, too."""
        return keys_match(self.keys, self.row.alias, other)

    # ---- windows

    def until(self, sure: bool) -> Sql | None:
        """The last instant inside the window; None: no end."""
        if self.query.within is None:
            return None
        length = self.length
        if length is not None:
            return added(self.row.column("instant"), whole(length))
        cell = self.window
        return self.row.column(cell.sure if sure else cell.possible)

    @property
    def window(self) -> Until:
        assert self.query.within is not None
        header = self.row.lookup.modules[self.row.module].header
        return self.row.sheet.untils[Window(self.query.within, header.rule, header.zone)]

    @property
    def is_exact(self) -> bool:
        """Whether a record is surely inside the window whenever it may be."""
        return self.query.within is None or self.length is not None

    @property
    def is_steady(self) -> bool:
        """Whether a later record never leaves the window before an earlier one."""
        return self.query.within is None or self.length is not None or self.window.steady

    def inside(self, sure: bool, now: Sql) -> Sql:
        until = self.until(sure)
        return yes() if until is None else exp.LTE(this=now.copy(), expression=until)

    # ---- why a candidate is only possible

    def candidate_whys(self, now: Sql, keys_sure: Sql) -> Iterator[Why]:
        """As of a candidate that is not surely one: window, its own facts, existence, type, key or doer."""
        type_ = self.row.column("type")
        if self.query.within is not None and self.length is None:
            late = both(self.inside(False, now), inverse(self.inside(True, now)))
            why = self.row.column(self.window.why)
            yield Why(both(late, inverse(is_null(why.copy()))), why, text(""))
        looked = self.where
        here = unknown(looked.rails)
        yield from (replace(w, holds=both(here.copy(), w.holds.copy())) for w in looked.whys)
        existence = self.row.sheet.existence[self.row.party, True]
        if existence.flag:
            yield Why(inverse(self.exists(True)), self.row.column(existence.why), type_)
        plain = both(self.is_type, self.done_by()[0], keys_sure)
        yield Why(inverse(plain), text("uncertain record"), type_.copy(), role="")


@dataclass(frozen=True)
class Followed:
    """Records of a question, each to be followed by an answer with the record's own keys.

    `unseen`: clouds in which such an answer may stand. The answer's question has the record in the place of the act.
    """

    number: int
    question: Question
    answer: Question
    unseen: Overcast

    @property
    def alias(self) -> str:
        return f"f{self.number}"


def length_of(lookup: Lookup | None, within: Within | None) -> int | None:
    """The length of a window that is always so many hours or minutes, in microseconds."""
    value = within.value if isinstance(within, Const) else None
    if isinstance(within, Parameter) and lookup is not None:
        dated = lookup.parameters[within.name].values
        always = len(dated) == 1 and dated[0].since is None and dated[0].until is None
        value = dated[0].value if always else None
    if isinstance(value, Duration) and value.unit in (Unit.HOUR, Unit.MINUTE):
        length = value.count * _MINUTE * (60 if value.unit is Unit.HOUR else 1)
        return min(length, FOREVER // 2)
    return None


def keys_match(keys: tuple[KeyCell, ...], record: str, act: str) -> tuple[Sql, Sql]:
    """Surely, possibly: the keys of the record are those of the act."""
    surely: list[Sql] = []
    possibly: list[Sql] = []
    for number, key in enumerate(keys):
        same = exp.EQ(this=column(key.stated, record), expression=column(key.stated, act))
        if key.clean:
            surely.append(same)
            possibly.append(same.copy())
            continue
        surely.append(settled(same))
        possibly.append(either(settled(same.copy()), is_null(column(key.stated, record))))
        if number == 0:
            written = exp.EQ(this=column(key.raw, record), expression=column(key.stated, act))
            sought = either(settled(written), is_null(column(key.raw, record)))
            surely.append(sought)
            possibly.append(sought.copy())
    return both(*surely), both(*possibly)


def stands_before(record: str, act: str) -> Sql:
    """By position: instant, then index; never itself."""
    earlier = exp.LT(this=column("instant", record), expression=column("at", act))
    tie = both(
        exp.EQ(this=column("instant", record), expression=column("at", act)),
        exp.LT(this=column("idx", record), expression=column("idx", act)),
    )
    return either(earlier, tie)
