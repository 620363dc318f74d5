"""The stage of the demonstration: a folder with keys, trust, a signed contract and a ledger, and a clock that is set.

Everything goes through the verbs, and everything they write stays in the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.files import write_whole
from smartclause.evidence.forms import Identity, instant
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.trust import load_trust
from smartclause.logic.counting import Instant
from smartclause.resources import folder as resource
from smartclause.verbs import demo_data, keys, ledger
from smartclause.verbs.bundle import Bundle, write_bundle
from smartclause.verbs.compile import compiled
from smartclause.verbs.record import Recording, record
from smartclause.verbs.sign import sign_contract, sign_events, signing_file_of

PASSPHRASE = "demonstration"
PLATFORM = "A"
PARTIES = (PLATFORM, demo_data.TRAINER, demo_data.REVIEWER, demo_data.RIGHTHOLDER)
LEDGER = "ledger"
KEYS_SINCE = "2026-01-01T00:00:00Z"

Plain = Mapping[str, Any]


@dataclass
class Clock:
    """Stands still until it is set."""

    now: Instant = 0

    def __call__(self) -> Instant:
        return self.now

    def set(self, text: str) -> None:
        self.now = instant(text)


@dataclass
class Scene:
    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(instant(KEYS_SINCE)))
    keys: dict[str, SigningKey] = field(default_factory=dict)
    files: int = 0

    @property
    def trust(self) -> Path:
        return self.folder / "trust.json"

    @property
    def contract(self) -> Path:
        return self.folder / f"{demo_data.CONTRACT}.json"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @cached_property
    def bundle(self) -> Bundle:
        """The contract as all parties signed it."""
        bundle = compiled(resource("contracts") / demo_data.CONTRACT / f"{demo_data.CONTRACT}.clause")
        who = signing_file_of(bundle, load_trust(self.trust))
        for party in PARTIES:
            bundle = sign_contract(bundle, self.keys[party], who)
        write_bundle(bundle, self.contract)
        return bundle

    # ---- what the parties do once

    def make_keys(self) -> None:
        """One key for each party and one for the ledger, each in a file of its own, all in the trust store."""
        (self.folder / "keys").mkdir()
        for name in (*PARTIES, LEDGER):
            path = self.folder / "keys" / f"{name}.pem"
            keys.make(path, PASSPHRASE)
            self.keys[name] = keys.open_key(path, PASSPHRASE)
            identity = Identity(name=f"Demonstration, {name}", scheme="other", value=f"demonstration-{name}")
            keys.trust(self.trust, keys.public_path(path), keys.Person(name, KEYS_SINCE, identity))

    def make_ledger(self) -> str:
        return ledger.make(self.ledger, self.keys[LEDGER].public, self.clock)

    # ---- what they do again and again

    def sign(self, party: str, events: Iterable[Plain], also: tuple[str, ...] = ()) -> list[bytes]:
        """Envelopes in the party's own sequence of this ledger; `also` sign them too."""
        key = self.keys[party]
        contents = [json.dumps(_given(event)).encode() for event in events]
        where = ledger.next_place(self.ledger, key.id)
        sealed = sign_events(self.bundle, contents, key, where, self.clock())
        others = [self.keys[name] for name in also]
        return [envelopes.countersign(one, others) for one in sealed] if others else sealed

    def record(self, name: str, sealed: Iterable[bytes], *, judged: bool = False) -> Recording:
        """Appends the envelopes; `judged`: each act is judged at the place it gets. A checkpoint is signed."""
        self.files += 1
        path = self.folder / "events" / f"{self.files}_{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        write_whole(path, b"\n".join(sealed) + b"\n")
        return record(
            self.ledger,
            path,
            trust=self.trust,
            contract=self.contract if judged else None,
            key=self.keys[LEDGER],
            clock=self.clock,
        )

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)
        return path


def by_party(events: Iterable[Plain]) -> Iterator[tuple[str, list[Plain]]]:
    """The events of each party, in order."""
    groups: dict[str, list[Plain]] = {}
    for event in events:
        groups.setdefault(str(event["by"]), []).append(event)
    yield from groups.items()


def _given(event: Plain) -> dict[str, Any]:
    return {name: value for name, value in event.items() if value is not None}
