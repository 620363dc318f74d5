"""The readers of `tests.hostile`, and what lies behind a signature: a body is changed and then signed as it should be.

Without the second kind a fuzz run would seldom come further than a wrong signature.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from smartclause.evidence.envelope import read, seal
from smartclause.evidence.event import EventBody
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import open_ledger
from smartclause.evidence.note import read_checkpoint, read_note, write_note
from smartclause.evidence.recording import record
from smartclause.evidence.register import Register
from smartclause.evidence.role_certificates import RoleCertificate
from smartclause.evidence.statement import ContractStatement
from smartclause.evidence.trust import TrustStore, digest_of, read_trust
from smartclause.evidence.verification import verify_ledger
from smartclause.language.load import load
from smartclause.logic.canonical import dumps
from smartclause.verbs.bundle import bundle_bytes, bundle_from, statement_of
from smartclause.verbs.case_check import check_files
from smartclause.verbs.case_files import MANIFEST, held
from smartclause.verbs.inputs import register_from
from tests.evidence.samples import KEY
from tests.evidence.trust_samples import ROOTS, first_version, line
from tests.fuzz.run import Subject
from tests.hostile.readers import LEDGER, LEDGER_KEY, NAME, TEXT, every, setting
from tests.verbs.asking import ask
from tests.verbs.case_samples import exported, shared
from tests.verbs.samples import NOW, use


def subjects() -> Iterator[Subject]:
    for reader in every().values():
        yield Subject(reader.name, reader.sample, reader.read, reader.signed)
    yield from _resealed()
    yield from _acts()
    yield from _cases()
    yield from _files()


def _resealed() -> Iterator[Subject]:
    made = setting()
    register = read(every()["register"].sample).body
    keeper = made.keys["keeper"]
    yield Subject("register body", register, partial(_register, keeper))
    statement = statement_of(made.bundle)
    assert statement is not None
    yield Subject("contract statement", statement.envelope.body, _statement)
    yield Subject("contract unsigned", _without_envelope(bundle_bytes(made.bundle)), lambda c: bundle_from(c, "c"))
    yield Subject("checkpoint text", TEXT.encode(), _checkpoint)
    first = first_version()
    yield Subject("trust version", dumps(json.loads(read(line(first)).body)), _trust)
    roles = read(every()["role certificate"].sample).body
    sealed = partial(_sealed, KEY, RoleCertificate.PAYLOAD_TYPE)
    yield Subject("role certificate body", roles, lambda c: every()["role certificate"].read(sealed(c)))


def _sealed(key: SigningKey, kind: str, body: bytes) -> bytes:
    return seal(body, [key], kind)


def _register(keeper: SigningKey, body: bytes) -> object:
    return register_from(seal(body, [keeper], Register.PAYLOAD_TYPE), "r", setting().store, NOW)


def _statement(body: bytes) -> object:
    """The contract as its parties signed it, with another statement."""
    made = setting()
    envelope = seal(body, [made.keys[n] for n in ("A", "B", "C")], ContractStatement.PAYLOAD_TYPE)
    data = json.loads(bundle_bytes(made.bundle)) | {"envelope": json.loads(envelope)}
    found = bundle_from(dumps(data), "c")
    path = made.folder / "restated.json"
    path.write_bytes(dumps(data))
    statement_of(found)
    return None


def _without_envelope(content: bytes) -> bytes:
    data = json.loads(content)
    data.pop("envelope")
    return dumps(data)


def _checkpoint(content: bytes) -> object:
    text = content.decode("utf-8", "replace")
    try:
        note = write_note(text, NAME, LEDGER)
    except UnicodeEncodeError:
        return None
    found = read_note(note.encode(), [LEDGER_KEY]).text
    return read_checkpoint(found)


def _trust(body: bytes) -> object:
    sealed = seal(body, ROOTS[:2], TrustStore.PAYLOAD_TYPE)
    store = read_trust(sealed + b"\n", "t")
    return digest_of(store)


def _acts() -> Iterator[Subject]:
    """A whole act asked, and recorded, as its issuer signed it."""
    made = setting()
    act = made.envelope("B", "C", **use())
    yield Subject("act asked", read(act).body, _asked)
    yield Subject("act recorded", read(act).body, _recorded)
    yield Subject("plain act asked", json.dumps(use()).encode(), lambda c: _ask(c, draft=True))


def _asked(body: bytes) -> object:
    made = setting()
    return _ask(seal(body, [made.keys["B"], made.keys["C"]], EventBody.PAYLOAD_TYPE))


def _ask(content: bytes, **options: object) -> object:
    return ask(setting(), content, **options).decision


def _recorded(body: bytes) -> object:
    made = setting()
    sealed = seal(body, [made.keys["B"], made.keys["C"]], EventBody.PAYLOAD_TYPE)
    with open_ledger(made.ledger, writing=True) as ledger:
        return record(ledger, [sealed], made.store, made.keys["ledger"], made.clock)


def _cases() -> Iterator[Subject]:
    """A file of a case is changed; then also with everything signed anew by the exporter, as a forger would."""
    made = exported(shared())
    contents = {name: content for name, content in made.contents.items() if name != "verify_case.py"}
    root = made.case.trust.root

    def check(name: str, forged: bool, content: bytes) -> object:
        changed = {**contents, name: content}
        if forged:
            changed = _forged(changed)
        return check_files(held(changed), root).holds

    for name in contents:
        if name.startswith(("report", "README", "papers", "contract/text")):
            continue
        yield Subject(f"case: {name}", contents[name], partial(check, name, False))
        if name not in (MANIFEST, "custody.jsonl"):
            yield Subject(f"case forged: {name}", contents[name], partial(check, name, True))


def _forged(contents: dict[str, bytes]) -> dict[str, bytes]:
    from smartclause.verbs.case_export import _sealed as seal_case

    made = exported(shared())
    kept = {n: c for n, c in contents.items() if n not in (MANIFEST, "custody.jsonl")}
    return kept | seal_case(kept, made.case, shared().keys["A"])


def _files() -> Iterator[Subject]:
    folder = Path(mkdtemp(prefix="fuzz-"))

    def database(content: bytes) -> object:
        path = folder / "ledger.db"
        path.write_bytes(content)
        with open_ledger(path) as ledger:
            return verify_ledger(ledger).head.size

    def clause(content: bytes) -> object:
        path = folder / "file.clause"
        path.write_bytes(content)
        return [found.code for found in load(path).diagnostics]

    source = (shared().folder / "voice_data.clause").read_bytes()
    yield Subject("ledger file", shared().ledger.read_bytes(), database)
    yield Subject("clause file", source, clause)
