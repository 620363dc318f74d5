"""A ledger with acts and a duty, and case files made from it: what the tests of case files work on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from smartclause.evidence.forms import canonical
from smartclause.evidence.keys import make_key
from smartclause.evidence.trust import RootRole, TrustStore, key_record, load_trust
from smartclause.evidence.trust_history import history_bytes, signed_version
from smartclause.verbs.case_disputed import scope_of
from smartclause.verbs.case_export import Asked, Exported, export
from smartclause.verbs.case_forms import Scope
from tests.verbs.samples import HOUR, SINCE, Setting, identity, use


def scope(**given: Any) -> Scope:
    return scope_of(**({"act": None, "duty": None, "subject": None, "since": None, "until": None} | given))


def sign_trust(setting: Setting) -> None:
    """The trust list of the setting as version 1 of a history that one root key signs."""
    root = setting.keys.setdefault("root", make_key())
    record = key_record(root.public, "keeper_of_roots", SINCE, identity=identity("root"), roles=("root",))
    keys = tuple(sorted((*setting.store.keys, record), key=lambda k: k.id))
    stated = TrustStore(version=1, keys=keys, root=RootRole(threshold=1, keys=(root.id,)), issued=SINCE)
    setting.trust = setting.folder / "trust.jsonl"
    setting.trust.write_bytes(history_bytes([signed_version(canonical(stated), root)]))
    setting.store = load_trust(setting.trust)


def recorded(folder: Path) -> Setting:
    """An allowed use, an incident nobody reported in time, a withdrawal, a use that lacks a fact; all marked."""
    setting = Setting(folder)
    sign_trust(setting)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c"}))
    setting.clock.now += HOUR
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    setting.record(setting.envelope("B", **use(facts={"subject": "s2"})))
    setting.clock.now += 50 * HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    setting.clock.now += HOUR
    return setting


@cache
def shared() -> Setting:
    """Recorded once; the tests that only read it share it."""
    return recorded(Path(mkdtemp(prefix="case-tests-")))


def exported(setting: Setting, asked: Scope | None = None, out: Path | None = None, **given: Any) -> Exported:
    key = setting.keys[given.pop("by", "A")]
    wanted = Asked(asked or scope(subject="s2"), **given)
    return export(setting.path, setting.ledger, wanted, trust=setting.trust, key=key, out=out, clock=setting.clock)
