"""Columns of plain rows: which types of a database hold which kind of fact, and how a column is read."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from sqlglot import exp

from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.pieces import Sql, added, decimal, whole
from smartclause.engines.sql.sources import ZONED, ZONED_NANO
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Money, Value
from smartclause.rails.refused import CannotDo

WHOLE_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "HUGEINT", "UBIGINT")


def instant_of(value: Sql, name: str, type_: str) -> Sql:
    """Microseconds UTC. Raises TableFault."""
    if type_ == ZONED_NANO:
        return exp.UnixMicros(this=exp.cast(value, ZONED))
    if type_.startswith("TIMESTAMP"):
        return exp.UnixMicros(this=value)
    if type_ == "BIGINT":
        return value
    raise TableFault(
        "wrong type", column=name, found=type_ or "no such column", kind="instant", wanted=WANTED[Kind.INSTANT]
    )


def day_number(value: Sql) -> Sql:
    since = exp.DateDiff(
        this=value, expression=exp.cast(exp.Literal.string("1970-01-01"), "DATE"), unit=exp.var("DAY")
    )  # fmt: skip
    return added(since, whole(719_163))


def limit_of(bound: Value | None) -> tuple[Decimal, Sql] | None:
    match bound:
        case Decimal():
            return bound, decimal(bound)
        case Money():
            return bound.amount, decimal(bound.amount)
        case bool():
            return None
        case int():
            return Decimal(bound), whole(bound)
        case _:
            return None


def is_proven(known: str | None, limit: tuple[Decimal, Sql], how: type[exp.Binary]) -> bool:
    """Whether the least or greatest value that the file states is inside."""
    try:
        value = Decimal(known) if known is not None else None
    except InvalidOperation:
        return False
    if value is None:
        return False
    return value >= limit[0] if how is exp.GTE else value <= limit[0]


def kinds_of_facts(lookup: Lookup) -> dict[str, str]:
    """The column that each fact of the contract would be, but for durations, which no table has. Raises CannotDo where
    one name has two kinds."""
    found: dict[str, Kind] = {}
    for declared in (f for t in lookup.types.values() for f in t.fields):
        if found.setdefault(declared.name, declared.type.kind) is not declared.type.kind:
            raise CannotDo("facts of one name and two kinds in one table", declared.name)
    return {name: _COLUMNS.get(kind, SQL_TYPES[kind]) for name, kind in found.items() if kind is not Kind.DURATION}


WANTED = {
    Kind.FACT: "BOOLEAN",
    Kind.TEXT: "VARCHAR",
    Kind.PARTY: "VARCHAR",
    Kind.IDENTIFIER: "VARCHAR",
    Kind.CONCEPT: "VARCHAR",
    Kind.NUMBER: "a whole number or DECIMAL",
    Kind.PERCENTAGE: "a whole number or DECIMAL",
    Kind.MONEY: "STRUCT(amount DECIMAL, currency VARCHAR)",
    Kind.INSTANT: "TIMESTAMP, or BIGINT in microseconds UTC",
    Kind.DATE: "DATE",
    Kind.DURATION: "nothing: durations are not read from tables",
    Kind.CONCEPTS: "VARCHAR[]",
}
SQL_TYPES = {
    Kind.FACT: "BOOLEAN",
    Kind.TEXT: "VARCHAR",
    Kind.PARTY: "VARCHAR",
    Kind.IDENTIFIER: "VARCHAR",
    Kind.CONCEPT: "VARCHAR",
    Kind.NUMBER: "DECIMAL(18, 0)",
    Kind.PERCENTAGE: "DECIMAL(18, 0)",
    Kind.MONEY: "DECIMAL(18, 0)",
    Kind.INSTANT: "BIGINT",
    Kind.DATE: "BIGINT",
    Kind.DURATION: "BIGINT",
    Kind.CONCEPTS: "VARCHAR[]",
}


def fits(type_: str, kind: Kind) -> bool:
    """Never a binary number: it is not the number that was written."""
    match kind:
        case Kind.FACT:
            return type_ == "BOOLEAN"
        case Kind.TEXT | Kind.PARTY | Kind.IDENTIFIER | Kind.CONCEPT:
            return type_ == "VARCHAR" or type_.startswith("ENUM")
        case Kind.NUMBER | Kind.PERCENTAGE:
            return type_ in WHOLE_TYPES or type_.startswith("DECIMAL")
        case Kind.MONEY:
            return type_.startswith("STRUCT") and "amount" in type_ and "currency" in type_ and "DOUBLE" not in type_
        case Kind.INSTANT:
            return type_.startswith("TIMESTAMP") or type_ == "BIGINT"
        case Kind.DATE:
            return type_ == "DATE"
        case Kind.CONCEPTS:
            return type_ == "VARCHAR[]"
        case _:
            return False


_COLUMNS = {Kind.MONEY: "STRUCT(amount DECIMAL(18, 0), currency VARCHAR)", Kind.DATE: "DATE"}
