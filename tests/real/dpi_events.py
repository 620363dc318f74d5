"""The 1,691 published dataset records as plain events of commercial_training, and their plain answer.

Knows nothing of smartclause: dictionaries in, dictionaries out. Reads the published folder, copies nothing.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "dpi"

OWN = "commercial_training"
PLACES = "places"
AUDITOR, TRAINER = "C", "B"
READ_AT = "2026-02-01T08:00:00Z"
TRAIN_AT = "2026-02-02T08:00:00Z"

SOURCES = ("initiative", "model_hub", "code_host", "paper_index")
CLASSES = {"All": "commercial_use", "NC": "noncommercial_use", "Acad": "academic_use"}
KLEENE = {"All": "T", "NC": "F", "Acad": "F"}

# Generators whose published terms forbid training competitors with their output, and those released without
# such a term. Any other name stays unclassified: nobody has shown its terms.
NO_COMPETE = frozenset(
    {
        "OpenAI ChatGPT",
        "OpenAI GPT-3",
        "OpenAI GPT-3.5-Turbo",
        "OpenAI GPT-3.5-turbo",
        "OpenAI GPT-4",
        "OpenAI Playground",
    }
)
FREE_OUTPUT = frozenset({"OpenAI GPT-1", "OpenAI GPT-2", "T5", "T5-XXL", "XLNet", "Mistral-7B-Instruct-v0.2"})
NO_MODEL = frozenset({"templates"})

CONTRIBUTED = frozenset({"Human", "Template Generated"})
UNSURE = frozenset({"Unsure", "ML Datasets"})

# Country names of the published table to ISO 3166 codes; the rest is `places`, too broad for any list.
COUNTRIES = {
    "Australia": "AU",
    "Bangladesh": "BD",
    "Belgium": "BE",
    "Brazil": "BR",
    "Bulgaria": "BG",
    "Canada": "CA",
    "Chile": "CL",
    "China": "CN_mainland",
    "Croatia": "HR",
    "Czech Republic": "CZ",
    "Czechia": "CZ",
    "Denmark": "DK",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "India": "IN",
    "Indonesia": "ID",
    "Iran": "IR",
    "Ireland": "IE",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Myanmar": "MM",
    "Netherlands": "NL",
    "New Zealand": "NZ",
    "Nigeria": "NG",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "Qatar": "QA",
    "Romania": "RO",
    "Russia": "RU",
    "Scotland": "GB",
    "Singapore": "SG",
    "Slovenia": "SI",
    "South Korea": "KR",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Taiwan": "TW",
    "Thailand": "TH",
    "UAE": "AE",
    "United Kingdom": "GB",
    "United States of America": "US",
    "Vietnam": "VN",
}

Record = Mapping[str, Any]
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tables:
    """The publishers' tables: licence or address to (use, attribution, share alike), and two groupings."""

    licences: Mapping[str, Sequence[str]]
    addresses: Mapping[str, Sequence[str]]
    country: Mapping[str, str]
    domain: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One licence that one source states; flags are `1`, `0` or `?`."""

    source: str
    name: str
    use: str
    attribution: str
    share_alike: str


def _inverted(groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: group for group, names in groups.items() for name in names}


def tables(folder: Path = FOLDER) -> Tables:
    def read(name: str) -> Any:
        return json.loads((folder / "constants" / name).read_text(encoding="utf-8"))

    return Tables(
        licences=read("license_classes.json"),
        addresses=read("custom_license_classes.json"),
        country=_inverted(read("creator_groups_by_country.json")),
        domain={name.lower(): group for name, group in _inverted(read("domain_groups.json")).items()},
    )


def records(folder: Path = FOLDER) -> list[Record]:
    with gzip.open(folder / "datasets.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def key(record: Record) -> tuple[str, str]:
    """(file, id): one id occurs in two files."""
    return record["_file"], record["Unique Dataset Identifier"]


def dataset_id(record: Record) -> str:
    """ASCII without white space, reversible."""
    file, name = key(record)
    return "dpi:" + quote(f"{Path(file).stem}/{name}", safe="/-._~")


def statements(record: Record, known: Tables) -> tuple[Statement, ...]:
    """What each source says, in the order of SOURCES; a source with no entry says nothing."""
    inferred = record.get("Inferred Metadata", {})
    hub = inferred.get("HF Yaml License") or inferred.get("HF Config License")
    single = (
        ("model_hub", hub),
        ("code_host", inferred.get("GitHub License")),
        ("paper_index", inferred.get("PwC License Name")),
    )
    reviewed = [_reviewed(entry, known) for entry in record["Licenses"]]
    return (*reviewed, *(_named(source, name, known) for source, name in single if name))


def _reviewed(entry: Mapping[str, str], known: Tables) -> Statement:
    name, address = entry["License"], entry.get("License URL") or ""
    if name != "Custom":
        return _named("initiative", name, known)
    return Statement("initiative", f"Custom {address}".strip(), *known.addresses.get(address, ("?", "?", "?")))


def _named(source: str, name: str, known: Tables) -> Statement:
    return Statement(source, name, *known.licences.get(name, ("?", "?", "?")))


def _kleene_and(values: Sequence[str]) -> str:
    return "F" if "F" in values else "U" if "U" in values else "T"


def answers(record: Record, known: Tables) -> dict[str, str]:
    """T, F or U for each source that says something."""
    said: dict[str, list[str]] = {}
    for statement in statements(record, known):
        said.setdefault(statement.source, []).append(KLEENE.get(statement.use, "U"))
    return {source: _kleene_and(values) for source, values in said.items()}


def answer(record: Record, known: Tables) -> str:
    return _kleene_and(list(answers(record, known).values()))


def contradicts(record: Record, known: Tables) -> bool:
    return {"T", "F"} <= set(answers(record, known).values())


def events(record: Record, known: Tables) -> Iterator[Event]:
    """What the auditor says, at READ_AT, and the training by the trainer, at TRAIN_AT."""
    dataset = dataset_id(record)
    for statement in statements(record, known):
        yield _by_auditor("licence_statement", {"dataset": dataset, **_licence_facts(statement)})
    for name in _generators(record):
        yield _by_auditor("generator_statement", {"dataset": dataset, **_generator_facts(name)})
    yield _by_auditor("dataset_review", {"dataset": dataset, **_review_facts(record, known)})
    yield {
        "type": f"{OWN}.train",
        "time": TRAIN_AT,
        "by": TRAINER,
        "to": None,
        "asset": dataset,
        "facts": {"dataset": dataset},
    }


def _by_auditor(kind: str, facts: dict[str, Any]) -> Event:
    return {
        "type": f"{OWN}.{kind}",
        "time": READ_AT,
        "by": AUDITOR,
        "to": None,
        "asset": None,
        "facts": facts,
    }


def _licence_facts(statement: Statement) -> dict[str, Any]:
    """A class that the tables do not settle is left out: unknown, and the auditor may supply it later."""
    facts: dict[str, Any] = {
        "licence_source": f"{OWN}.{statement.source}",
        "licence_name": statement.name,
    }
    if statement.use in CLASSES:
        facts["licence_class"] = f"{OWN}.{CLASSES[statement.use]}"
        flags = {"attribution": statement.attribution, "share_alike": statement.share_alike}
        facts |= {name: flag == "1" for name, flag in flags.items() if flag != "?"}
    return facts


def _generators(record: Record) -> list[str]:
    return [name for name in record.get("Model Generated") or [] if name not in NO_MODEL]


def _generator_facts(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"generator_name": name}
    if name in NO_COMPETE:
        facts["generator"] = f"{OWN}.restricted_generator"
    elif name in FREE_OUTPUT:
        facts["generator"] = f"{OWN}.free_generator"
    return facts


def _review_facts(record: Record, known: Tables) -> dict[str, Any]:
    found = {"origins": _origins(record, known), "creator_places": _places(record, known)}
    shown = {name: sorted(values) for name, values in found.items() if values}
    return {"model_generated": f"{OWN}.model_output" in found["origins"], **shown}


def _origins(record: Record, known: Tables) -> set[str]:
    groups = {known.domain.get(text.lower(), "Unsure") for text in record.get("Text Sources") or []}
    return {_origin(group) for group in groups} | ({f"{OWN}.model_output"} if _generators(record) else set())


def _origin(group: str) -> str:
    if group in CONTRIBUTED:
        return f"{OWN}.contributed"
    if group == "Models":
        return f"{OWN}.model_output"
    return f"{OWN}.content_origins" if group in UNSURE else f"{OWN}.published_works"


def _places(record: Record, known: Tables) -> set[str]:
    codes = {COUNTRIES.get(known.country.get(name, ""), "places") for name in record.get("Creators") or []}
    return {f"{PLACES}.{code}" for code in codes}


def write(folder: Path, out: Path) -> None:
    """`reviewer.jsonl` and `trainer.jsonl`: the plain events that each has to sign, at the time of signing."""
    known = tables(folder)
    plain = [event for record in records(folder) for event in events(record, known)]
    for name, party in (("reviewer", AUDITOR), ("trainer", TRAINER)):
        mine = (_untimed(event) for event in plain if event["by"] == party)
        lines = "".join(json.dumps(event) + "\n" for event in mine)
        (out / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def _untimed(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "time" and value is not None}


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
