"""The demonstration's facts: well-known public datasets as plain events of `commercial_training`.

Reads the shipped `demo_datasets.json`, where each fact names its sources and each source has a date; says nothing
that is not there.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from smartclause.resources import folder

Entry: TypeAlias = Mapping[str, Any]
PlainEvent: TypeAlias = dict[str, Any]

CONTRACT = "commercial_training"
PLACES = "places"
TRAINER, REVIEWER, RIGHTHOLDER = "B", "C", "R"
RECORDED_AT = "2026-02-01T08:00:00Z"
TRAINED_AT = "2026-02-02T08:00:00Z"


def document() -> bytes:
    """The shipped file: the sources with their dates, and the datasets."""
    return (folder("contracts") / CONTRACT / "demo_datasets.json").read_bytes()


def entries() -> tuple[Entry, ...]:
    """One for each dataset, with the facts restated and the keys of their sources under `from`."""
    return tuple(json.loads(document())["datasets"])


def events(entry: Entry) -> Iterator[PlainEvent]:
    """What is recorded on the dataset, and at last the training that asks; nulls are left out."""
    for licence in entry["licences"]:
        yield _event(entry, "licence_statement", REVIEWER, RECORDED_AT, _licence(licence))
    for generator in entry["generators"]:
        yield _event(entry, "generator_statement", REVIEWER, RECORDED_AT, _generator(generator))
    for collection in entry["collections"]:
        yield _event(entry, "collection", REVIEWER, RECORDED_AT, _collection(collection))
    for takedown in entry["takedowns"]:
        state = {"takedown_state": _own(takedown["state"])}
        yield _event(entry, "takedown", RIGHTHOLDER, f"{takedown['on']}T00:00:00Z", state)
    yield _event(entry, "dataset_review", REVIEWER, RECORDED_AT, _review(entry))
    yield _event(entry, "train", TRAINER, TRAINED_AT, {}) | {"asset": entry["id"]}


def _event(entry: Entry, kind: str, by: str, time: str, facts: Mapping[str, Any]) -> PlainEvent:
    shown = {name: value for name, value in facts.items() if value is not None}
    stated = {"dataset": entry["id"], **shown}
    return {"type": _own(kind), "time": time, "by": by, "to": None, "asset": None, "facts": stated}


def _own(name: str | None) -> str | None:
    return None if name is None else f"{CONTRACT}.{name}"


def _licence(stated: Entry) -> dict[str, Any]:
    return {
        "licence_source": _own(stated["source"]),
        "licence_name": stated["licence"],
        "licence_class": _own(stated["class"]),
        "attribution": stated["attribution"],
        "share_alike": stated["share_alike"],
    }


def _generator(stated: Entry) -> dict[str, Any]:
    return {"generator_name": stated["name"], "generator": _own(stated["generator"])}


def _collection(stated: Entry) -> dict[str, Any]:
    return {
        "snapshot": stated["snapshot"],
        "lawful_access": stated["lawful_access"],
        "reservation": _own(stated["reservation"]),
    }


def _review(entry: Entry) -> dict[str, Any]:
    """What no source says of the content is no fact of the review."""
    review = entry["review"]
    return {
        "model_generated": _value(review, "model_generated"),
        "origins": _values(review, "origins", CONTRACT),
        "creator_places": _values(review, "creator_places", PLACES),
    }


def _value(review: Entry, name: str) -> Any:
    return review[name]["value"] if name in review else None


def _values(review: Entry, name: str, module: str) -> list[str] | None:
    found = _value(review, name)
    return None if found is None else sorted(f"{module}.{value}" for value in found)
