"""Every error of this floor has a case that raises it, wording in two languages, and a line on its page."""

from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path

import pytest

from smartclause.evidence import envelope as envelopes
from smartclause.evidence import store
from smartclause.evidence.disclosure import opened_facts, withhold
from smartclause.evidence.entry import entry_bytes
from smartclause.evidence.errors import WORDINGS, EvidenceError, page
from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.event_proof import EventProof, check_event_proof
from smartclause.evidence.files import read_limited
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.growth import Growth
from smartclause.evidence.key_files import load_private
from smartclause.evidence.keys import SigningKey, make_key, public_key
from smartclause.evidence.ledger import create_ledger, open_ledger
from smartclause.evidence.merkle import EMPTY_ROOT
from smartclause.evidence.note import Checkpoint, checkpoint_text, read_checkpoint, write_note
from smartclause.evidence.policy import read_policy
from smartclause.evidence.recording import Refusal, record
from smartclause.evidence.segment_check import verify_segment
from smartclause.evidence.segment_store import need_segment
from smartclause.evidence.timestamp_token import read_token
from smartclause.evidence.trust import load_trust
from smartclause.evidence.trust_history import read_history
from smartclause.evidence.vault import create_vault
from smartclause.evidence.verification import verify_ledger
from smartclause.evidence.witness import cosign_growth, create_witness, open_witness

from .samples import KEY, OTHER, event, trust_of
from .segment_samples import small
from .trust_samples import ROOTS, first_version, line, lines

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "evidence-errors.md"
LEDGER_KEY = make_key()


def sealed(body: EventBody, *keys: SigningKey) -> bytes:
    return envelopes.seal(canonical(body), keys, EventBody.PAYLOAD_TYPE)


def unseal(content: bytes) -> object:
    return envelopes.unseal(content, {KEY.id: KEY.public}, EventBody.PAYLOAD_TYPE)


def recorded(folder: Path, bodies: list[tuple[EventBody, SigningKey]], **validity: str) -> None:
    path = folder / "a.ledger"
    ledger_id = create_ledger(path, LEDGER_KEY.public)
    here = [sealed(b.model_copy(update={"ledger": ledger_id} if b.asset else {}), k) for b, k in bodies]
    with open_ledger(path, writing=True) as ledger:
        for outcome in record(ledger, here, trust_of(KEY, OTHER, **validity)):
            if isinstance(outcome, Refusal):
                raise outcome.error


def busy(folder: Path) -> None:
    path = folder / "a.ledger"
    create_ledger(path, LEDGER_KEY.public)
    with open_ledger(path, writing=True) as one:
        one.connection.execute("BEGIN IMMEDIATE")
        with open_ledger(path, writing=True) as two:
            two.connection.execute("PRAGMA busy_timeout = 10")
            record(two, [], trust_of(KEY))


def read_only(folder: Path) -> None:
    path = folder / "a.ledger"
    create_ledger(path, LEDGER_KEY.public)
    with open_ledger(path) as ledger:
        record(ledger, [], trust_of(KEY))


def damaged(folder: Path) -> None:
    path = folder / "a.ledger"
    create_ledger(path, LEDGER_KEY.public)
    with open_ledger(path, writing=True) as ledger, store.own_words():
        ledger.connection.execute("DROP TABLE entries")
        verify_ledger(ledger)


def unfollowed(folder: Path) -> None:
    create_witness(folder / "witness.db", "w", KEY.public)
    note = write_note(checkpoint_text(Checkpoint("other", 0, EMPTY_ROOT)), "other", LEDGER_KEY)
    with open_witness(folder / "witness.db", writing=True) as witness:
        cosign_growth(witness, Growth(0, (), note), KEY)


def broken_witness(folder: Path) -> None:
    with open_witness(written(folder, b"{}" * 5000)):
        pass


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


SHARED_ID = event().id
ENTRY = entry_bytes("1" * 32, 0, 0, "event", envelopes.read(sealed(event(), KEY))).decode()
CASES: dict[str, Callable[[Path], object]] = {
    "EV01": lambda _: unseal(b"{"),
    "EV02": lambda folder: read_limited(written(folder, b"123"), 2),
    "EV03": lambda _: unseal(b"{}"),
    "EV04": lambda _: unseal(envelopes.seal(b"{}", [KEY], "text/plain")),
    "EV05": lambda _: unseal(sealed(event(), KEY).replace(b'"payload":"e', b'"payload":"f')),
    "EV06": lambda _: unseal(sealed(event(), OTHER)),
    "EV07": lambda _: public_key(b"", "ed25519"),
    "EV08": lambda _: read_form(EventBody, b"{}"),
    "EV09": lambda folder: load_trust(written(folder, b"{}")),
    "EV10": lambda folder: load_private(written(folder, b""), "secret"),
    "EV11": lambda folder: recorded(folder, [(event(asset=None), KEY)]),
    "EV12": lambda folder: recorded(folder, [(event(OTHER), KEY)]),
    "EV13": lambda folder: recorded(folder, [(event(), KEY)], contracts=("sha256:" + "d" * 64,)),  # type: ignore[arg-type]
    "EV14": lambda folder: recorded(folder, [(event(id=SHARED_ID), KEY), (event(OTHER, id=SHARED_ID), OTHER)]),
    "EV15": busy,
    "EV16": read_only,
    "EV17": damaged,
    "EV18": lambda _: read_checkpoint(""),
    "EV19": lambda folder: read_limited(folder / "none", 1),
    "EV24": lambda folder: load_trust(written(folder, canonical(trust_of(KEY))), "sha256:" + "0" * 64),
    "EV25": lambda _: read_history(line(first_version(), ROOTS[0])),
    "EV26": lambda _: read_history(line(first_version()), root="sha256:" + "0" * 64),
    "EV27": lambda _: read_history(line(first_version()), version=2),
    "EV28": lambda _: read_history(lines(first_version(), first_version())),
    "EV20": lambda _: read_policy(b""),
    "EV21": lambda _: read_token(b""),
    "EV22": unfollowed,
    "EV23": broken_witness,
    "EV30": lambda _: opened_facts(event(), withhold(event_id(), {"safe": True})),
    "EV31": lambda folder: create_vault(folder / "a.vault", ""),
    "EV32": lambda folder: verify_segment(written(folder, b""), small(folder).statement),
    "EV33": lambda folder: verify_segment(small(folder).path, small(folder, name="b.parquet").statement),
    "EV35": lambda _: check_event_proof(
        EventProof(event="", row=0, path=(), statement="", entry=ENTRY, proof=""), trust_of(KEY), 0
    ),
    "EV34": lambda folder: need_segment(folder, "sha256:" + "0" * 64),
}


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_each_code_is_raised_by_its_case_and_says_what_to_do(code: str, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError) as raised:
        CASES[code](tmp_path)
    error = raised.value
    assert error.code == code
    for text in (error.text("en"), error.text("zh"), error.help("en"), error.help("zh")):
        assert text
        assert "{" not in text
    assert code in str(error)


def test_the_list_of_codes_the_cases_and_the_page_agree() -> None:
    assert set(CASES) == set(WORDINGS)
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_both_languages_speak_of_the_same_things(code: str) -> None:
    wording = WORDINGS[code]
    fields = [{f for _, f, _, _ in string.Formatter().parse(text) if f} for text in (wording.en, wording.zh)]
    assert fields[0] == fields[1]
