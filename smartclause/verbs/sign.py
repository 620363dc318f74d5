"""`sign`: a party signs the statement of a contract, an issuer its events, a role an event that it shows facts of.

Each signs alone, with one key; the statement is complete when all who must sign have signed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.disclosure import NOTHING, Disclosure, Disclosures, commitment, opened_facts, withhold
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import BUILT_IN, EventBody, event_id, nonce
from smartclause.evidence.files import read_limited
from smartclause.evidence.forms import Form, Names, canonical, read_form, timestamp
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.statement import ContractStatement, StatedParty, StatedRole
from smartclause.evidence.trust import ROOT, TrustSource, TrustStore, load_trust, replaced
from smartclause.logic.canonical import digest_of_bytes, dumps
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.verbs.admission import refuse_misfit
from smartclause.verbs.bundle import Bundle, amending, envelope_digest, statement_of
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import read_as, reason_of, unfit
from smartclause.verbs.plain import qualified, read_event, signed_facts
from smartclause.verbs.sources import on_line

MAX_SIGNING_FILE = 64 * 2**20


class SigningFile(Form):
    """Who the parties are in law, which keys sign for them, and which keys show facts in a role."""

    parties: Annotated[tuple[StatedParty, ...], Field(min_length=1, max_length=100)]
    roles: Annotated[tuple[StatedRole, ...], Field(max_length=1000)] = ()
    signers: Names = ()


def read_signing_file(content: bytes, place: str = "") -> SigningFile:
    """Raises VerbError VB12."""
    return read_as(SigningFile, content, place, "signing file")


def signing_file_of(bundle: Bundle, trust: TrustStore) -> SigningFile:
    """Parties and roles as the trust store has them: keys by party name, with the identity it records.

    Raises VerbError VB11 for a party without key or identity.
    """
    return SigningFile(
        parties=tuple(sorted((_stated(name, trust) for name in signers_of(bundle)), key=lambda p: p.party)),
        roles=tuple(StatedRole(role=role, keys=keys) for role, keys in _roles(trust)),
    )


def signing_file(bundle: Bundle, parties: Path | None, trust: TrustSource | None) -> SigningFile | None:
    """From the file, or as the trust store has the parties; None if neither was given.

    Raises EvidenceError, VerbError VB11, VB12.
    """
    if parties is not None:
        return read_signing_file(read_limited(parties, MAX_SIGNING_FILE), str(parties))
    return None if trust is None else signing_file_of(bundle, load_trust(trust))


def signers_of(bundle: Bundle) -> tuple[str, ...]:
    """The parties, and those who are parties no more by what they sign."""
    return tuple(sorted({*(p.name for p in bundle.root.parties), *bundle.root.former}))


def _stated(party: str, trust: TrustStore) -> StatedParty:
    records = [k for k in trust.keys if k.party == party]
    identity = next((k.identity for k in records if k.identity is not None), None)
    if identity is None:
        raise VerbError("VB11", what=f"identity and key of party {party}", option="--parties FILE")
    return StatedParty(party=party, identity=identity, keys=tuple(sorted(k.id for k in records)))


def _roles(trust: TrustStore) -> Iterable[tuple[str, tuple[str, ...]]]:
    for role in sorted({role for key in trust.keys for role in key.roles} - {ROOT}):
        yield role, tuple(sorted(k.id for k in trust.keys if role in k.roles))


def statement_for(bundle: Bundle, who: SigningFile, place: str = "") -> ContractStatement:
    """`place` is the file that `who` was read from. Raises VerbError VB12, and VB11 if a party is missing."""
    parties = {p.party for p in who.parties}
    for party in signers_of(bundle):
        if party not in parties:
            raise VerbError("VB11", place, what=f"identity and key of party {party}", option="--parties FILE")
    amends, effective = amending(bundle)
    try:
        return ContractStatement(
            name=bundle.contract.module.rpartition(".")[2],
            version=bundle.root.version,
            meaning=bundle.contract.edition,
            document_digest=bundle.document,
            meaning_digest=bundle.meaning,
            amends=amends,
            effective=effective,
            sources=bundle.sources,
            parties=who.parties,
            roles=who.roles,
            signers=who.signers or signers_of(bundle),
        )
    except ValidationError as error:
        what = "signing file" if place else "contract statement"
        raise unfit(error, ContractStatement, place or bundle.place, what) from None


def sign_contract(
    bundle: Bundle,
    key: SigningKey,
    who: SigningFile | None = None,
    place: str = "",
    trust: TrustStore | None = None,
) -> Bundle:
    """The contract with one more signature. `who` makes the statement, and is needed for the first signature only.

    `place` is the file that `who` was read from, as messages name it. By `trust` a key may stand for an earlier one of
    its party that the statement names.

    Raises VerbError VB04, VB11, VB12, VB22, EvidenceError.
    """
    stated = statement_of(bundle)
    if stated is None and who is None:
        raise VerbError("VB11", what="parties and their keys", option="--parties FILE")
    statement = stated.statement if stated is not None else statement_for(bundle, who, place)  # type: ignore[arg-type]
    numbers = {key.id} if trust is None else set(replaced(trust, key.id))
    if not any(not numbers.isdisjoint(party.keys) for party in statement.parties):
        raise VerbError("VB22", party=", ".join(p.party for p in statement.parties))
    if bundle.envelope is not None:
        return replace(bundle, envelope=envelopes.countersign(bundle.envelope, [key]))
    sealed = envelopes.seal(canonical(statement), [key], ContractStatement.PAYLOAD_TYPE)
    return replace(bundle, envelope=sealed)


# ---- events


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next event of an issuer stands: ledger, number, digest of the one before."""

    ledger: str
    seq: int = 0
    prev: str | None = None


def deposit_of(bundle: Bundle) -> bytes:
    """The plain event that shows a ledger the contract with all its signatures. Raises VerbError VB11."""
    if bundle.envelope is None:
        raise VerbError("VB11", bundle.place, what="parties and their keys", option="sign contract --parties FILE")
    return dumps({"type": "deposit", "facts": {"envelope": envelope_digest(bundle.envelope)}})


def sign_events(
    bundle: Bundle, contents: Sequence[bytes], key: SigningKey, where: Place, now: Instant, place: str = ""
) -> list[bytes]:
    """One envelope for each plain event, numbered in order. Raises VerbError VB05-VB10."""
    return sign_withholding(bundle, contents, key, where, now, (), place)[0]


def sign_withholding(
    bundle: Bundle,
    contents: Sequence[bytes],
    key: SigningKey,
    where: Place,
    now: Instant,
    withheld: Collection[str],
    place: str = "",
) -> tuple[list[bytes], tuple[Disclosure, ...]]:
    """As `sign_events`, with a commitment in the place of each fact named in `withheld`, and what opens them.

    Raises VerbError VB05-VB10, VB40.
    """
    sealed: list[bytes] = []
    opening: list[Disclosure] = []
    for number, content in enumerate(contents, 1):
        at = f"{place}:{number}" if len(contents) > 1 else place
        body = event_body(bundle, content, key, where, now, at)
        body, hidden = _withholding(body, withheld, bundle.lookup, at)
        opening += hidden
        signed = canonical(body)
        sealed.append(envelopes.seal(signed, [key], EventBody.PAYLOAD_TYPE))
        where = Place(where.ledger, where.seq + 1, digest_of_bytes(signed))
    return sealed, tuple(opening)


def _withholding(
    body: EventBody, names: Collection[str], lookup: Lookup, place: str
) -> tuple[EventBody, tuple[Disclosure, ...]]:
    """The event was found fit with all its facts before some are replaced by commitments."""
    hidden = withhold(body.id, {name: value for name, value in body.facts.items() if name in names})
    if not hidden:
        return body, ()
    if body.type in BUILT_IN:
        raise VerbError("VB40", place, field=hidden[0].name)
    for one in hidden:
        field = lookup.field(body.type, one.name)
        if field is None or field.type.kind is Kind.IDENTIFIER:
            raise VerbError("VB40", place, field=one.name)
    shown = {name: value for name, value in body.facts.items() if name not in names}
    commitments = tuple(sorted(commitment(one) for one in hidden))
    return body.model_copy(update={"facts": shown, "sd": commitments}), hidden


def sign_also(sealed: Sequence[bytes], key: SigningKey, given: Disclosures = NOTHING) -> list[bytes]:
    """The envelopes with one more signature. Who signs an event shows every fact that it commits to, and so must have
    seen them all. Raises EvidenceError EV01-EV08, EV30, VerbError VB46.
    """
    for number, content in enumerate(sealed, 1):
        try:
            _refuse_unseen(content, given, f"line {number}")
        except EvidenceError as error:
            raise EvidenceError(error.code, on_line(number, error.place), **error.values) from None
    return [envelopes.countersign(content, [key]) for content in sealed]


def _refuse_unseen(content: bytes, given: Disclosures, place: str) -> None:
    read = envelopes.read(content)
    if read.payload_type != EventBody.PAYLOAD_TYPE:
        return
    body = read_form(EventBody, read.body)
    unseen = len(body.sd) - len(opened_facts(body, given.by_event.get(body.id, ())))
    if unseen:
        raise VerbError("VB46", place, id=body.id, count=unseen)


def event_body(
    bundle: Bundle, content: bytes, key: SigningKey, where: Place, now: Instant, place: str = ""
) -> EventBody:
    act = read_event(content, place)
    lookup = bundle.lookup
    kind = qualified(act.type, (*lookup.types, *BUILT_IN), f"{place} type".strip())
    members: dict[str, Any] = {
        "id": event_id(),
        "type": kind,
        "time": act.time or timestamp(now),
        "issuer": key.id,
        "by": act.by,
        "to": act.to,
        "asset": act.asset,
        "ledger": where.ledger,
        "seq": where.seq,
        "prev": where.prev,
        "contract": bundle.document,
        "nonce": nonce(),
        "facts": signed_facts(act, kind, lookup, place),
    }
    try:
        body = EventBody(**{name: value for name, value in members.items() if value is not None})
    except ValidationError as error:
        member, reason = reason_of(error, EventBody)
        raise VerbError("VB05", f"{place} {member}".strip(), reason=reason) from None
    refuse_misfit(body, lookup, place)
    return body
