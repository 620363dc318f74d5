"""From signed bytes to what the evaluator reads: typed facts, and who showed them.

The only place where evidence becomes logic. Nothing is believed that no key of the right role signed: plain
JSON has no signers, a value of another type is no value, names of another contract's parties are not ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from smartclause.engines.audit import Note
from smartclause.evidence import forms
from smartclause.evidence.entry import Kind
from smartclause.evidence.envelope import Envelope, check_signatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.keys import KeyId
from smartclause.evidence.trust import Standing, TrustStore, ring
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Signer
from smartclause.logic.terms import Value
from smartclause.verbs.holders import Holders
from smartclause.verbs.values import ConceptTree, concept_tree, typed

# They speak of one contract only: its digest must be ours.
OF_ONE_CONTRACT = ("termination", "waiver")

# They speak of records and signatures, not of what happened.
OF_THE_RECORDS = ("void", "deposit")


@dataclass(frozen=True, slots=True)
class Received:
    """An envelope and its receipt. `received` None: no ledger attests the time. `place` names it in messages.

    `index` is the place in the order of events, `at` the entry where it is another number.
    """

    envelope: Envelope
    received: Instant | None
    index: int
    kind: Kind = "event"
    place: str = ""
    at: int | None = None

    @property
    def entry(self) -> int:
        return self.index if self.at is None else self.at


@dataclass(frozen=True, slots=True)
class Opened:
    """An event whose signatures were checked. `trusted_at`: the instant at which its keys are judged.

    `index` counts events in the order of the ledger. Where entries hold many, `entry` is the one that holds it, and
    `row` its row there.
    """

    body: EventBody
    digest: str
    keys: tuple[KeyId, ...]
    received: Instant | None
    trusted_at: Instant
    index: int
    place: str = ""
    later_keys: tuple[tuple[KeyId, Instant, int], ...] = ()  # cosignatures, with their own receipt and entry
    disclosed: Mapping[str, forms.Value] = field(default_factory=dict)  # withheld facts that somebody opened
    entry: int | None = None
    row: int | None = None

    @property
    def at_entry(self) -> int:
        return self.index if self.entry is None else self.entry

    @property
    def instant(self) -> Instant:
        """The claimed time, never after the receipt."""
        claimed = forms.instant(self.body.time)
        return claimed if self.received is None else min(claimed, self.received)


@dataclass(frozen=True, slots=True)
class Absent:
    """A segment whose file is missing: what its statement says of the events that nobody can read.

    `received` None: no ledger attests the time.
    """

    issuer: KeyId
    first: int
    last: int
    since: Instant
    until: Instant
    received: Instant | None
    entry: int
    file: str
    keys: tuple[KeyId, ...] = ()

    @property
    def stretch(self) -> tuple[Instant, Instant]:
        """Where its events can stand: never after the receipt, nor before the first claim of them."""
        if self.received is None:
            return self.since, self.until
        return min(self.since, self.received), self.received


def open_events(received: Iterable[Received], trust: TrustStore, now: Instant) -> list[Opened]:
    """In the order of receipt, cosignatures added to what they sign; without attested times keys are judged now.

    Raises EvidenceError EV05, EV06, EV08, EV12 with the place.
    """
    return joined(open_each(received, trust, now))


def open_each(received: Iterable[Received], trust: TrustStore, now: Instant) -> Iterator[Opened]:
    """As `open_events`, each envelope by itself."""
    keys = ring(trust)
    return (_opened(item, keys, now) for item in received)


def joined(each: Iterable[Opened]) -> list[Opened]:
    """Cosignatures with the event that they sign."""
    found: dict[tuple[str, str], Opened] = {}
    for opened in each:
        same = (opened.body.id, opened.digest)
        if same in found:
            found[same] = _cosigned(found[same], opened)
        else:
            found[same] = opened
    return list(found.values())


def _opened(item: Received, keys: Mapping[KeyId, object], now: Instant) -> Opened:
    try:
        if item.envelope.payload_type != EventBody.PAYLOAD_TYPE:
            raise EvidenceError("EV04", found=item.envelope.payload_type, wanted=EventBody.PAYLOAD_TYPE)
        verified = check_signatures(item.envelope, keys)  # type: ignore[arg-type]
        body = read_form(EventBody, verified.body)
    except EvidenceError as error:
        raise _at(item.place, error) from None
    digest = digest_of_bytes(verified.body)
    trusted_at = now if item.received is None else item.received
    return Opened(body, digest, verified.signers, item.received, trusted_at, item.index, item.place, entry=item.at)


def _cosigned(first: Opened, again: Opened) -> Opened:
    new = tuple((k, again.trusted_at, again.at_entry) for k in again.keys if k not in first.keys)
    return replace(first, later_keys=first.later_keys + new)


def _at(place: str, error: EvidenceError) -> EvidenceError:
    where = f"{place}: {error.place}".rstrip(": ") if place else error.place
    return EvidenceError(error.code, where, **error.values)


@dataclass(frozen=True)
class Reader:
    """Reads events for one contract. `names` translate the parties of other contracts, by their digest.

    `before` are the digests of the versions that it amends, with the instant from which it is in force itself: who
    ends one of them after that ends the contract.
    """

    holders: Holders
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    before: Mapping[str, Instant] = field(default_factory=dict)

    @property
    def lookup(self) -> Lookup:
        return self.holders.lookup

    @cached_property
    def tree(self) -> ConceptTree:
        return concept_tree(self.lookup.contract)

    def history(self, opened: Iterable[Opened], notes: list[Note]) -> list[Event]:
        """The records that count here. What is left out, and why, is noted."""
        items = [o for o in opened if self._counts(o, notes)]
        types = {o.body.id: o.body.type for o in items}
        return [e for o in items if (e := self._record(o, types, notes)) is not None]

    def proposed(self, opened: Opened, asked: Instant, index: int, notes: list[Note]) -> Event:
        """A signed act as it is asked: at the instant of asking, whatever time it claims."""
        event = self._event(opened, self._facts(opened, notes))
        return replace(event, time=asked, received=asked, index=index)

    def counts(self, opened: Opened) -> bool:
        """Whether an event is a record here."""
        return self._counts(opened, [])

    def event(self, opened: Opened, types: Mapping[str, str]) -> Event | None:
        """As `history` reads one that counts; `types` of all events, by their numbers."""
        return self._record(opened, types, [])

    # ---- which records

    def _counts(self, opened: Opened, notes: list[Note]) -> bool:
        body = opened.body
        issuer = self.holders.records.get(body.issuer)
        if body.issuer not in opened.keys or self.holders.standing(issuer, opened.trusted_at) is Standing.UNKNOWN:
            notes.append(Note("not trusted", _named(opened)))
            return False
        if body.type in OF_ONE_CONTRACT and body.contract != self.holders.document and not self._ends_it(opened):
            notes.append(Note("other contract", _named(opened)))
            return False
        return body.type not in OF_THE_RECORDS

    def _ends_it(self, opened: Opened) -> bool:
        since = self.before.get(opened.body.contract)
        return opened.body.type == "termination" and since is not None and opened.instant >= since

    def _record(self, opened: Opened, types: Mapping[str, str], notes: list[Note]) -> Event | None:
        match opened.body.type:
            case "supplement":
                facts = self._supplied(opened, types, notes)
                return None if facts is None else self._event(opened, facts)
            case "termination":
                return self._event(opened, {"contract": self.lookup.contract.module})
            case "waiver":
                return self._event(opened, _plain(opened.body))
            case "heartbeat":
                return replace(self._event(opened, {}), time=opened.instant)
            case _:
                return self._event(opened, self._facts(opened, notes))

    # ---- one event

    def _event(self, opened: Opened, facts: Mapping[str, Value]) -> Event:
        body = opened.body
        signers = self.signers(opened)
        return Event(
            body.id,
            body.type,
            forms.instant(body.time),
            self._party(opened, body.by, issuer=True),
            self._party(opened, body.to, issuer=False),
            body.asset or "",
            facts,
            signers,
            body.issuer,
            opened.received,
            opened.index,
            body.contract,
            partly_opened=0 < len(opened.disclosed) < len(body.sd),
            entry=opened.entry,
            row=opened.row,
        )

    @cached_property
    def _signers(self) -> dict[tuple[tuple[KeyId, ...], Instant], tuple[Signer, ...]]:
        return {}

    def signers(self, opened: Opened) -> tuple[Signer, ...]:
        """The same object for all events that the same keys signed at the same instant: a segment has many."""
        signed = opened.keys, opened.trusted_at
        if signed not in self._signers:
            self._signers[signed] = self.holders.signers(*signed)
        later = tuple(s for key, at, _ in opened.later_keys if (s := self.holders.signer(key, at)) is not None)
        return self._signers[signed] + later if later else self._signers[signed]

    def _party(self, opened: Opened, name: str | None, *, issuer: bool) -> str:
        """A party of another contract is ours only where the register says so, or where the issuer's key is."""
        body = opened.body
        if name is None:
            return ""
        if body.contract in self.names:
            return self.names[body.contract].get(name, name)
        if body.contract == self.holders.document:
            return name
        signer = self.holders.signer(body.issuer, opened.trusted_at)
        return signer.party if issuer and signer is not None else ""

    def _facts(self, opened: Opened, notes: list[Note]) -> dict[str, Value]:
        facts: dict[str, Value] = {}
        withheld = len(opened.body.sd) - len(opened.disclosed)
        if withheld:
            notes.append(Note("withheld", f"{_named(opened)} ({withheld})"))
        for name, value in (*opened.body.facts.items(), *opened.disclosed.items()):
            read = self._typed(opened, opened.body.type, name, value, notes)
            if read is not None:
                facts[name] = read
        return facts

    def _typed(self, opened: Opened, kind: str, name: str, value: forms.Value, notes: list[Note]) -> Value | None:
        ft = self.lookup.field(kind, name)
        if ft is None:
            if kind in self.lookup.types:
                notes.append(Note("not declared", f"{_named(opened)} {name}"))
            return None
        read = typed(value, ft.type, self.tree)
        if read is None:
            notes.append(Note("wrong type", f"{_named(opened)} {name}"))
        return read

    def _supplied(self, opened: Opened, types: Mapping[str, str], notes: list[Note]) -> dict[str, Value] | None:
        """A supplement's value has the type of the field it fills; to an event that nobody knows it fills nothing."""
        facts = opened.body.facts
        target, name = str(facts["event"]), str(facts["field"])
        value = self._typed(opened, types.get(target, ""), name, facts["value"], notes)
        return None if value is None else {"event": target, "field": name, "value": value}


def _plain(body: EventBody) -> dict[str, Value]:
    """Facts of a waiver: the clause, the sentence and the identifiers of the duty's key."""
    return {n: str(v) for n, v in body.facts.items() if isinstance(v, str | int) and not isinstance(v, bool)}


def _named(opened: Opened) -> str:
    return opened.place or opened.body.id
