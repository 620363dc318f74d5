"""A small contract with its parties' keys, a ledger, and events: what the verbs' tests work on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smartclause.evidence.forms import Identity, instant, timestamp
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.ledger import create_ledger, open_ledger
from smartclause.evidence.recording import Receipt, Refusal, record
from smartclause.evidence.statement import StatedParty, StatedRole
from smartclause.evidence.trust import TrustStore, key_record, save_trust
from smartclause.verbs.bundle import Bundle, write_bundle
from smartclause.verbs.compile import compiled
from smartclause.verbs.sign import Place, SigningFile, sign_contract, sign_events

CONTRACT = """
contract voice_data version 1.0.0
  en "Voice data"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

role auditor en "auditor".
party A en "Provider" as provider.
party B en "Trainer" as recipient.
party C en "Auditor" as auditor.
role provider en "provider".
role recipient en "recipient".

concept purposes en "purposes".
concept training en "training purpose" under purposes.
concept fine_tuning en "fine tuning" under training.
concept advertising en "advertising" under purposes.
disjoint training, advertising.

occurrence withdrawal en "withdrawal" by A has
  subject en "subject" is identifier.
occurrence incident en "incident" has
  case_number en "case number" is identifier.
act use_voice en "use of voices" by B has
  subject en "subject" is identifier;
  purpose en "purpose" is purposes;
  safe en "found safe|not found safe" is fact shown by auditor;
  samples en "samples" is number at least 1 at most 5,000.
unrestricted act notify en "notify" by B has
  case_number en "case number" is identifier.

part 1 en "Use"
clause 1.1 allowed_use en "allowed use"
  B may use_voice if purpose is in training and safe.
clause 1.2 withdrawn en "withdrawn"
  B must not use_voice if some withdrawal with the same subject.
clause 1.3 amount en "amount"
  B may use_voice only if total of samples of use_voice with the same subject is at most 1,000.
part 2 en "Incidents"
clause 2.1 report en "report"
  When incident occurs, B must notify A within 24 hours for the same case_number.
"""

SINCE = "2026-01-01T00:00:00Z"
NOW = instant("2026-03-01T12:00:00Z")
HOUR = 3_600_000_000


@dataclass
class Clock:
    """A clock that moves only when told to."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now


@dataclass
class Setting:
    """A folder with contract, keys and ledger of one case."""

    folder: Path
    contract: str = CONTRACT
    keys: dict[str, SigningKey] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    places: dict[str, Place] = field(default_factory=dict)
    ledger_id: str = ""

    def __post_init__(self) -> None:
        for name in ("A", "B", "C", "ledger", "keeper"):
            self.keys.setdefault(name, make_key())
        (self.folder / "voice_data.clause").write_text(self.contract, encoding="utf-8")
        self.bundle = compiled_once(self.folder / "voice_data.clause")
        self.ledger = self.folder / "ledger.db"
        self.ledger_id = create_ledger(self.ledger, self.keys["ledger"].public, self.clock)
        self.trust = self.folder / "trust.json"
        self.store = self.trusting()
        self.path = self.folder / "contract.json"

    def trusting(self, **members: Any) -> TrustStore:
        records = [
            key_record(key.public, name, SINCE, identity=identity(name), **members) for name, key in self.keys.items()
        ]
        self.store = TrustStore(version=1, keys=tuple(sorted(records, key=lambda r: r.id)))
        save_trust(self.store, self.trust)
        return self.store

    def who(self, **roles: str) -> SigningFile:
        parties = tuple(StatedParty(party=n, identity=identity(n), keys=(self.keys[n].id,)) for n in ("A", "B", "C"))
        stated = tuple(StatedRole(role=r, keys=(self.keys[n].id,)) for r, n in sorted(roles.items()))
        return SigningFile(parties=parties, roles=stated)

    def sign(self, *parties: str) -> Bundle:
        """The contract signed by these parties, written to `path`."""
        for party in parties:
            self.bundle = sign_contract(self.bundle, self.keys[party], self.who())
        write_bundle(self.bundle, self.path)
        return self.bundle

    def envelope(self, who: str, *also: str, at: int | None = None, **event: Any) -> bytes:
        """A signed event, the next one of `who`; `also` sign it too."""
        from smartclause.evidence.envelope import countersign
        from smartclause.evidence.envelope import read as read_envelope
        from smartclause.logic.canonical import digest_of_bytes

        where = self.places.get(who, Place(self.ledger_id))
        event.setdefault("time", timestamp(self.clock.now if at is None else at))
        [sealed] = sign_events(self.bundle, [json.dumps(event).encode()], self.keys[who], where, self.clock.now)
        body = read_envelope(sealed).body
        self.places[who] = Place(self.ledger_id, where.seq + 1, digest_of_bytes(body))
        return countersign(sealed, [self.keys[a] for a in also]) if also else sealed

    def record(self, *envelopes: bytes) -> tuple[Receipt | Refusal, ...]:
        with open_ledger(self.ledger, writing=True) as ledger:
            return record(ledger, envelopes, self.store, self.keys["ledger"], self.clock)

    def write(self, name: str, content: bytes | dict[str, Any]) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path


_COMPILED: dict[str, Bundle] = {}


def compiled_once(path: Path) -> Bundle:
    """Each text once: parsing takes longer than all the rest of a case."""
    text = path.read_text(encoding="utf-8")
    if text not in _COMPILED:
        _COMPILED[text] = compiled(path)
    return _COMPILED[text]


def identity(name: str) -> Identity:
    return Identity(name=f"{name} Ltd", scheme="lei", value=f"LEI-{name}")


def use(**members: Any) -> dict[str, Any]:
    """The act of the sample contract, complete."""
    facts = {"subject": "s1", "purpose": "voice_data.training", "safe": True, "samples": 10}
    event = {"type": "voice_data.use_voice", "by": "B", "asset": "voices"}
    return event | {"facts": facts | members.pop("facts", {})} | members
