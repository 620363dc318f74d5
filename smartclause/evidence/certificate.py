"""What a certificate says, as plain data, whoever read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certificate:
    """`since` and `until`, both included, in microseconds since 1970; names and `key` in DER.

    `signs` and `issues`: what its key is for, true of one that does not limit its use; `purposes` are dotted numbers,
    None if there is no limit. The rest are the numbers of the person named, in each place where one may stand.
    """

    der: bytes
    issuer: bytes
    subject: bytes
    key: bytes
    since: int
    until: int
    is_authority: bool
    path_length: int | None
    signs: bool
    issues: bool
    purposes: frozenset[str] | None
    serials: frozenset[str]
    organizations: frozenset[str]
    uris: frozenset[str]
    leis: frozenset[str]
