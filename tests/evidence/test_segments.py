"""Segments: what was sealed is what is read, and whatever was changed is found, with its row."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import event_id
from smartclause.evidence.forms import canonical, read_form, timestamp
from smartclause.evidence.merkle import Frontier, append, leaf_hash, root_of
from smartclause.evidence.segment import PART, SegmentStatement, digest_text, joined_root
from smartclause.evidence.segment_bytes import Common, usual_rows
from smartclause.evidence.segment_check import file_digest, sequel_of, survey, verified_parts, verify_segment
from smartclause.evidence.segment_file import open_segment, part
from smartclause.logic.canonical import digest_of_bytes, dumps, parse

from .samples import CONTRACT, KEY, LEDGER, OTHER
from .segment_samples import Made, chain, changed, made, plain, rewritten, rows_of, small
from .test_forms import VALUES

FLIPS = int(os.environ.get("SMARTCLAUSE_FLIPS", "150"))  # a deeper run: SMARTCLAUSE_FLIPS=20000


def refused(segment: Made) -> EvidenceError:
    with pytest.raises(EvidenceError) as found:
        verify_segment(segment.path, segment.statement)
    return found.value


def resigned(segment: Made, **members: Any) -> SegmentStatement:
    """As if the issuer had sealed the file as it now is."""
    digest, size = file_digest(segment.path)
    return segment.statement.model_copy(update={"file": digest, "size": size} | members)


# ---- what was sealed is what is read


def test_a_segment_holds_the_exact_bytes_of_its_events_under_their_root(tmp_path: Path) -> None:
    events = plain(5)
    segment = made(tmp_path / "a.parquet", events)
    bodies = [body for each in verified_parts(segment.path, segment.statement) for body in each.bodies]
    assert bodies == [canonical(event) for event in events]
    stated = segment.statement
    assert stated.root == digest_text(root_of(append(Frontier(), map(leaf_hash, bodies))))
    assert (stated.first, stated.count, stated.prev, stated.last) == (0, 5, None, digest_of_bytes(bodies[-1]))
    assert (stated.since, stated.until) == (events[0].time, events[-1].time)
    assert (stated.low, stated.high) == (min(e.id for e in events), max(e.id for e in events))


@given(st.integers(1, 200), st.integers(0, 5))
def test_the_root_of_parts_is_the_root_of_the_tree(count: int, height: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(count)]
    size = 1 << height
    parts = [joined_root(leaves[n : n + size]) for n in range(0, count, size)]
    assert joined_root(parts) == root_of(append(Frontier(), leaves))


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_AMOUNTS = st.sampled_from(["0", "-1", "12.5", "-0.001", "9" * 20])
_MONEY = st.builds(lambda a, c: {"amount": a, "currency": c}, _AMOUNTS, st.sampled_from(["CNY", "EUR"]))
_PERIODS = st.builds(
    lambda c, u: {"count": c, "unit": u}, st.integers(0, 2**53 - 1), st.sampled_from(["day", "working_day", "minute"])
)
_SETS = st.lists(_TEXTS.filter(bool), unique=True, max_size=4).map(lambda items: tuple(sorted(items)))
_WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
_VALUES = st.one_of(st.booleans(), _WHOLE, _TEXTS, _SETS, _MONEY, _PERIODS)
_FACTS = st.dictionaries(st.sampled_from(["a", "b", "a_text", "c9"]), _VALUES, max_size=4)
_TIMES = st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999).map(timestamp)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(facts=st.lists(_FACTS, min_size=1, max_size=8), time=_TIMES, asset=st.sampled_from([None, "v", 'a"b', "\\"]))
def test_any_events_can_be_sealed_and_are_read_back_byte_for_byte(
    facts: list[dict[str, Any]], time: str, asset: str | None, tmp_path: Path
) -> None:
    events = list(chain(facts, time=time, asset=asset, first=1, prev=CONTRACT))
    path = tmp_path / f"{event_id()}.parquet"
    segment = made(path, events)
    bodies = [body for each in verified_parts(path, segment.statement) for body in each.bodies]
    assert bodies == [canonical(event) for event in events]
    path.unlink()


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_value_of_every_kind_is_sure_without_a_closer_look(value: Any, tmp_path: Path) -> None:
    """A row that is left to the closer look costs as much as twenty others."""
    value = tuple(value) if isinstance(value, list) else value
    segment = made(tmp_path / "a.parquet", chain([{"f": value}, {"f": 'other " \\ \n kind', "g": value}]))
    assert sure_rows(segment) == [True, True]


def sure_rows(segment: Made) -> list[bool]:
    with open_segment(segment.path) as file:
        rows = part(file, 0)
        bodies = rows.column("body").to_pylist()
        prevs = (segment.statement.prev, *map(digest_of_bytes, bodies[:-1]))
        sure = usual_rows(rows, file.facts, Common(KEY.id, LEDGER, CONTRACT), prevs)
    found: list[bool] = sure.to_pylist()
    return found


def test_built_in_types_and_withheld_facts_can_stand_in_a_segment(tmp_path: Path) -> None:
    withheld = tuple(sorted(("sha256:" + "a" * 64, "sha256:" + "b" * 64)))
    events = list(chain([{}], type="heartbeat", by=None, asset=None))
    prev = digest_of_bytes(canonical(events[0]))
    events += chain([{"purpose": "x"}], first=1, prev=prev, sd=withheld)
    segment = made(tmp_path / "a.parquet", events)
    verify_segment(segment.path, segment.statement)
    assert sure_rows(segment) == [False, True]


def test_more_events_than_one_part_are_read_part_by_part(tmp_path: Path) -> None:
    segment = made(tmp_path / "a.parquet", chain([{}] * (PART + 2)))
    sizes = [len(each.bodies) for each in verified_parts(segment.path, segment.statement)]
    assert sizes == [PART, 2]
    assert len(segment.statement.parts) == 2
    table = pq.read_table(segment.path)
    rewritten(segment.path, table.take([*range(PART), PART + 1, PART]))
    assert refused(segment).place == f"a.parquet: row {PART}"


# ---- what was changed is found, with its row


def body_with(row: dict[str, Any], **members: Any) -> dict[str, Any]:
    data = parse(row["body"])
    assert isinstance(data, dict)
    return row | {"body": dumps(data | members)}


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], int]] = {
    "a column": (lambda row: row | {"fact_purpose_text": "voice.advertising"}, 2),
    "a column of another kind filled": (lambda row: row | {"fact_count_number": None}, 2),
    "the time": (lambda row: row | {"time": row["time"] + 1}, 2),
    "the number": (lambda row: row | {"seq": 9}, 2),
    "who": (lambda row: row | {"by": None}, 2),
    "the nonce": (lambda row: row | {"nonce": "0" * 32}, 2),
    "money": (lambda row: row | {"fact_fee_money": {"amount": "12.50", "currency": "CNY"}}, 2),
    "a set": (lambda row: row | {"fact_languages_set": ["English", "中文", "中文"]}, 2),
    "what is withheld": (lambda row: row | {"withheld": ["sha256:" + "a" * 64]}, 2),
    "the bytes": (lambda row: row | {"body": row["body"].replace(b"voice.training", b"voice.tracking")}, 2),
    "spelling of the bytes": (lambda row: row | {"body": row["body"].replace(b'"by":', b'"by": ')}, 2),
    "no JSON": (lambda row: row | {"body": b"{"}, 2),
    "no text": (lambda row: row | {"body": row["body"].replace(b"voice.training", b"voice.\xff\xfetrain")}, 2),
    "too long": (lambda row: row | {"body": b"x" * (2**16 + 1)}, 2),
    "bytes and columns": (lambda row: body_with(row, by="C") | {"by": "C"}, 3),  # the next one does not name it
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_row_is_found_and_named(name: str, tmp_path: Path) -> None:
    change, row = CHANGES[name]
    segment = small(tmp_path)
    changed(segment.path, 2, change)
    error = refused(segment)
    assert (error.code, error.place) == ("EV33", f"a.parquet: row {row}")


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_row_is_found_though_the_issuer_sealed_the_changed_file(name: str, tmp_path: Path) -> None:
    """Columns that lie are found by what they say, not by the digest of the file."""
    change, row = CHANGES[name]
    segment = small(tmp_path)
    changed(segment.path, 2, change)
    error = refused(Made(segment.path, segment.sealed.__class__(b"", segment.sealed.parts, (), resigned(segment))))
    assert (error.code, error.place) == ("EV33", f"a.parquet: row {row}")


def test_the_last_row_changed_with_its_columns_is_found_by_its_part(tmp_path: Path) -> None:
    segment = small(tmp_path)
    changed(segment.path, 4, lambda row: body_with(row, by="C") | {"by": "C"})
    assert refused(segment).place == "a.parquet: rows 0 to 4"


def test_a_missing_row_is_found_where_it_is_missing(tmp_path: Path) -> None:
    for missing, place in ((0, "row 0"), (2, "row 2"), (4, "row 4")):
        segment = small(tmp_path, name=f"{missing}.parquet")
        rows = rows_of(segment.path)
        del rows[missing]
        rewritten(segment.path, rows)
        assert refused(segment).place == f"{missing}.parquet: {place}"


def test_a_further_row_is_found(tmp_path: Path) -> None:
    segment = small(tmp_path)
    more = list(chain([{}], first=5, prev=segment.statement.last))
    longer = made(tmp_path / "b.parquet", [*plain(0), *more])
    rows = rows_of(segment.path)
    rewritten(segment.path, [*rows, dict.fromkeys(rows[0]) | rows_of(longer.path)[0]])
    error = refused(segment)
    assert (error.code, error.place) == ("EV33", "a.parquet: row 5")


def test_swapped_rows_are_found_at_the_first_of_them(tmp_path: Path) -> None:
    segment = small(tmp_path)
    rows = rows_of(segment.path)
    rows[1], rows[3] = rows[3], rows[1]
    rewritten(segment.path, rows)
    assert refused(segment).place == "a.parquet: row 1"


def test_another_segment_in_its_place_is_found(tmp_path: Path) -> None:
    one, two = small(tmp_path, name="a.parquet"), small(tmp_path, name="b.parquet")
    two.path.replace(one.path)
    assert refused(one).place == "a.parquet: rows 0 to 4"


def test_the_same_events_packed_otherwise_are_not_the_file_that_was_sealed(tmp_path: Path) -> None:
    segment = small(tmp_path)
    rewritten(segment.path, rows_of(segment.path), compression_level=19)
    error = refused(segment)
    assert (error.code, error.values["reason"]) == (
        "EV33",
        "its events fit, and its bytes are not those that were sealed",
    )


def test_an_id_that_stands_twice_is_found(tmp_path: Path) -> None:
    number = event_id()
    first, second = chain([{}, {}])
    first = first.model_copy(update={"id": number})
    again = second.model_copy(update={"id": number, "prev": digest_of_bytes(canonical(first))})
    with pytest.raises(EvidenceError) as found:
        made(tmp_path / "a.parquet", [first, again])
    assert found.value.place.endswith("row 1")
    assert list(tmp_path.iterdir()) == []


def test_events_of_another_issuer_ledger_or_contract_cannot_be_sealed_together(tmp_path: Path) -> None:
    first, second = chain([{}, {}])
    for members in ({"issuer": OTHER.id}, {"ledger": "2" * 32}, {"contract": "sha256:" + "d" * 64}, {"seq": 2}):
        with pytest.raises(EvidenceError) as found:
            made(tmp_path / "a.parquet", [first, second.model_copy(update=members)])
        assert found.value.code == "EV33"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["count", "since", "until", "low", "high", "last", "prev", "first", "root"])
def test_a_statement_that_says_otherwise_than_its_events_is_found(name: str, tmp_path: Path) -> None:
    segment = small(tmp_path, 3)
    other = {
        "count": 4, "first": 1, "prev": "sha256:" + "a" * 64, "last": "sha256:" + "a" * 64, "low": "0" * 36,
        "high": "f" * 36, "since": "2020-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z",
        "root": "sha256:" + "a" * 64,
    }  # fmt: skip
    with pytest.raises(EvidenceError) as found:
        verify_segment(segment.path, resigned(segment, **{name: other[name]}))
    assert found.value.code == "EV33"


def test_a_statement_whose_parts_do_not_make_its_root_is_no_statement(tmp_path: Path) -> None:
    body = canonical(small(tmp_path).statement)
    other = "sha256:" + "a" * 64
    changes = ({"root": other}, {"parts": [other]}, {"count": PART + 1}, {"prev": other},
               {"until": "2020-01-01T00:00:00Z"}, {"first": 2**53 - 2, "prev": other})  # fmt: skip
    for change in changes:
        data = parse(body)
        assert isinstance(data, dict)
        with pytest.raises(EvidenceError) as found:
            read_form(SegmentStatement, dumps(data | change))
        assert found.value.code == "EV08"


# ---- flipped bytes


def flipped(segment: Made, count: int) -> Iterator[bytearray]:
    original, chosen = segment.path.read_bytes(), random.Random(count)
    for _ in range(count):
        content = bytearray(original)
        content[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
        segment.path.write_bytes(content)
        yield content


def test_no_flipped_bit_goes_unseen(tmp_path: Path) -> None:
    segment = small(tmp_path, 8)
    for _ in flipped(segment, FLIPS // 3):
        assert refused(segment).code in ("EV32", "EV33")


def test_a_flipped_bit_that_the_issuer_sealed_is_harmless_or_seen(tmp_path: Path) -> None:
    """The columns then say what the events say, and the events are those of the statement."""
    segment = small(tmp_path, 8)
    before = rows_of(segment.path)
    for _ in flipped(segment, FLIPS):
        found: Any = None
        with suppress(EvidenceError):
            found = [row for each in verified_parts(segment.path, resigned(segment)) for row in each.rows.to_pylist()]
        assert found in (None, before)


def test_a_file_that_was_cut_off_is_found_wherever_it_was_cut(tmp_path: Path) -> None:
    segment = small(tmp_path)
    content = segment.path.read_bytes()
    for end in (0, 3, 4, 11, 12, len(content) // 2, len(content) - 8, len(content) - 1):
        segment.path.write_bytes(content[:end])
        assert refused(segment).code == "EV32"


def test_a_survey_says_what_there_is_to_sign(tmp_path: Path) -> None:
    segment = small(tmp_path)
    said = survey(segment.path, sequel_of(segment.statement))
    assert all(getattr(segment.statement, name) == value for name, value in said.items())
