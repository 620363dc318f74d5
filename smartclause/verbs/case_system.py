"""What made a case: program, versions, settings, and a test of its own arithmetic on published examples."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Literal

from pydantic import Field

from smartclause.evidence.forms import Digest, Form, Instant
from smartclause.evidence.keys import public_key, verify
from smartclause.evidence.merkle import EMPTY_ROOT
from smartclause.logic.canonical import dumps
from smartclause.logic.counting import zone_edition
from smartclause.verbs.case_forms import Case

LIBRARIES = ("cryptography", "jinja2", "pydantic", "tzdata")

# RFC 8032, 7.1, test 1: the signature of the empty message.
_PUBLIC = "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
_SIGNATURE = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
    "655141438e7a100b"
)
_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, of "abc"
_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # RFC 6962, 2.1: the empty tree


class SelfTest(Form):
    name: str
    holds: bool


class Library(Form):
    name: str
    version: str


class System(Form):
    """What the program can state of itself. Clock, access and backups people must state: see papers/."""

    edition: Literal["system 1"] = "system 1"
    program: Annotated[str, Field(max_length=100)]
    engine: Digest
    exported: Instant
    python: str
    system: str
    libraries: tuple[Library, ...]
    zones: str
    settings: dict[str, str]
    self_test: tuple[SelfTest, ...]


def system_of(case: Case) -> System:
    """Machine-dependent: the same case on another machine states another system."""
    return System(
        program=case.version,
        engine=case.engine,
        exported=case.exported,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        libraries=tuple(Library(name=name, version=_version(name)) for name in LIBRARIES),
        zones=zone_edition(),
        settings={"closed": "yes" if case.closed else "no", "at": case.at or "", "signed_at": case.signed_at or ""},
        self_test=tuple(_self_test()),
    )


def _self_test() -> Iterator[SelfTest]:
    key = public_key(bytes.fromhex(_PUBLIC), "ed25519")
    signature = bytes.fromhex(_SIGNATURE)
    yield SelfTest(name="Ed25519, RFC 8032 7.1 test 1, is accepted", holds=verify(key, b"", signature))
    yield SelfTest(name="the same signature under another message is refused", holds=not verify(key, b"a", signature))
    yield SelfTest(name="SHA-256 of abc, FIPS 180-4", holds=sha256(b"abc").hexdigest() == _ABC)
    yield SelfTest(name="empty tree, RFC 6962 2.1", holds=EMPTY_ROOT.hex() == _EMPTY)
    canonical = dumps({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    yield SelfTest(name="canonical JSON, RFC 8785 3.2", holds=canonical)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
