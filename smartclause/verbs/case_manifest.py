"""The manifest of a case: an in-toto statement over the digest of every file, in an envelope of the exporter's key."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.envelope import Envelope, base64_text
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.keys import PublicKey, SigningKey, public_key
from smartclause.logic.canonical import dumps
from smartclause.verbs.case_files import MANIFEST
from smartclause.verbs.case_forms import Digests, Exporter, Manifest, ManifestPredicate, Subject

MAX_MANIFEST = 2**26


@dataclass(frozen=True, slots=True)
class OpenedManifest:
    manifest: Manifest
    key: PublicKey
    content: bytes

    @property
    def digests(self) -> Mapping[str, str]:
        return {s.name: f"sha256:{s.digest.sha256}" for s in self.manifest.subject}


def write_manifest(digests: Mapping[str, str], predicate: ManifestPredicate, key: SigningKey) -> bytes:
    subjects = (
        Subject(name=name, digest=Digests(sha256=digests[name].removeprefix("sha256:"))) for name in sorted(digests)
    )
    manifest = Manifest(subject=tuple(subjects), predicate=predicate)
    return envelopes.seal(canonical(manifest), [key], Manifest.PAYLOAD_TYPE) + b"\n"


def read_manifest(content: bytes) -> OpenedManifest:
    """Signed by the key that it names, which says nothing yet about whose key that is.

    Raises EvidenceError EV01-EV08 with the place in the manifest.
    """
    try:
        if not content.endswith(b"\n"):
            raise EvidenceError("EV01", reason="the text is not in canonical form")
        envelope = envelopes.read(content[:-1], MAX_MANIFEST)
        refuse_other_spelling(envelope, content[:-1])
        manifest = read_form(Manifest, envelope.body)
        key = exporting_key(manifest.predicate.exporter)
        verified = envelopes.check(envelope, {key.id: key}, Manifest.PAYLOAD_TYPE)
        if verified.unknown:
            raise EvidenceError("EV05", key=verified.unknown[0])
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{MANIFEST} {error.place}".strip(), **error.values) from None
    return OpenedManifest(manifest, key, content)


def exporting_key(exporter: Exporter) -> PublicKey:
    """Raises EvidenceError EV07."""
    key = public_key(base64.b64decode(exporter.public_key), exporter.algorithm)
    if key.id != exporter.key:
        raise EvidenceError("EV07", reason="the key number is not the hash of the key")
    return key


def refuse_other_spelling(envelope: Envelope, content: bytes) -> None:
    """Of one envelope one spelling, so that every change of a byte shows. Raises EvidenceError EV01."""
    signatures = [{"keyid": s.key, "sig": base64_text(s.sig)} for s in envelope.signatures]
    members = {"payload": base64_text(envelope.body), "payloadType": envelope.payload_type, "signatures": signatures}
    if dumps(members) != content:
        raise EvidenceError("EV01", reason="the text is not in canonical form")
