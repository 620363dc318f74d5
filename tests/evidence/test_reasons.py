"""Every reason that this floor gives in English has its Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartclause.evidence import event as events
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.reasons import CHINESE, in_chinese
from smartclause.evidence.trust import TrustStore
from smartclause.logic.canonical import dumps, parse

from .samples import KEY, event, trust_of

PACKAGE = Path(__file__).parents[2] / "smartclause"
FILES = [*sorted((PACKAGE / "evidence").glob("*.py")), PACKAGE / "logic" / "canonical.py"]
PROGRAMMING_ERRORS = {"merkle.py"}  # raised by wrong arguments, never by hostile input


def template(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    return None


def reasons(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "")
        stated = [k.value for k in node.keywords if k.arg == "reason"]
        if name in ("ValueError", "CanonicalError", "DerError", "_damage") and node.args:
            stated.append(node.args[1] if name == "_damage" else node.args[0])
        yield from (text for text in map(template, stated) if text)


@pytest.mark.parametrize("path", [f for f in FILES if f.name not in PROGRAMMING_ERRORS], ids=lambda path: path.name)
def test_every_reason_in_the_source_has_its_chinese(path: Path) -> None:
    missing = [text for text in reasons(path) if text not in CHINESE]
    assert missing == []


def test_the_reasons_keep_what_was_found_and_none_is_left_in_english() -> None:
    for english, chinese in CHINESE.items():
        assert english.count("{}") == chinese.count("{}")
        assert re.search("[\u4e00-\u9fff]", chinese)
    assert in_chinese("the member `a` is given twice") == "成员`a`重复出现"
    assert in_chinese("entry 3 names `x`, which is no member") == "第3项提到的`x`不是成员"
    assert in_chinese("Permission denied") == "没有权限"
    assert in_chinese("Stale file handle") == "Stale file handle"


def body(**members: object) -> bytes:
    data = parse(canonical(event()))
    assert isinstance(data, dict)
    return dumps(data | members)


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (body(id="x"), "id", "this text does not have its form"),
        (body(seq="0"), "seq", "this value has another kind"),
        (body(seq=-1), "seq", "this value is too long, too short or out of range"),
        (body(edition="event 2"), "edition", "this is none of the values that may stand here"),
        (body(further=1), "further", "this member is not known here"),
        (body(facts={"f": {"amount": "x", "currency": "CNY"}}), "facts.f.amount", "this text does not have its form"),
        (body(facts={"f": None}), "facts.f", "this is none of the values that may stand here"),
        (body(time="2026-02-30T00:00:00Z"), "time", "an instant is written 2026-11-21T09:30:00Z"),
        (body(seq=1), "", "the first event"),
        (b"{}", "id", "this member is missing"),
    ],
)
def test_a_fault_of_form_is_named_in_our_words_at_its_place(content: bytes, place: str, reason: str) -> None:
    with pytest.raises(EvidenceError) as refused:
        read_form(events.EventBody, content)
    error = refused.value
    assert (error.code, error.place) == ("EV08", place)
    assert reason in error.text()
    assert not re.search("this |the ", error.text("zh"))


def test_a_hostile_name_cannot_steer_the_terminal_of_the_reader() -> None:
    with pytest.raises(EvidenceError) as refused:
        read_form(events.EventBody, body(**{"\x1b[2J\u202e": 1}))
    assert refused.value.text().isprintable()


def test_the_place_of_a_fault_inside_a_list_is_its_number() -> None:
    content = canonical(trust_of(KEY)).replace(b'"roles":[]', b'"roles":[1]')
    with pytest.raises(EvidenceError) as refused:
        read_form(TrustStore, content)
    assert refused.value.place == "keys[0].roles[0]"
