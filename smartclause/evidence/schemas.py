"""The published JSON Schemas, generated from the forms: `python -m smartclause.evidence.schemas FOLDER`.

A schema says what it can of a form; order, uniqueness by name and hashes are checked by the forms only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from smartclause.evidence.disclosure import Disclosure
from smartclause.evidence.entry import LedgerEntry
from smartclause.evidence.event import EventBody
from smartclause.evidence.event_proof import EventProof
from smartclause.evidence.forms import Form
from smartclause.evidence.redaction import Redaction
from smartclause.evidence.register import Register
from smartclause.evidence.role_certificates import RoleCertificate
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.statement import ContractStatement
from smartclause.evidence.trust import TrustStore

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: Mapping[str, type[Form]] = MappingProxyType(
    {
        "event": EventBody,
        "contract": ContractStatement,
        "register": Register,
        "trust": TrustStore,
        "role-certificate": RoleCertificate,
        "segment": SegmentStatement,
        "event-proof": EventProof,
        "ledger-entry": LedgerEntry,
        "disclosure": Disclosure,
        "redaction": Redaction,
    }
)


def schema_of(kind: type[Form]) -> dict[str, Any]:
    """As the form is written: what is not given is left out, never null; what is always written is required."""
    written: dict[str, Any] = _as_written(kind.model_json_schema(by_alias=True, mode="validation"))
    return {"$schema": DIALECT} | written


def schema_text(kind: type[Form]) -> str:
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> None:
    for name, kind in PUBLISHED.items():
        (folder / f"{name}.schema.json").write_text(schema_text(kind), encoding="utf-8")


def _as_written(node: Any) -> Any:
    if isinstance(node, list):
        return [_as_written(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = _closed(_without_null(node))
    return {
        name: _members(value) if name in ("properties", "$defs") else _as_written(value)
        for name, value in kept.items()
        if name not in ("title", "default")
    }


def _members(members: dict[str, Any]) -> dict[str, Any]:
    """Names chosen by us, which may look like words of the schema language."""
    return {name: _as_written(schema) for name, schema in members.items()}


def _closed(node: dict[str, Any]) -> dict[str, Any]:
    """With all members that are always written required, and no others allowed."""
    if "patternProperties" in node:
        return node | {"additionalProperties": False}
    if "properties" not in node:
        return node
    written = {name for name, schema in node["properties"].items() if schema.get("default") is not None}
    return node | {"required": sorted({*node.get("required", ()), *written})}


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == len(node.get("anyOf", ())):
        return node
    rest = {name: value for name, value in node.items() if name != "anyOf"}
    return rest | (choices[0] if len(choices) == 1 else {"anyOf": choices})


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
