"""The published schemas: fresh, true of what we write, and refusing what the forms refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from smartclause.evidence.entry import LedgerEntry, entry_bytes
from smartclause.evidence.envelope import read, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import Form, canonical, read_form
from smartclause.evidence.schemas import PUBLISHED, schema_text, write_schemas
from smartclause.logic.canonical import dumps
from smartclause.resources import folder

from .samples import KEY, LEDGER, OTHER, event, trust_of
from .segment_samples import small
from .test_forms import VALUES
from .test_trust import EXPRESSION, register, statement

SCHEMAS = folder("grammar") / "schemas"

SEALED = read(seal(canonical(event()), [KEY, OTHER], EventBody.PAYLOAD_TYPE))


def register_body() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(canonical(register()))
    return body | {"entries": [{"asset": "x", "since": "2026-01-01T00:00:00Z", "under": EXPRESSION}]}


def segment_body() -> bytes:
    with TemporaryDirectory() as folder:
        return canonical(small(Path(folder), 2).statement)


WRITTEN: dict[str, list[dict[str, Any]]] = {
    "event": [
        json.loads(canonical(event(type="supplement", facts={"event": event().id, "field": "f", "value": v})))
        for v in VALUES
        if not isinstance(v, list)
    ]
    + [json.loads(canonical(event(to="A", seq=1, prev="sha256:" + "0" * 64, facts={"f": ("a", "b")})))],
    "contract": [json.loads(canonical(statement()))],
    "register": [register_body()],
    "trust": [json.loads(canonical(trust_of(KEY, OTHER, roles=("platform",))))],
    "segment": [json.loads(segment_body())],
    "ledger-entry": [
        json.loads(entry_bytes(LEDGER, 0, 0, "event", SEALED)),
        json.loads(entry_bytes(LEDGER, 1, 0, "equivocation", SEALED, (0, SEALED))),
    ],
}


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text()))


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_published_schema_is_what_the_form_gives_today(name: str) -> None:
    assert (SCHEMAS / f"{name}.schema.json").read_text() == schema_text(PUBLISHED[name])
    Draft202012Validator.check_schema(json.loads(schema_text(PUBLISHED[name])))


def test_the_schemas_are_written_by_one_command(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"{name}.schema.json" for name in PUBLISHED)


CASES = [(name, body) for name, bodies in sorted(WRITTEN.items()) for body in bodies]


@pytest.mark.parametrize(("name", "body"), CASES)
def test_what_we_write_fits_its_schema_and_is_read_back(name: str, body: dict[str, Any]) -> None:
    validator(name).validate(body)
    assert canonical(read_form(PUBLISHED[name], dumps(body))) == dumps(body)


def refused_by_form(kind: type[Form], body: dict[str, Any]) -> bool:
    try:
        read_form(kind, dumps(body))
    except EvidenceError:
        return True
    return False


@pytest.mark.parametrize(("name", "body"), CASES)
def test_what_a_schema_refuses_the_form_refuses_too_for_every_member(name: str, body: dict[str, Any]) -> None:
    schema = validator(name)
    changes = [{k: v for k, v in body.items() if k != member} for member in body]
    changes += [body | {member: wrong} for member in body for wrong in (None, 0, -1, "", "x", [], {}, [1], [""])]
    changes.append(body | {"further": 1})
    for changed in changes:
        if not schema.is_valid(changed):
            assert refused_by_form(PUBLISHED[name], changed)
    assert not schema.is_valid(body | {"further": 1})
    assert not any(schema.is_valid(body | {member: None}) for member in body)


def test_the_ledger_entry_form_is_the_leaf() -> None:
    content = entry_bytes(LEDGER, 3, 1_000_000, "cosignature", SEALED, (2, SEALED))
    assert canonical(read_form(LedgerEntry, content)) == content
    alone = json.loads(content)
    del alone["earlier"]
    with pytest.raises(EvidenceError, match="EV08"):
        read_form(LedgerEntry, dumps(alone))


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "evidence-formats.md"


@pytest.mark.parametrize(("name", "text"), re.findall(r"```json ([\w-]+)\n(.*?)```", PAGE.read_text(), re.DOTALL))
def test_the_examples_of_the_reference_page_are_in_form(name: str, text: str) -> None:
    validator(name).validate(json.loads(text))
    read_form(PUBLISHED[name], dumps(json.loads(text)))
