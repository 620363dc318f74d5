"""Answers about signed trust stores and certificates as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from smartclause.evidence.forms import Count, Digest, Form, Instant, Name
from smartclause.evidence.keys import KeyId
from smartclause.evidence.role_certificates import RoleCertificate
from smartclause.evidence.trust_history import changes
from smartclause.verbs.answers_error import Shown
from smartclause.verbs.trust_drafts import DraftSigned, HistoryRead


class TrustSigningForm(Form):
    """A version of a trust store after one more root key signed. `whole`: it is now the newest of the history."""

    edition: Literal["trust signing 1"] = "trust signing 1"
    file: Shown
    version: Count
    key: Digest
    signatures: Count
    needed: Count
    whole: bool


class TrustVersionForm(Form):
    """`new` and `changed` are keys, against the version before."""

    version: Count
    digest: Digest
    issued: Instant
    threshold: Count
    root: Annotated[tuple[Digest, ...], Field(description="Root keys of this version.")]
    signed_by: tuple[Digest, ...]
    new: tuple[Digest, ...]
    changed: tuple[Digest, ...]


class TrustHistoryForm(Form):
    """A signed trust store, verified. Against one seen before: by how many versions it is newer, or where they part."""

    edition: Literal["trust history 1"] = "trust history 1"
    holds: bool
    root: Annotated[Digest, Field(description="Digest of version 1.")]
    newer_by: int | None = None
    forked_at: Count | None = None
    versions: tuple[TrustVersionForm, ...]


class CertifiedForm(Form):
    """A role certificate that an authority signed, written to `file`."""

    edition: Literal["certified 1"] = "certified 1"
    file: Shown
    key: Digest
    authority: Digest
    roles: tuple[Name, ...]


def trust_signing_form(found: DraftSigned, key: KeyId, path: Path) -> TrustSigningForm:
    return TrustSigningForm(
        file=str(path), version=found.store.version, key=key, signatures=found.there, needed=found.needed,
        whole=found.is_whole,
    )  # fmt: skip


def trust_history_form(found: HistoryRead) -> TrustHistoryForm:
    versions = []
    for version, (store, new, changed) in zip(found.history.versions, changes(found.history), strict=True):
        assert store.root is not None
        assert store.issued is not None
        versions.append(
            TrustVersionForm(
                version=store.version, digest=version.digest, issued=store.issued, threshold=store.root.threshold,
                root=store.root.keys, signed_by=version.signed_by, new=new, changed=changed,
            )
        )  # fmt: skip
    beside = found.compared
    return TrustHistoryForm(
        holds=found.holds,
        root=found.history.founded,
        newer_by=None if beside is None or beside.forked_at is not None else beside.newer_by,
        forked_at=None if beside is None else beside.forked_at,
        versions=tuple(versions),
    )


def certified_form(certificate: RoleCertificate, path: Path) -> CertifiedForm:
    return CertifiedForm(file=str(path), key=certificate.key, authority=certificate.authority, roles=certificate.roles)
