"""Whose the keys are under one contract: the statement names them, the trust store must agree.

Fails closed: what a key signed that only one of the two knows is at best uncertain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from smartclause.evidence.envelope import check_signatures
from smartclause.evidence.forms import instant
from smartclause.evidence.keys import KeyId, KeyRing
from smartclause.evidence.statement import ContractStatement, StatedParty
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, ring, standing
from smartclause.logic.contract import ModuleKind
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Signer, Trust
from smartclause.verbs.bundle import Bundle, Stated, statement_of


@dataclass(frozen=True)
class Holders:
    """`stated` None: nobody signed, and only the trust store names parties and roles."""

    lookup: Lookup
    document: str
    stated: Stated | None
    trust: TrustStore | None
    names: Mapping[str, str] = field(default_factory=dict)  # party of the file: what the register calls it

    def here(self, party: str) -> str:
        return self.names.get(party, party)

    @cached_property
    def ring(self) -> KeyRing:
        return {} if self.trust is None else ring(self.trust)

    @cached_property
    def records(self) -> Mapping[KeyId, KeyRecord]:
        return {} if self.trust is None else {r.id: r for r in self.trust.keys}

    @property
    def statement(self) -> ContractStatement | None:
        return None if self.stated is None else self.stated.statement

    def signer(self, key: KeyId, at: Instant) -> Signer | None:
        """The key as it stood at an instant of trusted time; None if it was never trusted.

        A key that the trust store holds and the contract does not name is uncertain: what it says neither helps
        nor can be left out.
        """
        record = self.records.get(key)
        if record is None or standing(record, at) is Standing.UNKNOWN:
            return None
        party, sure = self._party(key, record)
        trust = _trust(record, standing(record, at, self.document)) if sure else Trust.UNCERTAIN
        return Signer(key, self.here(party), self._roles(key, record), trust)

    def signers(self, keys: Iterable[KeyId], at: Instant) -> tuple[Signer, ...]:
        return tuple(s for key in keys if (s := self.signer(key, at)) is not None)

    def recording_keys(self) -> tuple[KeyId, ...]:
        """All keys that may record something here."""
        if self.statement is None:
            return tuple(self.records)
        named = [k for p in self.statement.parties for k in p.keys]
        named += [k for r in self.statement.roles for k in r.keys]
        return tuple(dict.fromkeys(named))

    def valid_from(self, key: KeyId) -> Instant | None:
        record = self.records.get(key)
        return None if record is None else instant(record.valid_from)

    def _party(self, key: KeyId, record: KeyRecord) -> tuple[str, bool]:
        """Whose the key is, and whether contract and trust store agree on it."""
        if self.statement is None:
            return record.party, True
        stated = next((p for p in self.statement.parties if key in p.keys), None)
        if stated is not None:
            return stated.party, self._agrees(record, stated)
        # A key of a party that its statement does not list: that party, but not for sure.
        person = next((p for p in self.statement.parties if _same_person(record, p)), None)
        if person is not None:
            return person.party, False
        return record.party, any(key in r.keys for r in self.statement.roles)

    def _roles(self, key: KeyId, record: KeyRecord) -> frozenset[str]:
        stated = self.statement
        names = record.roles if stated is None else tuple(r.role for r in stated.roles if key in r.keys)
        if stated is not None and not self._all_signed:  # one party alone hands out no roles
            names = tuple(name for name in names if name in record.roles)
        return frozenset(q for name in names for q in self._qualified(name))

    @cached_property
    def _all_signed(self) -> bool:
        return not self.unsigned()

    def _qualified(self, role: str) -> tuple[str, ...]:
        """The role of the contract with this bare name; none if there are two."""
        declared = {name for name, _ in self.lookup.contract.roles}
        declared |= {t.by for t in self.lookup.contract.types if t.by}
        declared |= {f.shown_by for t in self.lookup.contract.types for f in t.fields if f.shown_by}
        parties = {p.name for m in self.lookup.contract.modules for p in m.parties}
        found = tuple(d for d in declared if d.rpartition(".")[2] == role and d not in parties)
        return found if len(found) == 1 else ()

    # ---- who signed the contract

    def contract_signers(self, asked: Instant | None = None) -> frozenset[str]:
        """Parties for whom a key of theirs, known to the trust store, signed the statement.

        When it signed nobody attests: a key that was revoked since, or compromised, counts for nothing here, nor
        does one that is not valid yet at the instant of asking.
        """
        if self.stated is None:
            return frozenset()
        valid = check_signatures(self.stated.envelope, self.ring).signers
        parties = self.stated.statement.parties
        return frozenset(self.here(p.party) for p in parties if any(self._signs(p, k, asked) for k in valid))

    def unsigned(self) -> tuple[str, ...]:
        """Parties of the file judged whose signature does not count (yet)."""
        signed = self.contract_signers()
        root = self.lookup.modules[self.lookup.contract.module]
        return tuple(name for name in (*(p.name for p in root.parties), *root.former) if name not in signed)

    def _signs(self, party: StatedParty, key: KeyId, asked: Instant | None) -> bool:
        record = self.records.get(key)
        if key not in party.keys or record is None or not self._agrees(record, party):
            return False
        if asked is not None and instant(record.valid_from) > asked:
            return False
        return self._applies(record) and record.compromised_since is None and record.revoked is None

    def _agrees(self, record: KeyRecord, stated: StatedParty) -> bool:
        """Contract and trust store know the key as this person, and nobody else by the party's name here.

        Otherwise whoever writes the statement could put a person of his choice in the other party's place.
        """
        return _agrees(record, stated) and (record.party == stated.party or self._may_bear_the_name(stated))

    def _may_bear_the_name(self, stated: StatedParty) -> bool:
        known = [r for r in self.records.values() if r.party == self.here(stated.party) and self._applies(r)]
        return not known or any(_agrees(r, stated) for r in known if r.identity is not None)

    def _applies(self, record: KeyRecord) -> bool:
        return record.contracts is None or self.document in record.contracts

    def signed(self, asked: Instant) -> Mapping[str, frozenset[str]]:
        """For each contract and agreement merged into this one, who signed: all signed the whole document."""
        signers = self.contract_signers(asked)
        kinds = (ModuleKind.CONTRACT, ModuleKind.AGREEMENT, ModuleKind.AMENDMENT)
        return {m.name: signers for m in self.lookup.contract.modules if m.kind in kinds}


def holders_of(bundle: Bundle, trust: TrustStore | None) -> Holders:
    """No party signs a pack, so a statement beside it is anybody's. Raises EvidenceError, VerbError VB04."""
    stated = None if bundle.is_pack else statement_of(bundle)
    return Holders(bundle.lookup, bundle.document, stated, trust)


def _agrees(record: KeyRecord, stated: StatedParty) -> bool:
    """The trust store knows the key as this person: by legal identity where it has one, else by name."""
    if record.identity is not None:
        return (record.identity.scheme, record.identity.value) == (stated.identity.scheme, stated.identity.value)
    return record.party == stated.party


def _same_person(record: KeyRecord, stated: StatedParty) -> bool:
    return record.party == stated.party or (record.identity is not None and _agrees(record, stated))


def _trust(record: KeyRecord, stands: Standing) -> Trust:
    """A key that its own party says is compromised still binds that party (design 2.7)."""
    if stands is Standing.TRUSTED:
        return Trust.TRUSTED
    own = stands is Standing.COMPROMISED and record.compromise_declared_by == record.party
    return Trust.DISOWNED if own else Trust.UNCERTAIN
