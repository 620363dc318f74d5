"""`compile --to sql`: the audit of a contract as statements for the reader's own database."""

from __future__ import annotations

from smartclause.engines.sql.printed import printed
from smartclause.evidence.errors import Lang
from smartclause.rails.refused import CannotDo
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError

_HEAD = {
    "en": (
        "Contract {document}, judged as if all parties had signed and all facts were shown.",
        "The table `{table}`: row (number, in the order of one instant), type, time (microseconds UTC), by,",
        "and a column for each fact under its name. Concepts and types are written in full.",
    ),
    "zh": (
        "合同{document}，视同各方均已签署且全部事实均已出示。",
        "表`{table}`：row（行号，同一时刻内的次序）、type、time（UTC微秒）、by，",
        "以及每项事实同名的一列。概念和类型均写全称。",
    ),
}


def as_sql(bundle: Bundle, dialect: str = "duckdb", table: str = "events", lang: Lang = "en") -> str:
    """The statements' text. Raises VerbError VB57."""
    head = "\n".join(f"-- {line.format(document=bundle.document, table=_harmless(table))}" for line in _HEAD[lang])
    try:
        parts = [
            f"-- {_harmless(p.type)} · {_harmless(p.party)}\n{p.text};" for p in printed(bundle.lookup, dialect, table)
        ]
    except CannotDo as refused:
        raise VerbError("VB57", refused.where, construct=refused.construct) from None
    return "\n\n".join((head, *parts)) + "\n"


def _harmless(name: str) -> str:
    """A comment ends with its line."""
    return " ".join(name.split())
