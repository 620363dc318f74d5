"""The demonstration's facts: well-known public datasets as plain events of `commercial_training`.

Reads the shipped `demo_datasets.json`, where each fact names its source; says nothing that is not there.
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


def entries() -> tuple[Entry, ...]:
    """One for each dataset, with the facts restated and the key of their source under `from`."""
    path = folder("contracts") / CONTRACT / "demo_datasets.json"
    return tuple(json.loads(path.read_text(encoding="utf-8"))["datasets"])


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
    return {
        "model_generated": entry["model_generated"],
        "origins": sorted(f"{CONTRACT}.{origin}" for origin in entry["origins"]) or None,
        "creator_places": sorted(f"{PLACES}.{place}" for place in entry["creator_places"]) or None,
    }
