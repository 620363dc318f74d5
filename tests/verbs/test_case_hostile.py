"""Case files that somebody made to do harm: refused in our own words, in bounded memory, wherever they point."""

from __future__ import annotations

import ast
import copy
import io
import json
import os
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smartclause.evidence.reasons import in_chinese
from smartclause.logic.canonical import dumps
from smartclause.logic.identity import document_digest, meaning_digest, read_contract
from smartclause.logic.written import WrittenError
from smartclause.verbs import case_files
from smartclause.verbs.case_check import check_case, check_files
from smartclause.verbs.case_files import MANIFEST, held, open_case, zipped
from smartclause.verbs.case_findings import Fault
from smartclause.verbs.case_words import told
from smartclause.verbs.errors import VerbError
from tests.verbs.case_samples import exported, shared

CASE = exported(shared())
ROOT = CASE.case.trust.root
SMALL = {name: content for name, content in CASE.contents.items() if name != "verify_case.py"}


def packed(path: Path, members: list[tuple[zipfile.ZipInfo | str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(VerbError) as refused:
        check_case(path, ROOT)
    assert refused.value.code == "VB31"
    assert not re.search("[a-z]{3,} [a-z]{3,}", refused.value.text("zh").replace("smartclause evidence", ""))
    return refused.value.text()


NAMES = (
    "../x", "/etc/x", "a/../../x", "a\\x", "..", "a//b", ".hidden", "a/./b", "C:x", "con.txt", "a/nul", "ä.json",
    "x" * 200, "a/b/c/d/e/f", "a\nb", "",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_out_of_the_case_is_refused(tmp_path: Path, name: str) -> None:
    member = zipfile.ZipInfo("placeholder")
    member.filename = name
    assert "name" in refusal(packed(tmp_path / "case.zip", [(MANIFEST, b"{}"), (member, b"")]))
    assert not (tmp_path.parent / "x").exists()


def test_a_link_in_a_zip_file_is_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("case.json")
    member.external_attr = 0o120777 << 16
    assert "link" in refusal(packed(tmp_path / "case.zip", [(MANIFEST, b"{}"), (member, b"/etc/passwd")]))


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    exported(shared(), out=tmp_path / "case")
    (tmp_path / "case" / "case.json").rename(tmp_path / "elsewhere.json")
    (tmp_path / "case" / "case.json").symlink_to(tmp_path / "elsewhere.json")
    assert "link" in refusal(tmp_path / "case")
    (tmp_path / "case" / "case.json").unlink()
    (tmp_path / "case" / "loop").symlink_to(tmp_path / "case")
    assert "link" in refusal(tmp_path / "case")


def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / MANIFEST).write_bytes(b"{}")
    os.mkfifo(tmp_path / "case" / "case.json")
    assert "device" in refusal(tmp_path / "case")


def test_a_zip_file_that_unpacks_to_far_more_is_refused_unread(tmp_path: Path) -> None:
    path = packed(tmp_path / "case.zip", [(MANIFEST, b"{}"), ("case.json", bytes(50_000_000))])
    tracemalloc.start()
    assert "unpack" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_zip_file_that_lies_about_a_size_does_not_hold(tmp_path: Path) -> None:
    others = [(name, content) for name, content in SMALL.items() if name != "case.json"]
    path = packed(tmp_path / "case.zip", [*others, ("case.json", bytes(90_000))])
    true, stated = struct.pack("<I", 90_000), struct.pack("<I", len(SMALL["case.json"]))
    path.write_bytes(path.read_bytes().replace(true, stated))
    with suppress(VerbError):
        assert not check_case(path, ROOT).holds


class NoSeek(io.BytesIO):
    """A stream: sizes are only known, and written, behind each member."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise io.UnsupportedOperation


def local(name: str, content: bytes) -> bytes:
    """A member as it stands in a zip file, without a word in its listing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
        end = archive.start_dir
    return out.getvalue()[:end]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_any_packer_may_pack_a_case(tmp_path: Path, how: int) -> None:
    stream = NoSeek()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in SMALL.items():
            archive.writestr(name, content)
    (tmp_path / "stream.zip").write_bytes(stream.getvalue())
    for path in (tmp_path / "stream.zip", packed(tmp_path / "case.zip", list(SMALL.items()), how)):
        with open_case(path) as files:
            assert {name: files.read(name) for name in files.sizes} == SMALL


def test_a_member_that_the_listing_does_not_name_is_refused(tmp_path: Path) -> None:
    """Some programs unpack from the beginning, and would show a person other files than those that were checked."""
    path, hidden = tmp_path / "case.zip", local("report.en.html", b"<h1>All allowed</h1>")
    whole = zipped(SMALL)
    path.write_bytes(hidden + whole)
    assert "does not name" in refusal(path)
    first, *rest = zipfile.ZipFile(io.BytesIO(whole)).infolist()
    at = rest[0].header_offset
    path.write_bytes(moved(whole, at, hidden))
    assert "does not name" in refusal(path)
    path.write_bytes(moved(whole, zipfile.ZipFile(io.BytesIO(whole)).start_dir, hidden))
    assert "does not name" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(first, SMALL[first.filename])
        archive.writestr(MANIFEST, b"{}")
        archive.comment = hidden
    assert "does not name" in refusal(path)


def moved(whole: bytes, at: int, inserted: bytes) -> bytes:
    """The zip file with something inserted, to which its listing was fitted."""
    listing = zipfile.ZipFile(io.BytesIO(whole)).start_dir
    head, end = bytearray(whole[listing:-22]), bytearray(whole[-22:])
    place = 0
    while place < len(head):
        (offset,) = struct.unpack_from("<I", head, place + 42)
        struct.pack_into("<I", head, place + 42, offset + (len(inserted) if offset >= at else 0))
        place += 46 + sum(struct.unpack_from("<HHH", head, place + 28))
    struct.pack_into("<I", end, 16, listing + len(inserted))
    return whole[:at] + inserted + whole[at:listing] + bytes(head) + bytes(end)


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(tmp_path / "case.zip", [(MANIFEST, b"{}"), ("case.json", b"1"), ("case.json", b"2")])
    assert "twice" in refusal(path)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_files, "MAX_FILES", 5)
    (tmp_path / "case.zip").write_bytes(zipped(SMALL))
    assert "more than 5" in refusal(tmp_path / "case.zip")
    exported(shared(), out=tmp_path / "case")
    assert "more than 5" in refusal(tmp_path / "case")


def test_a_long_list_of_members_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "case.zip", [(MANIFEST, b"{}")])
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x05\x06")
    content[at + 12 : at + 16] = struct.pack("<I", 2**31)
    path.write_bytes(bytes(content))
    assert "files" in refusal(path)


@pytest.mark.parametrize("limit", ["MAX_FILE", "MAX_TOTAL"])
def test_a_file_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(case_files, limit, 10_000)
    (tmp_path / "case.zip").write_bytes(zipped(SMALL))
    assert "longer than 10000" in refusal(tmp_path / "case.zip")


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello")
    for name in ("empty", "text", "absent"):
        refusal(tmp_path / name)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({MANIFEST: b"{}", "case.json": b"{}"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.rindex(mark)
        content[at + place] |= 1
    (tmp_path / "case.zip").write_bytes(bytes(content))
    assert "encrypted" in refusal(tmp_path / "case.zip")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_zip_file_is_refused_or_says_what_does_not_hold_or_has_the_same_contents(data: st.DataObject) -> None:
    content = bytearray(zipped(SMALL))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = shared().folder / "damaged.zip"
    path.write_bytes(bytes(content))
    with suppress(VerbError), open_case(path) as files:
        if check_files(files, ROOT).holds:
            assert {n: files.read(n) for n in files.sizes} == SMALL


OTHER_CONTENT = (
    b"", b"{}\n", b"[" * 100_000, b'{"a":1,"a":2}\n', b"\xff", b"null\n", b'{"edition":1e400}\n', b'"\\ud800"\n',
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(SMALL)), st.sampled_from(OTHER_CONTENT))
def test_other_content_in_any_place_is_a_fault_and_never_an_exception(name: str, content: bytes) -> None:
    if SMALL[name] == content:
        return
    found = check_files(held({**SMALL, name: content}), ROOT)
    assert not found.holds
    for line in told(found, "zh"):
        assert line.isprintable()


def test_a_million_bad_lines_are_refused_at_the_first() -> None:
    found = check_files(held({**SMALL, "ledger/entries.jsonl": b"{}\n" * 1_000_000}), ROOT)
    assert any("ledger/entries.jsonl line 1" in f.text() for f in found.faults)


DOCUMENT = json.loads(CASE.contents["contract/contract.json"])
STRANGE = ("", "x", "A", "voice_data.use_voice", "training", "2026-13-45", 0, -1, 2**53 - 1, None, True, [], {}, [[]])


def leaves(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from leaves(inner, (*path, step))


PLACES = tuple(leaves(DOCUMENT["document"]))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(STRANGE))
@example(("module",), "A")
def test_a_contract_that_has_its_form_and_makes_no_sense_is_a_fault(place: tuple[str | int, ...], value: Any) -> None:
    """Its digests are right, and nobody signed it: anyone can write such a case."""
    stated = copy.deepcopy(DOCUMENT)
    node = stated["document"]
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    try:
        contract = read_contract(stated["document"])
    except WrittenError:
        return
    stated |= {"document_digest": document_digest(contract), "meaning_digest": meaning_digest(contract)}
    del stated["envelope"]
    case = json.loads(CASE.contents["case.json"])
    case["contract"] |= {"document": stated["document_digest"], "meaning": stated["meaning_digest"]}
    changed = {"contract/contract.json": dumps(stated) + b"\n", "case.json": dumps(case) + b"\n"}
    found = check_files(held({**SMALL, **changed}), ROOT)
    assert not found.holds
    assert all(fault.text("zh") for fault in found.faults)


# ---- words


def stated_reasons(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            stated = [k.value for k in node.keywords if k.arg == "reason"]
            if getattr(node.func, "id", "") in ("_unusable", "_damage", "Fault") and len(node.args) > 1:
                stated.append(node.args[1])
            for value in stated:
                if isinstance(value, ast.Constant):
                    found.add(str(value.value))
                elif isinstance(value, ast.JoinedStr):
                    found.add("".join(str(p.value) if isinstance(p, ast.Constant) else "7" for p in value.values))
    return found


@pytest.mark.parametrize("path", sorted(Path(case_files.__file__).parent.glob("case_*.py")), ids=lambda p: p.name)
def test_every_fault_has_its_chinese(path: Path) -> None:
    left = {reason for reason in stated_reasons(path) if in_chinese(reason) == reason}
    assert left == set()


def test_a_check_says_all_it_found_in_both_languages() -> None:
    found = check_files(held({**SMALL, "README.md": b"x", "extra.txt": b""}), ROOT)
    english, chinese = list(told(found, "en")), list(told(found, "zh"))
    assert len(english) == len(chinese)
    assert english[-1] == "It does not hold: 3 faults found."
    assert not [line for line in chinese if re.search("[A-Za-z]{2,} [a-z]{2,}", line)]
    assert Fault("x", "the file is missing").text("zh") == "x: 文件缺失"
    assert io.StringIO("\n".join(english)).readline().startswith("✓")
