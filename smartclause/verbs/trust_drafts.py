"""Changes to a trust store: a list is changed in place, a signed history by a draft that its root keys sign.

The draft stands beside the history until enough have signed; then it is the next line. What the rules of the history
forbid is refused when it is drafted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import canonical, timestamp
from smartclause.evidence.keys import PublicKey, SigningKey
from smartclause.evidence.trust import (
    MAX_TRUST_HISTORY,
    MAX_TRUST_STORE,
    ROOT,
    RootRole,
    TrustStore,
    digest_of,
    key_record,
    load_trust,
    read_store,
    ring,
    save_trust,
)
from smartclause.evidence.trust_changes import check_change
from smartclause.evidence.trust_history import (
    Compared,
    TrustHistory,
    compared,
    history_bytes,
    is_history,
    next_version,
    open_version,
    read_history,
    read_version,
    signatures_missing,
    signed_version,
)
from smartclause.logic.counting import Instant
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import unfit

Change = Callable[[TrustStore | None, str], Mapping[str, object]]
"""From the store as it is, and the instant from which a change counts: the members of the store that change."""


def draft_path(store: Path) -> Path:
    return store.with_name(f"{store.name}.next")


def history_of(store: Path, root: str | None = None, version: int | None = None) -> TrustHistory | None:
    """None if there is no such file, or if it is a list. Raises EvidenceError."""
    if not store.exists():
        return None
    content = read_limited(store, MAX_TRUST_HISTORY)
    return read_history(content, store.name, root, version) if is_history(content) else None


def draft_of(store: Path) -> TrustStore | None:
    """The version that waits for signatures. Raises EvidenceError."""
    path = draft_path(store)
    if not path.exists():
        return None
    content = read_limited(path, 2 * MAX_TRUST_STORE)
    if is_history(content):
        return open_version(content.rstrip(b"\n"), path.name)[1]
    return read_store(content.rstrip(b"\n"), path.name)


def changed(store: Path, change: Change, now: Instant) -> TrustStore:
    """The new version: the list itself, or the draft. Signatures that a draft had are gone with the change.

    Raises EvidenceError, VerbError VB12.
    """
    history, draft = history_of(store), draft_of(store)
    try:
        if history is None and draft is None:
            return _changed_list(store, change, now)
        return _drafted(store, history, draft, change, now)
    except ValidationError as error:
        raise unfit(error, TrustStore, str(store), "trust store") from None


def _changed_list(store: Path, change: Change, now: Instant) -> TrustStore:
    old = load_trust(store) if store.exists() else None
    members = {"keys": (), "issuers": ()} if old is None else {"keys": old.keys, "issuers": old.issuers}
    place = {"version": 1} if old is None else {"version": old.version + 1, "previous": digest_of(old)}
    new = TrustStore.model_validate({**members, **change(old, timestamp(now)), **place})
    save_trust(new, store)
    return new


def _drafted(
    store: Path, history: TrustHistory | None, draft: TrustStore | None, change: Change, now: Instant
) -> TrustStore:
    base = draft if draft is not None else None if history is None else history.newest
    issued = timestamp(now) if draft is None or draft.issued is None else draft.issued
    members = {} if base is None else {name: getattr(base, name) for name in ("keys", "issuers", "root")}
    new = next_version(history, {**members, **change(base, timestamp(now))}, issued)
    if history is not None:
        check_change(history.newest, new, draft_path(store).name)
    ring(new)
    write_whole(draft_path(store), canonical(new) + b"\n")
    return new


# ---- the root


def found(
    store: Path, keys: tuple[PublicKey, ...], threshold: int, now: Instant, begin_with: Path | None = None
) -> TrustStore:
    """A draft with these root keys: of version 1, with the keys of a list where one is given, or of the next version.

    Raises EvidenceError, VerbError VB12.
    """
    if store.exists() and history_of(store) is None:
        raise EvidenceError("EV19", name=store.name, reason="it exists already")
    begun = store.exists() or draft_path(store).exists()
    first = None if begun or begin_with is None else load_trust(begin_with)

    def change(base: TrustStore | None, _now: str) -> Mapping[str, object]:
        known = base or first
        records = {} if known is None else {r.id: r for r in known.keys}
        for key in keys:
            records.setdefault(key.id, key_record(key, ROOT, timestamp(now), roles=(ROOT,)))
        role = RootRole(threshold=threshold, keys=tuple(sorted({key.id for key in keys})))
        issuers = () if known is None else known.issuers
        return {"root": role, "keys": tuple(records[i] for i in sorted(records)), "issuers": issuers}

    try:
        return _drafted(store, history_of(store), draft_of(store), change, now)
    except ValidationError as error:
        raise unfit(error, TrustStore, str(store), "trust store") from None


# ---- signing


@dataclass(frozen=True, slots=True)
class DraftSigned:
    """`there` of `needed` signatures; the version is the newest of the history once none is missing."""

    store: TrustStore
    there: int
    needed: int

    @property
    def is_whole(self) -> bool:
        return self.there >= self.needed


def sign_draft(store: Path, key: SigningKey) -> DraftSigned:
    """Raises EvidenceError, VerbError VB11, VB45."""
    path = draft_path(store)
    if not path.exists():
        raise VerbError("VB11", str(store), what="version to sign", option="keys trust, keys revoke …")
    history, draft = history_of(store), draft_of(store)
    assert draft is not None
    before = None if history is None else history.versions[-1]
    roots = [r for r in (draft.root, None if before is None else before.store.root) if r is not None]
    if not any(key.id in root.keys for root in roots):
        raise VerbError("VB45", str(path), key=key.id)
    sealed = signed_version(read_limited(path, 2 * MAX_TRUST_STORE), key)
    envelope, _ = open_version(sealed, path.name)
    missing = signatures_missing(envelope, draft, None if before is None else before.store, path.name)
    if missing is not None:
        write_whole(path, sealed + b"\n")
        return DraftSigned(draft, *missing)
    read_version(sealed, before, path.name)
    lines = read_limited(store, MAX_TRUST_HISTORY).splitlines() if store.exists() else []
    write_whole(store, history_bytes([*lines, sealed]))
    path.unlink()
    needed = max(root.threshold for root in roots)
    return DraftSigned(draft, needed, needed)


# ---- reading


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """`compared` with what was seen before; None if nothing was given to compare."""

    history: TrustHistory
    compared: Compared | None = None

    @property
    def holds(self) -> bool:
        return self.compared is None or not (self.compared.is_rolled_back or self.compared.forked_at)


def read(store: Path, *, root: str | None = None, version: int | None = None, seen: Path | None = None) -> HistoryRead:
    """Raises EvidenceError; EV24 for a list that no root signed."""
    history = _needed(store, root, version)
    return HistoryRead(history, None if seen is None else compared(history, _needed(seen, None, None)))


def _needed(path: Path, root: str | None, version: int | None) -> TrustHistory:
    content = read_limited(path, MAX_TRUST_HISTORY)
    if not is_history(content):
        raise EvidenceError("EV24", path.name)
    return read_history(content, path.name, root, version)
