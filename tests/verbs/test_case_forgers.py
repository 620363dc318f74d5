"""Case files that a dishonest exporter makes: every part fits every other, and yet they do not hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.forms import _IN_THE_PROGRAM, Form, canonical, instant
from smartclause.evidence.note import Checkpoint, checkpoint_text, write_note
from smartclause.logic.canonical import dumps
from smartclause.verbs.case_check import check_files
from smartclause.verbs.case_derived import derived
from smartclause.verbs.case_disputed import disputed
from smartclause.verbs.case_entries import ENTRIES, read_entries, roots
from smartclause.verbs.case_export import _sealed
from smartclause.verbs.case_files import MANIFEST, held
from smartclause.verbs.case_findings import CaseCheck
from smartclause.verbs.case_forms import Case
from smartclause.verbs.case_materials import CASE, CHECKPOINTS, read_materials
from smartclause.verbs.case_words import conclusion
from tests.verbs.case_samples import exported, shared
from tests.verbs.samples import Clock

HONEST = exported(shared())
ROOT = HONEST.case.trust.root
MADE_AGAIN = (
    "events/",
    "verdicts/",
    "contract/text",
    "completeness",
    "redactions.json",
    "ledger/cons",
    "custody",
    "man",
)


def forged(contents: dict[str, bytes], case: Case) -> dict[str, bytes]:
    """Everything that follows is made anew over the forged ground, and signed with the exporter's own key."""
    kept = {n: c for n, c in contents.items() if not n.startswith(MADE_AGAIN)} | {CASE: canonical(case) + b"\n"}
    materials = read_materials(held(kept))
    kept |= derived(materials, disputed(materials))
    return kept | _sealed(kept, case, shared().keys["A"])


def checked(contents: dict[str, bytes]) -> CaseCheck:
    return check_files(held(contents), ROOT)


def with_entries(lines: list[dict[str, Any]], notes: int) -> dict[str, bytes]:
    """A case over other entries, which keeps the checkpoints of at most so many of them."""
    numbered = b"".join(dumps(line | {"index": n}) + b"\n" for n, line in enumerate(lines))
    contents = {n: c for n, c in HONEST.contents.items() if not n.startswith(CHECKPOINTS) or int(n[-10:-5]) <= notes}
    contents[ENTRIES] = numbered
    entries = read_entries(numbered, HONEST.case.ledger.id)
    root = f"sha256:{roots(entries, (len(entries),))[len(entries)].hex()}"
    ledger = HONEST.case.ledger.model_copy(update={"size": len(entries), "root": root})
    return forged(contents, HONEST.case.model_copy(update={"ledger": ledger}))


LINES = [json.loads(line) for line in HONEST.contents[ENTRIES].splitlines()]
FORGERIES = {
    "a withdrawal is left out": ([*LINES[:2], *LINES[3:]], 0),
    "the times of receipt are moved": ([line | {"received": LINES[-1]["received"]} for line in LINES], 0),
    "the order is changed": ([LINES[1] | {"received": LINES[0]["received"]}, LINES[0], *LINES[2:]], 0),
    "what came behind a checkpoint is left out": ([*LINES[:4], *LINES[5:]], 4),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_case_never_holds_on_entries_for_which_the_keeper_of_the_ledger_did_not_sign(name: str) -> None:
    """Whoever exports need only leave the later checkpoints out."""
    found = checked(with_entries(*FORGERIES[name]))
    assert found.exit_code == 3
    assert conclusion(found, "en").endswith("did not sign for all of its entries.")
    assert next(c for c in found.checks if c.name == "checkpoints").state.value == "not checked"


INSTANTS: dict[str, dict[str, str]] = {
    "before the last entry": {"exported": "2026-02-01T00:00:00Z", "asked": "2026-02-01T00:00:00Z"},
    "judged earlier": {"asked": "2026-01-01T00:00:00Z"},
    "judged later": {"asked": "2030-01-01T00:00:00Z"},
    "judged at an instant to come": {"at": "2030-01-01T00:00:00Z", "asked": "2030-01-01T00:00:00Z"},
    "another instant than the one asked about": {"at": "2026-03-02T00:00:00Z"},
}


@pytest.mark.parametrize("name", INSTANTS)
def test_the_exporter_cannot_choose_the_instant_at_which_keys_and_sources_are_judged(name: str) -> None:
    found = checked(forged(dict(HONEST.contents), HONEST.case.model_copy(update=INSTANTS[name])))
    assert {f.place for f in found.faults} == {CASE}


def test_a_manifest_under_the_names_that_its_members_have_in_the_program_is_refused() -> None:
    """`type_` is as long as `_type`, and other readers of such statements know only the latter."""
    signed = envelopes.read(HONEST.contents[MANIFEST].rstrip())
    for written, name in (("_type", "type_"), ("predicateType", "predicate_type")):
        body = json.loads(signed.body)
        body[name] = body.pop(written)
        forged = envelopes.seal(dumps(body), [shared().keys["A"]], signed.payload_type) + b"\n"
        assert "EV08" in checked({**HONEST.contents, MANIFEST: forged}).faults[0].text()


def test_every_name_that_a_member_has_in_the_program_alone_is_known_to_the_reader() -> None:
    kinds, found = [Form], set()
    while kinds:
        kind = kinds.pop()
        kinds += [each for each in kind.__subclasses__() if each.__module__.startswith("smartclause.")]
        found |= {f'"{name}":'.encode() for name, member in kind.model_fields.items() if member.alias}
    assert found == set(_IN_THE_PROGRAM)


def test_a_case_of_tomorrow_does_not_hold_today() -> None:
    """By then every duty is overdue."""
    instants = {"exported": "2030-01-01T00:00:00Z", "asked": "2030-01-01T00:00:00Z"}
    contents = forged(dict(HONEST.contents), HONEST.case.model_copy(update=instants))
    for now, ends in (("2030-01-01T00:00:00Z", 0), ("2029-12-31T23:49:59Z", 1)):
        assert check_files(held(contents), ROOT, clock=Clock(instant(now))).exit_code == ends


def test_what_nothing_makes_again_is_named_as_the_exporters_own_words() -> None:
    own = {"report.en.html": b"<h1>All allowed</h1>", "READ_THIS.html": b"-", "contract/text.fr.md": b"-"}
    found = checked(forged(dict(HONEST.contents) | own, HONEST.case))
    papers = next(c for c in found.checks if c.name == "papers")
    assert papers.state.value == "not checked"
    assert {"report.en.html", "READ_THIS.html", "verify_case.py"} <= set(papers.values["names"].split(", "))


def with_kept(contents: dict[str, bytes], *notes: bytes) -> CaseCheck:
    return check_files(held(contents), ROOT, kept=notes)


NOTES = {int(n[-10:-5]): c for n, c in HONEST.contents.items() if n.startswith(CHECKPOINTS)}
LAST = max(NOTES)


def test_a_case_that_grew_from_what_the_reader_kept_holds() -> None:
    found = with_kept(dict(HONEST.contents), *NOTES.values())
    assert found.exit_code == 0
    assert [c.values["count"] for c in found.checks if c.name == "kept"] == [str(len(NOTES))]


@pytest.mark.parametrize("left", [LAST - 2, LAST - 1])
def test_a_case_that_stops_before_a_checkpoint_that_the_reader_kept_is_cut(left: int) -> None:
    found = with_kept(with_entries(LINES[:left], left), NOTES[LAST])
    assert found.exit_code == 1
    assert f"the checkpoint you kept counts {LAST} entries; {left} are left" in [f.reason for f in found.faults]


def test_a_ledger_signed_in_two_versions_is_told_from_the_one_that_the_reader_saw() -> None:
    key = shared().keys["ledger"]
    name = f"smartclause-ledger/{HONEST.case.ledger.id}"
    other = write_note(checkpoint_text(Checkpoint(name, LAST, b"\x01" * 32)), name, key)
    found = with_kept(dict(HONEST.contents), other.encode())
    assert found.exit_code == 1
    assert [c.name for c in found.checks if c.faults] == ["kept"]


@pytest.mark.parametrize("note", [b"", b"\xff", NOTES[LAST].replace(b"\n\n", b"\n"), NOTES[LAST][:-5]])
def test_a_kept_checkpoint_that_the_ledger_did_not_sign_proves_nothing(note: bytes) -> None:
    assert with_kept(dict(HONEST.contents), note).exit_code == 1
