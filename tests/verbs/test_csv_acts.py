"""The form for spreadsheets: written, filled in, read back; no cell is a formula, and nothing is guessed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartclause.engines.prose_names import LANGUAGES, Names
from smartclause.evidence.errors import EvidenceError
from smartclause.logic.lookup import Lookup
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.csv_acts import each_row
from smartclause.verbs.errors import VerbError
from smartclause.verbs.needs_csv import csv_form
from tests.verbs.needing import CLAUSES, RICH, asked
from tests.verbs.test_needs_schema import GOOD, lookup

HEADER = "type,by,to,asset,subject,purpose,others,rows,share,price,begun,delivered,term,maker,note,released"


def rows_of(path: Path, text: str | bytes, known: Lookup | None = None) -> list[Any]:
    """The acts in the file; for a row that is none the code of its error."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    found: list[Any] = []
    for row in each_row(path, known or lookup()):
        try:
            found.append(json.loads(row.needed()))
        except VerbError as error:
            found.append(error.code)
    return found


def test_the_form_reads_back_with_its_notes_left_out(tmp_path: Path) -> None:
    found = asked()
    for lang in LANGUAGES:
        form = csv_form(found, Names(found.lookup, lang))
        assert form.startswith("\ufefftype,by,to,asset,".encode())  # Excel knows UTF-8 only by the mark
        assert form.count(b"\r\n") == form.count(b"\n")
        assert rows_of(tmp_path / "form.csv", form) == []
        filled = form + "use,B,,set-1,s1,训练用途,,100\r\n".encode()
        facts = {"subject": "s1", "purpose": "rich.training", "rows": 100}
        assert rows_of(tmp_path / "form.csv", filled) == [{"type": "use", "by": "B", "asset": "set-1", "facts": facts}]


def test_no_cell_is_a_formula() -> None:
    text = RICH.replace('en "rows"', 'en "+rows"').replace('en "Trainer"', 'en "@Trainer"') + CLAUSES
    found = asked(text.replace('en "note"', 'en "=HYPERLINK(1)"'))
    form = csv_form(found, Names(found.lookup, "en")).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(form)) for cell in row]
    assert {"'+rows", "'=HYPERLINK(1)", "'=other purposes"} <= set(cells)
    assert not [c for c in cells if c[:1] in tuple("=+-@|%\t\r")]
    assert all(c.isprintable() for c in cells)


CELLS = {
    "rows": [("5", 5), ("2.50", "2.5"), ("5.0", 5), ("-0", 0), ("1,000", "1,000"), ("1E+05", "1E+05")],
    "share": [("12.5%", "12.5"), ("12.50", "12.5"), ("５％", "５％")],
    "price": [("10 CNY", {"amount": "10", "currency": "CNY"}), ("USD 2.50", {"amount": "2.5", "currency": "USD"}),
              ("7", {"amount": "7", "currency": "CNY"}), ("CNY 1 USD", "CNY 1 USD")],
    "delivered": [("2026/3/1", "2026-03-01"), ("2026年3月1日", "2026-03-01"), ("1/3/2026", "1/3/2026")],
    "term": [("24 hours", {"count": 24, "unit": "hour"}), ("24小时", {"count": 24, "unit": "hour"}),
             ("5个工作日", {"count": 5, "unit": "working_day"}), ("2 weeks", "2 weeks")],
    "purpose": [("training", "training"), ("训练用途", "rich.training"), ("rich.training", "rich.training"),
                ("no purpose", "no purpose")],
    "others": [("training; 广告用途", ["training", "rich.advertising"]), ("；", [])],
    "released": [("是", True), ("FALSE", False), ("Yes", True), ("perhaps", "perhaps")],
    "note": [("=1+1", "=1+1")],
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_cells_are_read_as_people_write_them_and_what_is_unclear_stays_as_it_is(name: str, tmp_path: Path) -> None:
    for cell, value in CELLS[name]:
        held = io.StringIO()
        csv.writer(held).writerows([["type", "by", name], ["use", "B", cell]])
        assert rows_of(tmp_path / "form.csv", held.getvalue())[0]["facts"] == {name: value}, cell


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.fixed_dictionaries({}, optional={n: s for n, s in GOOD.items() if n != "note"}))
def test_what_is_written_into_cells_is_the_act(tmp_path: Path, facts: dict[str, Any]) -> None:
    """As a person would write each value; the act read is the one that the JSON would be."""
    held = io.StringIO()
    csv.writer(held).writerows([["type", "by", "asset", *facts], ["use", "B", "set-1", *map(_cell, facts.values())]])
    [read] = rows_of(tmp_path / "form.csv", "\ufeff" + held.getvalue())
    given_ = {"type": "use", "by": "B", "asset": "set-1", "facts": facts}
    reader = ActReader(lookup())
    assert reader.read(json.dumps(read).encode()) == reader.read(json.dumps(given_).encode())


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(value)
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case {"count": count, "unit": unit}:
            return f"{count} {unit}"
        case _:
            return str(value)


def test_separators_of_other_countries_notes_and_blank_rows(tmp_path: Path) -> None:
    acts = [{"type": "use", "by": "B", "facts": {"rows": 5}}]
    for text in ("type;by;rows\nuse;B;5\n", "type\tby\trows\r\nuse\tB\t5\r\n", "\n# a note\ntype,by,rows\n,,\nuse,B,5"):
        assert rows_of(tmp_path / "form.csv", text) == acts, text


def test_a_row_that_is_no_act_is_told_in_its_place(tmp_path: Path) -> None:
    text = "type,by,rows,\nuse,B,5,\nuse,B,5,over\nuse,B,5,,over\n"
    assert rows_of(tmp_path / "form.csv", text)[1:] == ["VB05", "VB05"]
    assert [row.number for row in each_row(tmp_path / "form.csv", lookup())] == [2, 3, 4]


BAD = {
    "": "VB71",
    "\n\n": "VB71",
    "rows,by\n5,B\n": "VB71",
    "type,by,rows,rows\n": "VB71",
    "type,by,unheard_of\n": "VB72",
    'type,by\nuse,"B': "VB71",
    "type,by\nuse," + "B" * 200_000: "VB71",
}


@pytest.mark.parametrize("text", BAD)
def test_a_form_that_cannot_be_used_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(VerbError) as caught:
        rows_of(tmp_path / "form.csv", text)
    assert caught.value.code == BAD[text]
    assert caught.value.text("zh")


@pytest.mark.parametrize("content", ["type,by\nuse,甲".encode("gb18030"), b"\xff\xfet\0y\0", b"x" * 2**21])
def test_bytes_that_are_no_text_are_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(VerbError, match="VB71"):
        rows_of(tmp_path / "form.csv", content)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="EV19"):
        list(each_row(tmp_path / "none.csv", lookup()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=120) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_whatever_stands_in_it_ends_with_acts_or_with_our_own_error(tmp_path: Path, rest: bytes) -> None:
    for content in (rest, b"type,by,rows,note\r\n" + rest, b'type;by;note\nuse;B;"' + rest):
        (tmp_path / "form.csv").write_bytes(content)
        assert set(_codes(tmp_path / "form.csv")) <= {
            "VB05", "VB06", "VB07", "VB08", "VB10", "VB18", "VB71", "VB72"
        }  # fmt: skip


def _codes(path: Path) -> Iterator[str]:
    reader = ActReader(lookup())
    try:
        for row in each_row(path, lookup()):
            reader.read(row.needed())
    except VerbError as error:
        yield error.code
