"""Whose the keys are under one contract: the statement names them, the trust store must agree.

Fails closed: what a key signed that only one of the two knows is at best uncertain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from smartclause.evidence.envelope import check_signatures
from smartclause.evidence.forms import instant
from smartclause.evidence.keys import KeyId, KeyRing
from smartclause.evidence.role_certificates import Certified, certified, holds_role
from smartclause.evidence.separation import conflicting
from smartclause.evidence.statement import ContractStatement, StatedParty, StatedRole
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, holder_of, replaced, ring, standing
from smartclause.logic.contract import ModuleKind
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Signer, Trust
from smartclause.verbs.bundle import Bundle, Stated, statement_of


@dataclass(frozen=True)
class Holders:
    """`stated` None: nobody signed, and only the trust store names parties and roles.

    `asked` is the instant at which the signatures of the contract must stand; `seen` is when a ledger had received
    them, `said` when the caller says that they had been given.
    """

    lookup: Lookup
    document: str
    stated: Stated | None
    trust: TrustStore | None
    names: Mapping[str, str] = field(default_factory=dict)  # party of the file: what the register calls it
    asked: Instant | None = None
    seen: Instant | None = None
    said: Instant | None = None

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
        if record is None or self.standing(record, at) is Standing.UNKNOWN:
            return None
        party, sure = self._party(record, at)
        sure = sure and key not in self._in_conflict
        trust = _trust(record, self.standing(record, at, self.document)) if sure else Trust.UNCERTAIN
        return Signer(key, self.here(party), self._roles(record, at), trust)

    def standing(self, record: KeyRecord | None, at: Instant, contract: str | None = None) -> Standing:
        return standing(record, at, contract, () if self.trust is None else self.trust.issuers)

    def signers(self, keys: Iterable[KeyId], at: Instant) -> tuple[Signer, ...]:
        return tuple(s for key in keys if (s := self.signer(key, at)) is not None)

    def recording_keys(self) -> tuple[KeyId, ...]:
        """All keys that may record something here."""
        if self.statement is None:
            return tuple(self.records)
        named = [k for p in self.statement.parties for k in p.keys]
        named += [k for r in self.statement.roles for k in r.keys]
        later = [k for k in self.records if not self._named(k).isdisjoint(named)]
        later += [k for k, found in self._certified.items() if any(self._is_authority(c) for c in found)]
        return tuple(dict.fromkeys((*named, *later)))

    def _is_authority(self, found: Certified) -> bool:
        roles = () if self.statement is None else self.statement.roles
        return any(self._certifies(found.authority.id, r) and r.role in found.roles for r in roles)

    def valid_from(self, key: KeyId) -> Instant | None:
        record = self.records.get(key)
        return None if record is None else instant(record.valid_from)

    def _named(self, key: KeyId) -> frozenset[KeyId]:
        """The numbers by which a contract may know the key: its own, and those of the keys that it replaces."""
        return frozenset((key,) if self.trust is None else replaced(self.trust, key))

    def _party(self, record: KeyRecord, at: Instant) -> tuple[str, bool]:
        """Whose the key is, and whether contract and trust store agree on it."""
        if self.statement is None:
            return record.party, True
        names = self._named(record.id)
        stated = next((p for p in self.statement.parties if not names.isdisjoint(p.keys)), None)
        if stated is not None:
            return stated.party, self._agrees(record, stated)
        # A key of a party that its statement does not list: that party, but not for sure.
        person = next((p for p in self.statement.parties if _same_person(record, p)), None)
        if person is not None:
            return person.party, False
        return record.party, any(self._holds(record, r, at) for r in self.statement.roles)

    def _roles(self, record: KeyRecord, at: Instant) -> frozenset[str]:
        stated = self.statement
        names = record.roles if stated is None else tuple(r.role for r in stated.roles if self._holds(record, r, at))
        if stated is not None and not self._all_signed:  # one party alone hands out no roles
            names = tuple(name for name in names if name in record.roles)
        return frozenset(q for name in names for q in self._qualified(name))

    def _holds(self, record: KeyRecord, stated: StatedRole, at: Instant) -> bool:
        """Named in the contract, or certified by an authority that the contract names and that stands then."""
        if not self._named(record.id).isdisjoint(stated.keys):
            return True
        if self.trust is None or record.id not in self._certified:
            return False
        found = self._certified[record.id]
        authorities = {c.authority.id for c in found if self._certifies(c.authority.id, stated)}
        return holds_role(found, stated.role, authorities, at, self.document, self.trust)

    def _certifies(self, authority: KeyId, stated: StatedRole) -> bool:
        return not self._named(authority).isdisjoint(stated.authorities)

    @cached_property
    def _certified(self) -> Mapping[KeyId, tuple[Certified, ...]]:
        if self.trust is None:
            return {}
        return {r.id: found for r in self.trust.keys if r.certificates and (found := certified(r, self.trust))}

    @cached_property
    def _in_conflict(self) -> frozenset[KeyId]:
        """Keys of whoever would use data and keep the ledger or audit besides, by trust store and contract together."""
        return conflicting(holder_of(record, self._functions(record)) for record in self.records.values())

    def doubts(self, keeper: KeyId) -> bool:
        """Whether who keeps the ledger is somebody who, under this contract, may not."""
        return keeper in self._in_conflict

    def _functions(self, record: KeyRecord) -> Iterator[str]:
        yield from (role for found in self._certified.get(record.id, ()) for role in found.roles)
        if self.statement is None:
            return
        names = self._named(record.id)
        yield from (r.role for r in self.statement.roles if not names.isdisjoint(r.keys))
        for party in self.statement.parties:
            if not names.isdisjoint(party.keys):
                root = self.lookup.modules[self.lookup.contract.module]
                yield from (p.role.rpartition(".")[2] for p in root.parties if p.name == party.party)

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

    def contract_signers(self) -> frozenset[str]:
        """Parties for whom a key of theirs, known to the trust store, signed the statement.

        A signature counts while its key stands. Once the key has ended, it counts only if a trusted time shows that it
        had been given before: otherwise whoever holds the old key could sign today.
        """
        if self.stated is None:
            return frozenset()
        valid = check_signatures(self.stated.envelope, self.ring).signers
        parties = self.stated.statement.parties
        return frozenset(self.here(p.party) for p in parties if any(self._signs(p, k) for k in valid))

    def attested_signers(self) -> frozenset[str]:
        """Parties whose signature counts only by what the caller says of the time when it was given."""
        return (
            frozenset() if self.said is None else self.contract_signers() - replace(self, said=None).contract_signers()
        )

    def unsigned(self) -> tuple[str, ...]:
        """Parties of the file judged whose signature does not count (yet)."""
        signed = self.contract_signers()
        root = self.lookup.modules[self.lookup.contract.module]
        return tuple(name for name in (*(p.name for p in root.parties), *root.former) if name not in signed)

    def _signs(self, party: StatedParty, key: KeyId) -> bool:
        record = self.records.get(key)
        if record is None or self._named(key).isdisjoint(party.keys) or not self._agrees(record, party):
            return False
        return self._stood_when_seen(record) or self._stands_now(record)

    def _stood_when_seen(self, record: KeyRecord) -> bool:
        times = [t for t in (self.seen, self.said) if t is not None and (self.asked is None or t <= self.asked)]
        return any(self.standing(record, t, self.document) is Standing.TRUSTED for t in times)

    def _stands_now(self, record: KeyRecord) -> bool:
        """A compromise, whenever it began, leaves no signature whose time is not attested."""
        if record.compromised_since is not None:
            return False
        if self.asked is None:  # no instant to judge at: only what has no end can stand
            ends = record.revoked or record.valid_until or record.chain
            return ends is None and self._applies(record)
        return self.standing(record, self.asked, self.document) is Standing.TRUSTED

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

    def signed(self) -> Mapping[str, frozenset[str]]:
        """For each contract and agreement merged into this one, who signed: all signed the whole document."""
        signers = self.contract_signers()
        kinds = (ModuleKind.CONTRACT, ModuleKind.AGREEMENT, ModuleKind.AMENDMENT)
        return {m.name: signers for m in self.lookup.contract.modules if m.kind in kinds}


def holders_of(
    bundle: Bundle,
    trust: TrustStore | None,
    asked: Instant | None = None,
    seen: Instant | None = None,
    said: Instant | None = None,
) -> Holders:
    """No party signs a pack, so a statement beside it is anybody's. Raises EvidenceError, VerbError VB04."""
    stated = None if bundle.is_pack else statement_of(bundle)
    return Holders(bundle.lookup, bundle.document, stated, trust, asked=asked, seen=seen, said=said)


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
