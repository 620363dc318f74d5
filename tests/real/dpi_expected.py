"""What commercial_training should answer on a published record, reasoned in plain Python beside the engines.

Each value is T, F or U: the truth of a clause's bar, then the status and the verdict that follow.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.real import dpi_events as dpi

EEA = frozenset("BE BG CZ DE DK ES FI FR GR HR IE IT NL NO PL PT RO SE SI".split())  # noqa: SIM905
ACCEPTED = EEA | {"GB", "US", "CA", "SG", "CN_mainland"}
# Listed in the vocabulary of places and declared disjoint from all of the accepted ones.
REFUSED = frozenset({"HK", "TW", "CH", "JP", "KR", "AU", "ID", "TH", "VN"})

CLAUSES = ("1.1", "1.2", "3.1", "3.2", "3.3")


def bars(record: dpi.Record, known: dpi.Tables) -> dict[str, str]:
    """The truth of the one bar that each clause puts on training."""
    shown = {event["type"].split(".")[1]: event["facts"] for event in dpi.events(record, known)}
    review = shown["dataset_review"]
    return {
        "1.1": negated(dpi.answer(record, known)),
        "1.2": _contradiction(record, known),
        "3.1": both("T" if review["model_generated"] else "F", negated(_all_free(record))),
        "3.2": both(_covers(review.get("origins"), "published_works"), "U"),
        "3.3": negated(_in_accepted(review.get("creator_places"))),
    }


def statuses(record: dpi.Record, known: dpi.Tables) -> dict[str, str]:
    """Status of each clause for the training, first that fits (does not apply, forbids, unknown, met)."""
    word = {"T": "forbidden", "U": "unknown", "F": "met"}
    values = {clause: word[bar] for clause, bar in bars(record, known).items()}
    review = next(e["facts"] for e in dpi.events(record, known) if e["type"].endswith("_review"))
    if not review["model_generated"]:
        values["3.1"] = "inapplicable"
    if _covers(review.get("origins"), "published_works") == "F":
        values["3.2"] = "inapplicable"
    return values


def verdict(record: dpi.Record, known: dpi.Tables) -> str:
    values = set(bars(record, known).values())
    return "refused" if "T" in values else "undecided" if "U" in values else "allowed"


def negated(value: str) -> str:
    return {"T": "F", "F": "T", "U": "U"}[value]


def both(left: str, right: str) -> str:
    return "F" if "F" in (left, right) else "U" if "U" in (left, right) else "T"


def either(values: Iterable[str]) -> str:
    found = set(values)
    return "T" if "T" in found else "U" if "U" in found else "F"


def _contradiction(record: dpi.Record, known: dpi.Tables) -> str:
    permits = either(dpi.answers(record, known).values())
    forbids = either(negated(dpi.KLEENE.get(said.use, "U")) for said in dpi.statements(record, known))
    return both(permits, forbids)


def _covers(origins: list[str] | None, kind: str) -> str:
    if origins is None:
        return "U"
    if f"{dpi.OWN}.{kind}" in origins:
        return "T"
    return "U" if f"{dpi.OWN}.content_origins" in origins else "F"


def _all_free(record: dpi.Record) -> str:
    """`every` over the generators: false of none."""
    names = [name for name in record.get("Model Generated") or [] if name not in dpi.NO_MODEL]
    if not names or any(name in dpi.NO_COMPETE for name in names):
        return "F"
    return "T" if all(name in dpi.FREE_OUTPUT for name in names) else "U"


def _in_accepted(places: list[str] | None) -> str:
    """A set is in the list if each place is, outside if none can be, otherwise unknown."""
    if places is None:
        return "U"
    codes = [place.split(".")[1] for place in places]
    if all(code in ACCEPTED for code in codes):
        return "T"
    return "F" if all(code in REFUSED for code in codes) else "U"
