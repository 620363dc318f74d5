"""X.509 chains of keys: in which spans of time they show a key to be a person's (RFC 5280, section 6).

The library's own path checker admits no Ed25519 key, so the path is checked here; the library checks the names and
signatures of each step. What is not understood does not hold.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from smartclause.evidence import certificates
from smartclause.evidence.certificate import Certificate
from smartclause.evidence.certificates import certificates_in as certificates_in

MAX_STEPS = 6  # certificates between a key and the issuer that the store accepts
MAX_CHECKS = 64  # signatures looked at for one chain, whatever it holds

Window: TypeAlias = tuple[int, int]
"""First and last instant, both included, in microseconds since 1970."""

_SIGNING = {
    "2.5.29.37.0",  # any purpose
    "1.3.6.1.5.5.7.3.2",  # client authentication
    "1.3.6.1.5.5.7.3.4",  # email protection
    "1.3.6.1.5.5.7.3.36",  # document signing, RFC 9336
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An issuer's certificate, in DER as base64, accepted from `since` (included) to `until` (excluded)."""

    certificate: str
    since: int
    until: int | None = None


@lru_cache(maxsize=1024)
def windows(
    chain: tuple[str, ...], key: bytes, scheme: str, value: str, accepted: tuple[Acceptance, ...]
) -> tuple[Window, ...]:
    """When a certificate of `chain` shows the SubjectPublicKeyInfo `key` to be that of the identity named."""
    given = [c for text in chain if (c := _read(text)) is not None]
    ends = [(c, a) for a in accepted if (c := _read(a.certificate)) is not None]
    search = _Search(given, ends)
    own = [c for c in given if c.key == key and _signs(c) and value in _identities(c, scheme)]
    return tuple(dict.fromkeys(window for c in own for window in search.upwards(c, (), _validity(c))))


@dataclass
class _Search:
    """All paths from a certificate to an accepted issuer, within a bounded number of looks."""

    given: list[Certificate]
    accepted: list[tuple[Certificate, Acceptance]]
    left: int = field(default=MAX_CHECKS)

    def upwards(self, here: Certificate, below: tuple[Certificate, ...], span: Window) -> Iterator[Window]:
        if span[0] > span[1] or len(below) >= MAX_STEPS:
            return
        for issuer, acceptance in self.accepted:
            if self._issued(here, issuer, len(below)):
                until = span[1] if acceptance.until is None else acceptance.until - 1
                found = _common(span, _validity(issuer), (acceptance.since, until))
                if found[0] <= found[1]:
                    yield found
        for issuer in self.given:
            if issuer not in (here, *below) and self._issued(here, issuer, len(below)):
                yield from self.upwards(issuer, (*below, here), _common(span, _validity(issuer)))

    def _issued(self, subject: Certificate, issuer: Certificate, authorities_below: int) -> bool:
        """`authorities_below`: issuers between the key's own certificate and this one."""
        if subject.issuer != issuer.subject or not _issues(issuer, authorities_below) or self.left <= 0:
            return False
        self.left -= 1
        return certificates.is_signed_by(subject, issuer)


def _common(*spans: Window) -> Window:
    return max(s for s, _ in spans), min(u for _, u in spans)


def _read(text: str) -> Certificate | None:
    try:
        return certificates.read_certificate(base64.b64decode(text, validate=True))
    except ValueError:
        return None


def _validity(certificate: Certificate) -> Window:
    """RFC 5280, 4.1.2.5: both ends are included."""
    return certificate.since, certificate.until


def _issues(certificate: Certificate, authorities_below: int) -> bool:
    """RFC 5280, 6.1.4 (k) to (n)."""
    if not certificate.is_authority or not certificate.issues:
        return False
    return certificate.path_length is None or authorities_below <= certificate.path_length


def _signs(certificate: Certificate) -> bool:
    """The key's own certificate: of no issuer, and meant for signatures."""
    if certificate.is_authority or not certificate.signs:
        return False
    return certificate.purposes is None or not _SIGNING.isdisjoint(certificate.purposes)


def _identities(certificate: Certificate, scheme: str) -> frozenset[str]:
    """The numbers of the person named, in the places where its scheme is written."""
    match scheme:
        case "uscc":
            return certificate.serials | _after(certificate.organizations, "NTRCN-")  # ETSI EN 319 412-1, 5.1.4
        case "lei":
            return _after(certificate.organizations, "LEIXG-") | certificate.leis
        case "did":
            return certificate.uris
        case _:
            return certificate.serials | certificate.organizations


def _after(texts: Iterable[str], opening: str) -> frozenset[str]:
    return frozenset(text.removeprefix(opening) for text in texts if text.startswith(opening))
