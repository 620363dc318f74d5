"""Terms: what a condition says, after names are resolved and definitions are replaced by their bodies.

Every name here is qualified (`module.name`) except fields, which belong to an event type.
Nodes carry no truth: `evaluate` gives them one. Add a node and mypy lists every engine that must learn it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias

from smartclause.logic.counting import Duration, Instant


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str


# bool: fact; str: text, party, identifier, concept, place; Decimal: number, percentage (5 % is Decimal("5"));
# int: instant in microseconds UTC; frozenset: a set of concepts.
Value: TypeAlias = bool | str | Decimal | Money | Instant | date | Duration | frozenset[str]


class Kind(Enum):
    FACT = "fact"
    TEXT = "text"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    MONEY = "money"
    INSTANT = "instant"
    DATE = "date"
    DURATION = "duration"
    PARTY = "party"
    IDENTIFIER = "identifier"
    CONCEPT = "concept"  # places are concepts
    CONCEPTS = "set of concept"


@dataclass(frozen=True, slots=True)
class Type:
    """`detail` is the unit of a number, the currency of money, the root of a concept; else empty."""

    kind: Kind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Const:
    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record in view: the judged act, the trigger, or inside `where`/`has` the record looked at."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value of the contract: at the judged act's instant, a duty's trigger, or a record's instant."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Query:
    """Past records of `event` or narrower. `by` is a party, "anyone", or None: the party judged.

    `keys` are identifier fields equal in the record and in the record in view.
    `within` is a Duration constant or parameter, or a calendar window.
    """

    event: str
    where: "Term | None" = None
    keys: tuple[str, ...] = ()
    within: "Const | Parameter | Literal['day', 'month', 'year'] | None" = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class LatestField:
    query: Query
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Count:
    query: Query
    type: Type


@dataclass(frozen=True, slots=True)
class CountDistinct:
    query: Query
    field: str
    type: Type


@dataclass(frozen=True, slots=True)
class Total:
    query: Query
    field: str
    type: Type


Expression: TypeAlias = Const | Field | Parameter | LatestField | Count | CountDistinct | Total


class Order(Enum):
    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXCEEDS = "exceeds"  # also `is after`
    BELOW = "below"  # also `is before`
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes-or-no value taken as a condition."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Not:
    arg: "Term"


@dataclass(frozen=True, slots=True)
class All:
    args: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    args: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    args: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Compare:
    order: Order
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Covers:
    """`x is in c` is Covers(c, x); `x is c` on concepts too. Design 2.12."""

    broad: Expression
    narrow: Expression


@dataclass(frozen=True, slots=True)
class Some:
    query: Query


@dataclass(frozen=True, slots=True)
class Every:
    query: Query
    has: "Term"


@dataclass(frozen=True, slots=True)
class EveryFollowed:
    """Every record of `query` is followed by one of `answer` with the same `keys`."""

    query: Query
    answer: Query


@dataclass(frozen=True, slots=True)
class LatestHas:
    query: Query
    has: "Term"


@dataclass(frozen=True, slots=True)
class ClauseViolated:
    """`clause N is violated`; `sentence` 0 is the whole clause; `ever` also counts cured breaches."""

    clause: str
    sentence: int = 0
    keys: tuple[str, ...] = ()
    ever: bool = False


@dataclass(frozen=True, slots=True)
class ClauseStatus:
    """`clause N is permitted`: only in properties to prove, never in a sentence."""

    clause: str
    status: str


Term: TypeAlias = (
    Holds
    | Not
    | All
    | AnyOf
    | AtLeast
    | Compare
    | Covers
    | Some
    | Every
    | EveryFollowed
    | LatestHas
    | ClauseViolated
    | ClauseStatus
)
Node: TypeAlias = Term | Expression | Query

TRUE = All(())
FALSE = AnyOf(())


def children(node: Node) -> Iterator[Node]:
    """The terms, expressions and queries directly inside a node."""
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from (v for v in value if isinstance(v, NODES))
        elif isinstance(value, NODES):
            yield value


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside it, each before what it holds."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        if _PARTS[type(found)]:
            waiting.extend(reversed([*children(found)]))


NODES = (
    Const, Field, Parameter, Query, LatestField, Count, CountDistinct, Total, Holds, Not, All, AnyOf, AtLeast,
    Compare, Covers, Some, Every, EveryFollowed, LatestHas, ClauseViolated, ClauseStatus,
)  # fmt: skip
_PLAIN = (str, int, bool, str | None, tuple[str, ...], Type, Value, Order)  # of fields that hold no node
_PARTS = {kind: tuple(each.name for each in fields(kind) if each.type not in _PLAIN) for kind in NODES}
