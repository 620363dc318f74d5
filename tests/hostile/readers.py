"""Every reader of bytes that somebody else may have made, with a genuine sample of each: flipped, fuzzed, mutilated.

A reader gives what the bytes say, in a form that can be compared, or ends in EvidenceError or VerbError.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from smartclause.evidence.cosignature import cosign, read_cosignatures, with_cosignatures
from smartclause.evidence.disclosure import disclosure_lines, disclosures, opened_facts, read_disclosures
from smartclause.evidence.disclosure import withhold as withhold_facts
from smartclause.evidence.envelope import check_signatures, seal, unseal
from smartclause.evidence.errors import EvidenceError, harmless
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.growth import Growth, grew, growth_text, read_growth
from smartclause.evidence.heading import read_heading
from smartclause.evidence.identity_chains import Acceptance, windows
from smartclause.evidence.keys import make_key
from smartclause.evidence.merkle import leaf_hash, over, prove_consistency, prove_inclusion
from smartclause.evidence.note import (
    COSIGNATURE,
    Checkpoint,
    checkpoint_text,
    note_key,
    read_checkpoint,
    read_note,
    read_verifier,
    verifier_text,
    write_note,
)
from smartclause.evidence.policy import read_policy
from smartclause.evidence.proof import Proof, check_proof, proof_text, read_proof
from smartclause.evidence.redaction import RedactedFact, Redaction
from smartclause.evidence.register import Entry, Member, Register
from smartclause.evidence.role_certificates import RoleCertificate, certify, read_role_certificate
from smartclause.evidence.timestamp_chain import read_roots
from smartclause.evidence.timestamps import read_request, verify_timestamp, write_request
from smartclause.evidence.trust import digest_of, read_trust
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.bundle import bundle_bytes, bundle_from, statement_of
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import register_from
from smartclause.verbs.keys import certificates_of, read_public, write_public
from smartclause.verbs.plain import read_attestation, read_event
from smartclause.verbs.sign import read_signing_file
from tests.evidence.authority import plain_authority
from tests.evidence.samples import CONTRACT, KEY, OTHER, event, trust_of
from tests.evidence.trust_samples import ACME, authority, first_version, following, lines, person
from tests.verbs.samples import NOW, SINCE, Setting

OURS = (EvidenceError, VerbError)


@dataclass(frozen=True)
class Reader:
    """`signed`: no other content can be read from changed bytes. Otherwise whoever holds the file may change it."""

    name: str
    sample: bytes
    read: Callable[[bytes], object]
    signed: bool = True


LEDGER, WITNESS = make_key(), make_key()
NAME = "ledger/one"
LEDGER_KEY, WITNESS_KEY = note_key(NAME, LEDGER.public), note_key("witness/one", WITNESS.public, COSIGNATURE)
ENTRIES = [b"entry %d" % n for n in range(7)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def _root(size: int) -> bytes:
    return over(LEAVES)(0, size)


TEXT = checkpoint_text(Checkpoint(NAME, 7, _root(7)))
NOTE = write_note(TEXT, NAME, LEDGER)
COSIGNED = with_cosignatures(NOTE, [cosign(TEXT, "witness/one", WITNESS, 1_790_000_000).line])


def readers() -> Iterator[Reader]:
    yield from _envelopes()
    yield from _ledger()
    yield from _keys()
    yield from _chains()
    yield from _stamps()
    yield from _statements()
    yield from _private()


def _envelopes() -> Iterator[Reader]:
    ring = {key.id: key.public for key in (KEY, OTHER)}
    body = canonical(event(facts={"subject": "s1", "safe": True, "samples": 10, "text": "声"}))

    def opened(content: bytes) -> object:
        found = unseal(content, ring, EventBody.PAYLOAD_TYPE)
        return canonical(read_form(EventBody, found.body))

    yield Reader("envelope", seal(body, [KEY], EventBody.PAYLOAD_TYPE), opened)
    yield Reader("envelope of two", seal(body, [KEY, OTHER], EventBody.PAYLOAD_TYPE), opened)
    yield Reader("event", body, _event, signed=False)
    yield Reader("void", canonical(event(type="void", facts={"first": 1, "last": 2})), _event, signed=False)


def _event(content: bytes) -> object:
    """Both ways to read an event admit exactly the same bytes."""
    try:
        heading = read_heading(content)
    except EvidenceError as error:
        with _same_refusal(error):
            read_form(EventBody, content)
        raise
    found = read_form(EventBody, content)
    assert canonical(found) == content
    assert (heading.id, heading.seq, heading.issuer) == (found.id, found.seq, found.issuer)
    return content


class _same_refusal:  # noqa: N801 - reads as a word where it stands
    def __init__(self, error: EvidenceError) -> None:
        self.code = error.code

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        assert isinstance(error, EvidenceError), "the form admits what the heading refuses"
        assert error.code == self.code
        return True


def _ledger() -> Iterator[Reader]:
    path = prove_inclusion(3, 7, over(LEAVES))
    proof = proof_text(Proof(3, path, COSIGNED)).encode()
    old = Checkpoint(NAME, 3, _root(3))
    growth = growth_text(Growth(3, prove_consistency(3, 7, over(LEAVES)), NOTE)).encode()

    def grown(content: bytes) -> object:
        found = read_growth(content)
        point = read_checkpoint(read_note(found.note.encode(), [LEDGER_KEY]).text)
        if found.old != old.size or not grew(old, point, found.proof):
            raise EvidenceError("EV18", reason="it is of another ledger")
        return point

    yield Reader("checkpoint", NOTE.encode(), lambda c: read_checkpoint(read_note(c, [LEDGER_KEY]).text))
    yield Reader("cosigned checkpoint", COSIGNED.encode(), _cosigned)
    yield Reader("proof", proof, lambda c: check_proof(read_proof(c), ENTRIES[3], LEDGER_KEY))
    yield Reader("entry", ENTRIES[3], lambda c: check_proof(read_proof(proof), c, LEDGER_KEY))
    yield Reader("growth", growth, grown)
    yield Reader("verifier key", verifier_text(LEDGER_KEY).encode(), lambda c: read_verifier(_text(c)), signed=False)
    yield Reader("policy", _policy(), read_policy, signed=False)


def _cosigned(content: bytes) -> object:
    """Nobody's signature is a thing to flip away: without the witness's line the checkpoint is that of the ledger."""
    text = read_note(content, [LEDGER_KEY]).text
    found = read_cosignatures(content, [WITNESS_KEY])
    assert [c.time for c in found] in ([], [1_790_000_000])
    return text


def _policy() -> bytes:
    witness = verifier_text(WITNESS_KEY)
    return f"log {verifier_text(LEDGER_KEY)}\nwitness w {witness}\ngroup g 1 w\nquorum g\n".encode()


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _keys() -> Iterator[Reader]:
    first = first_version()
    second = following(first)
    history = lines(first, second)
    root = digest_of(first)
    certificate = RoleCertificate(
        authority=KEY.id, key=OTHER.id, roles=("auditor",), contracts=(CONTRACT,), valid_from=SINCE
    )
    folder = Path(mkdtemp(prefix="hostile-"))
    write_public(KEY.public, folder / "key.pub")
    public = (folder / "key.pub").read_bytes()

    def published(content: bytes) -> object:
        (folder / "other.pub").write_bytes(content)
        return read_public(folder / "other.pub")

    def certified(content: bytes) -> object:
        unseal(content, {KEY.id: KEY.public}, RoleCertificate.PAYLOAD_TYPE)
        return read_role_certificate(content)

    yield Reader("trust list", canonical(trust_of(KEY, OTHER)), lambda c: read_trust(c, "t"), signed=False)
    yield Reader("trust history", history, lambda c: _newest(c, root, canonical(second)))
    yield Reader("role certificate", certify(certificate, KEY), certified)
    yield Reader("public key file", public, published, signed=False)


def _chains() -> Iterator[Reader]:
    """Only what an accepted issuer signed makes a key somebody's; PEM is how certificates are handed in."""
    ca = authority()
    accepted = (Acceptance(ca.text, 0),)
    leaf = person(ca, KEY).public_bytes(Encoding.DER)

    def shown(content: bytes) -> object:
        chain = (base64.b64encode(content).decode(),)
        found = windows(chain, KEY.public.der, "lei", ACME.value, accepted)
        if not found:
            raise EvidenceError("EV07", reason="no certificate shows whose it is")
        return found

    pem = ca.certificate.public_bytes(Encoding.PEM)
    yield Reader("certificate", leaf, shown)
    yield Reader("certificates in PEM", pem + pem, lambda c: certificates_of(c, "file"), signed=False)


def _newest(content: bytes, root: str, newest: bytes) -> object:
    """A history may be cut: what is then newest was signed as well, and is known to be older by its number."""
    found = read_trust(content, "t", root, version=2)
    assert canonical(found) == newest
    return newest


def _stamps() -> Iterator[Reader]:
    stamping = plain_authority()
    request = write_request(b"a checkpoint\n")
    answer, roots = stamping.answer(request), read_roots(stamping.roots)

    yield Reader("time stamp", answer, lambda c: verify_timestamp(c, b"a checkpoint\n", roots))
    yield Reader("time stamp request", request, read_request, signed=False)
    yield Reader("authorities", stamping.roots, read_roots, signed=False)


@cache
def setting() -> Setting:
    made = Setting(Path(mkdtemp(prefix="hostile-")))
    made.sign("A", "B", "C")
    return made


def _statements() -> Iterator[Reader]:
    made = setting()
    bundle = made.bundle
    ring = {key.id: key.public for key in made.keys.values()}
    register = Register(
        keeper="keeper",
        dated=SINCE,
        members=(Member(name="voice_data", document_digest=bundle.document, parties={}),),
        entries=(Entry(asset="voices", since=SINCE, under="voice_data"),),
    )
    sealed = seal(canonical(register), [made.keys["keeper"]], Register.PAYLOAD_TYPE)

    def contract(content: bytes) -> object:
        found = bundle_from(content, "c")
        stated = statement_of(found)
        checked = None if stated is None else check_signatures(stated.envelope, ring)
        if checked is None or checked.invalid or len(checked.signers) < 3:
            raise VerbError("VB04", "c")  # as an unsigned contract: not what the parties signed
        return (found.document, found.meaning, checked.body, found.contract)

    yield Reader("contract", bundle_bytes(bundle), contract)
    yield Reader("register", sealed, lambda c: canonical(register_from(c, "r", made.store, NOW).register))
    yield Reader("signing file", canonical(made.who(auditor="C")), read_signing_file, signed=False)
    yield Reader("plain event", b'{"type":"use_voice","by":"B","facts":{"samples":10}}', _plain_event, signed=False)
    attested = b'{"facts":[{"field":"safe","role":"auditor","key":"sha256:' + b"0" * 64 + b'"}]}'
    yield Reader("attestation", attested, read_attestation, signed=False)


def _plain_event(content: bytes) -> object:
    return read_event(content, "e")


def _private() -> Iterator[Reader]:
    given = withhold_facts(event().id, {"subject": "s1", "samples": 10})
    body = event(id=given[0].event, _sd=tuple(sorted(_commitment(one) for one in given)))

    def opened(content: bytes) -> object:
        """Each disclosure opens what was committed to, or nothing."""
        found = disclosures(read_disclosures(content)).by_event.get(body.id, ())
        facts = opened_facts(body, found)
        assert set(facts.items()) <= {("subject", "s1"), ("samples", 10)}
        return None

    redaction = Redaction(
        by="A",
        at=SINCE,
        subject="s1",
        ground="PIPL 47",
        facts=(RedactedFact(commitment=digest_of_bytes(b""), event=body.id, name="subject"),),
    )
    signed = seal(canonical(redaction), [KEY], Redaction.PAYLOAD_TYPE)

    def erased(content: bytes) -> object:
        return canonical(read_form(Redaction, unseal(content, {KEY.id: KEY.public}, Redaction.PAYLOAD_TYPE).body))

    yield Reader("disclosures", disclosure_lines(given), opened)
    yield Reader("redaction", signed, erased)


def _commitment(one: Any) -> str:
    from smartclause.evidence.disclosure import commitment

    return commitment(one)


@cache
def every() -> dict[str, Reader]:
    return {reader.name: reader for reader in readers()}


def judged(reader: Reader, content: bytes) -> str:
    """`refused`, `same` or `other`; any exception but ours goes through."""
    try:
        found = reader.read(content)
    except OURS as refusal:
        said = (refusal.text("en"), refusal.text("zh"))
        assert all(harmless(text) == text for text in said), said
        return "refused"
    return "same" if found == reader.read(reader.sample) else "other"
