"""`vault`: keep what opens withheld facts, hand out part of it, and erase a subject's part for ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from smartclause.evidence import envelope as envelopes
from smartclause.evidence import vault as vaults
from smartclause.evidence.disclosure import (
    MAX_DISCLOSURES,
    Disclosure,
    disclosure_lines,
    read_disclosures,
)
from smartclause.evidence.files import PRIVATE, read_limited, write_whole
from smartclause.evidence.forms import canonical, read_form, timestamp
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.redaction import RedactedFact, Redaction
from smartclause.evidence.vault import Held
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import unfit


def make(path: Path, passphrase: str) -> None:
    """A new, empty vault. Raises EvidenceError EV19, EV31."""
    vaults.create_vault(path, passphrase)


def keep(path: Path, passphrase: str, file: Path, subject: str) -> int:
    """How many disclosures of the file were added for the subject. Raises EvidenceError EV01, EV08, EV31."""
    given = read_disclosures(read_limited(file, MAX_DISCLOSURES), file.name)
    with vaults.open_vault(path, passphrase) as vault:
        return vaults.keep(vault, subject, given)


def held(path: Path, passphrase: str, *, event: str | None = None, subject: str | None = None) -> tuple[Held, ...]:
    """Raises EvidenceError EV19, EV31."""
    with vaults.open_vault(path, passphrase) as vault:
        return vaults.held(vault, event=event, subject=subject)


def disclose(
    path: Path,
    passphrase: str,
    *,
    event: str | None = None,
    subject: str | None = None,
    names: Collection[str] = (),
) -> tuple[Disclosure, ...]:
    """What opens the facts asked for; `names` empty: all of them. Raises EvidenceError EV31, VerbError VB41."""
    with vaults.open_vault(path, passphrase) as vault:
        wanted = [h for h in vaults.held(vault, event=event, subject=subject) if not names or h.name in names]
        found = tuple(vaults.take_out(vault, wanted))
    if not found:
        raise VerbError("VB41", path.name, what=event or subject or ", ".join(names) or "-")
    return found


def write_disclosures(given: tuple[Disclosure, ...], path: Path) -> None:
    """Readable by its owner only. Raises EvidenceError EV19."""
    write_whole(path, disclosure_lines(given), PRIVATE)


@dataclass(frozen=True, slots=True)
class Erased:
    redaction: Redaction
    envelope: bytes


def erase(
    path: Path,
    passphrase: str,
    subject: str,
    *,
    ground: str,
    by: str,
    key: SigningKey,
    clock: Clock = system_clock,
) -> Erased:
    """Destroys the subject's key, and says so over the signature of who did it.

    Raises EvidenceError EV19, EV31, VerbError VB12, VB41.
    """
    with vaults.open_vault(path, passphrase) as vault:
        if not any(not h.erased for h in vaults.held(vault, subject=subject)):
            raise VerbError("VB41", path.name, what=subject)

        def recorded(facts: tuple[RedactedFact, ...]) -> bytes:
            redaction = Redaction(by=by, at=timestamp(clock()), subject=subject, ground=ground, facts=facts)
            return envelopes.seal(canonical(redaction), [key], Redaction.PAYLOAD_TYPE)

        try:
            vaults.erase(vault, subject, recorded)
        except ValidationError as error:  # before anything was destroyed
            raise unfit(error, Redaction, path.name, "redaction record") from None
        envelope = vaults.redactions(vault)[-1]
    return Erased(read_form(Redaction, envelopes.read(envelope).body), envelope)


def redactions(path: Path, passphrase: str) -> tuple[bytes, ...]:
    """Envelopes of all redaction records, oldest first. Raises EvidenceError EV19, EV31."""
    with vaults.open_vault(path, passphrase) as vault:
        return vaults.redactions(vault)


def pseudonym(path: Path, passphrase: str, name: str) -> str:
    """Raises EvidenceError EV19, EV31."""
    with vaults.open_vault(path, passphrase) as vault:
        return vaults.pseudonym(vault, name)
