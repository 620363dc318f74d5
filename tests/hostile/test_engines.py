"""Bad input to each engine: our own error with its code, or a line rejected, counted and listed. Nothing is allowed by
it, nothing dropped in silence, and memory does not grow with it."""

from __future__ import annotations

import json
import resource
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from smartclause.engines.monitor.told import ActTold
from smartclause.logic.counting import parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.verbs.decider import Decider
from smartclause.verbs.errors import VerbError
from smartclause.verbs.monitor import RefusedLine, Settings, Tally, monitor
from tests.bench import uses
from tests.bench.listening import Listener

GOOD: dict[str, Any] = {
    "purpose": "use_policy.fine_tuning",
    "licence": "use_policy.open_licence",
    "data_kind": "use_policy.plain_text",
    "consent": True,
    "anonymised": False,
    "opted_out": False,
    "encrypted": True,
    "abroad": False,
    "cleared": False,
    "volume": 200,
}
USE: dict[str, Any] = {"type": "use_policy.use", "by": "B", "asset": "d", "facts": GOOD}
IN_FORCE = parse_instant("2026-03-01T00:00:00Z")
BEFORE_FORCE = parse_instant("2025-12-31T23:59:59Z")


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider(Lookup(uses.contract()), draft=True, clock=lambda: IN_FORCE)


# ---- decide


def test_the_good_use_is_allowed_so_that_what_follows_is_the_fault_of_the_input(decider):
    assert decider.from_json(text(USE)) is Decision.ALLOWED


def text(data: object) -> bytes:
    return json.dumps(data).encode()


def facts(**changed: object) -> bytes:
    return text({**USE, "facts": {**GOOD, **changed}})


REFUSED: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "VB05"),
    "cut off": (text(USE)[:-10], "VB05"),
    "empty": (b"", "VB05"),
    "a list": (text([USE]), "VB05"),
    "a number": (b"5", "VB05"),
    "bytes that are no text": (b"\xff\xfe" + text(USE), "VB05"),
    "a member twice": (text(USE)[:-1] + b',"by":"B"}', "VB05"),
    "a fact twice": (text(USE).replace(b'"consent": true', b'"consent": false, "consent": true'), "VB05"),
    "not a number": (text(USE).replace(b"200", b"NaN"), "VB05"),
    "a binary float": (text(USE).replace(b"200", b"200.5"), "VB05"),
    "a number beyond 2^53": (text(USE).replace(b"200", b"9007199254740993"), "VB05"),
    "nested a thousand times": (text(USE).replace(b"200", b"[" * 1_000 + b"]" * 1_000), "VB05"),
    "a text where a fact is declared": (facts(consent="yes"), "VB08"),
    "one where yes is meant": (facts(consent=1), "VB08"),
    "a truth where a number is declared": (facts(volume=True), "VB08"),
    "a fact of nobody": (facts(colour="red"), "VB07"),
    "an unknown type": (text({**USE, "type": "use_policy.fly"}), "VB07"),
    "no party": (text({k: v for k, v in USE.items() if k != "by"}), "VB10"),
    "no type": (text({k: v for k, v in USE.items() if k != "type"}), "VB05"),
    "facts that are a list": (text({**USE, "facts": list(GOOD)}), "VB05"),
    "a member of nobody": (text({**USE, "verdict": "allowed"}), "VB05"),
    "sixteen megabytes": (text(USE).replace(b"200", b"2" * 2**24), "VB05"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_decide_refuses_text_that_is_not_as_the_contract_has_it(decider, case):
    content, code = REFUSED[case]
    with pytest.raises(VerbError) as found:
        decider.from_json(content)
    assert found.value.code == code


def test_a_concept_that_no_vocabulary_has_is_unknown_and_never_allows(decider):
    assert decider.from_json(facts(purpose="use_policy.world_peace")) is Decision.UNDECIDED


def test_what_is_null_is_missing_and_never_allows(decider):
    assert decider.from_json(facts(**dict.fromkeys(GOOD))) is Decision.UNDECIDED
    assert decider.from_json(text({**USE, "facts": {}})) is Decision.UNDECIDED


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, "", "x", 0, 1, -1, 1.5, b"x", [], {}, frozenset(), object(), Decimal("NaN")])
def test_a_value_of_another_type_given_by_a_program_never_allows(decider, name, value):
    given: dict[str, Any] = {**GOOD, "volume": Decimal(200)}
    assert decider.verdict("use_policy.use", "B", given) is Decision.ALLOWED
    needed = decider.verdict("use_policy.use", "B", {k: v for k, v in given.items() if k != name})
    assert decider.verdict("use_policy.use", "B", {**given, name: value}) in (needed, Decision.REFUSED)


@pytest.mark.parametrize(("kind", "party"), [("use_policy.fly", "B"), ("fly", "B"), ("", ""), ("use_policy.use", "X")])
def test_an_unknown_type_or_party_given_by_a_program_is_not_allowed(decider, kind, party):
    assert decider.verdict(kind, party, {**GOOD, "volume": Decimal(200)}) is not Decision.ALLOWED


def test_a_contract_that_is_not_in_force_allows_nothing_whenever_the_clock_says_so():
    times = iter((IN_FORCE, BEFORE_FORCE, 0))
    found = [Decider(Lookup(uses.contract()), draft=True, clock=partial(int, t)).from_json(text(USE)) for t in times]
    assert found == [Decision.ALLOWED, Decision.REFUSED, Decision.REFUSED]


def test_an_instant_that_is_named_is_a_what_if_and_never_allows(decider):
    given: dict[str, Any] = {**GOOD, "volume": Decimal(200)}
    asked = ("use_policy.use", "B", given, IN_FORCE)
    assert decider.from_json(text(USE), IN_FORCE) is Decision.UNDECIDED
    assert decider.verdict(*asked) is decider.statuses(*asked).decision is Decision.UNDECIDED
    assert decider.explain(*asked).decision is Decision.UNDECIDED
    assert decider.what_if(*asked).decision is Decision.ALLOWED
    assert decider.from_json(text(USE), BEFORE_FORCE) is Decision.REFUSED


# ---- monitor

READ: dict[str, Any] = {
    "type": "stream_policy.read",
    "time": "2026-03-01T09:00:00Z",
    "by": "B",
    "asset": "d",
    "facts": {"accessor": "r1"},
}


def read(**changed: object) -> bytes:
    return text({k: v for k, v in {**READ, **changed}.items() if v != "absent"})


LINES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "VB05"),
    "cut off": (read()[:-5], "VB05"),
    "a list": (b"[]", "VB05"),
    "bytes that are no text": (b"\xff" + read(), "VB05"),
    "a member twice": (read()[:-1] + b',"by":"B"}', "VB05"),
    "a member of nobody": (read(weather="rain"), "VB05"),
    "an unknown type of a known file": (read(type="reed"), "VB07"),
    "no time": (read(time="absent"), "VB10"),
    "a time that is none": (read(time="yesterday"), "VB08"),
    "a time without a zone": (read(time="2026-03-01T09:00:00"), "VB08"),
    "a number for a time": (read(time=5), "VB05"),
    "a day that is none": (read(time="2026-02-30T09:00:00Z"), "VB08"),
    "no party": (read(by="absent"), "VB10"),
    "no asset": (read(asset="absent"), "VB10"),
    "no key": (read(facts={}), "VB10"),
    "a key that is null": (read(facts={"accessor": None}), "VB10"),
    "a key that is a number": (read(facts={"accessor": 5}), "VB08"),
    "a key of white space": (read(facts={"accessor": "r 1"}), "VB08"),
    "a fact of nobody": (read(facts={"accessor": "r1", "colour": "red"}), "VB07"),
    "a supplement": (read(type="supplement", facts={"event": "x"}), "VB48"),
    "everything null": (text(dict.fromkeys(READ)), "VB05"),
}


def followed(path: Path, content: bytes, **settings: Any) -> tuple[Tally, list[RefusedLine], list[ActTold]]:
    source, listener = path / "lines.jsonl", Listener()
    source.write_bytes(content)
    tally = monitor(uses.FOLDER / "stream.clause", source, listener, settings=Settings(draft=True, **settings))
    told = listener.told
    refused = [each for each in told if isinstance(each, RefusedLine)]
    return tally, refused, [each for each in told if isinstance(each, ActTold)]


@pytest.mark.parametrize("case", LINES)
def test_the_monitor_lists_a_bad_line_with_its_number_and_goes_on(case, tmp_path):
    content, code = LINES[case]
    tally, refused, acts = followed(tmp_path, b"\n".join([read(), content, read()]) + b"\n")
    assert [(r.line, r.fault.code) for r in refused] == [(2, code)]
    assert (tally.lines, tally.records, dict(tally.refused_lines)) == (3, 2, {code: 1})
    assert len(acts) == 2


def test_the_same_number_twice_is_listed_and_the_first_counts(tmp_path):
    tally, refused, acts = followed(tmp_path, read(id="e1") + b"\n" + read(id="e1", by="C") + b"\n")
    assert [(r.line, r.fault.code) for r in refused] == [(2, "VB49")]
    assert [a.by for a in acts] == ["B"]
    assert tally.records == 1


def test_an_act_of_a_type_that_nobody_declares_is_not_allowed(tmp_path):
    tally, refused, acts = followed(tmp_path, read(type="other.fly", facts={}) + b"\n")
    assert len(refused) + len(acts) == 1
    assert all(a.decision is not Decision.ALLOWED for a in acts)
    assert tally.acts["allowed"] == 0


def test_a_clock_that_runs_backwards_moves_the_record_and_says_so(tmp_path):
    times = ("2026-03-01T09:00:00Z", "2026-03-01T08:00:00Z", "2020-01-01T00:00:00Z", "2026-03-01T10:00:00Z")
    tally, refused, acts = followed(tmp_path, b"\n".join(read(time=t) for t in times))
    assert not refused
    assert (tally.records, tally.moved, len(acts)) == (4, 2, 4)


def test_no_line_stands_before_a_mark_of_completeness_of_its_own_source(tmp_path):
    mark = text({"type": "heartbeat", "time": "2026-03-02T00:00:00Z", "source": "s"})
    tally, _, _ = followed(tmp_path, read(source="s") + b"\n" + mark + b"\n" + read(source="s") + b"\n")
    assert tally.moved == 1


@pytest.mark.parametrize("at", ["2025-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_before_its_force_a_contract_allows_nothing(at, tmp_path):
    tally, _, acts = followed(tmp_path, read(time=at))
    assert [a.decision for a in acts] == [Decision.REFUSED]
    assert tally.acts["refused"] == 1


def test_a_file_that_is_cut_off_in_a_line_keeps_all_lines_before_it(tmp_path):
    tally, refused, acts = followed(tmp_path, (read() + b"\n") * 3 + read()[:40])
    assert ([r.line for r in refused], len(acts), tally.records) == ([4], 3, 3)


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b" \n\t\n"])
def test_nothing_to_follow_is_told_as_nothing(content, tmp_path):
    tally, refused, acts = followed(tmp_path, content)
    assert (tally.lines, tally.records, refused, acts) == (0, 0, [], [])


def test_a_line_of_a_gigabyte_is_refused_in_the_memory_of_a_short_one(tmp_path):
    """Zeros that take no place on the disk, then a good line."""
    source = tmp_path / "huge.jsonl"
    with source.open("wb") as file:
        file.truncate(2**30)
        file.seek(0, 2)
        file.write(b"\n" + read() + b"\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tally = monitor(uses.FOLDER / "stream.clause", source, Listener(), settings=Settings(draft=True))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB
    assert (tally.lines, tally.records, dict(tally.refused_lines)) == (2, 1, {"EV02": 1})


def test_lines_that_nobody_vouches_for_are_not_followed_at_all(tmp_path):
    source = tmp_path / "lines.jsonl"
    source.write_bytes(read())
    with pytest.raises(VerbError) as found:
        monitor(uses.FOLDER / "stream.clause", source, Listener())
    assert found.value.code == "VB47"
