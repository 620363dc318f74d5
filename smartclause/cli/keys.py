"""Commands for keys: make, trust, revoke, list, and those of `trust`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.options import (
    FILE,
    INSTANT,
    format_option,
    lang_option,
    passphrase,
    passphrase_option,
)
from smartclause.cli.output import STANDINGS, answer, pick, say
from smartclause.cli.trust import CHAIN, chain_of, print_change
from smartclause.cli.trust import COMMANDS as OF_TRUST
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.evidence.forms import Identity


@click.group()
def keys() -> None:
    """Keys of parties and roles, and the trust store that says whose they are."""


@keys.command("make")
@click.argument("file", type=FILE)
@click.option(
    "--algorithm",
    type=click.Choice(["ed25519", "ecdsa-p256-sha256"]),
    default="ed25519",
    show_default=True,
    help="The kind of key.",
)
@passphrase_option
@format_option
@lang_option
def make_(file: Path, algorithm: str, passphrase_file: Path | None, form: str, lang: Lang) -> None:
    """Make a key: FILE is the private key, encrypted; FILE.pub is what others may have.

    \b
    Example:
      smartclause keys make provider.key
      smartclause keys make trainer.key
      smartclause keys make ledger.key
      smartclause keys make root-1.key
      smartclause keys make root-2.key
      smartclause keys make trainer-2.key
      smartclause keys make witness.key
    """
    from smartclause.verbs.answers_evidence import new_key_form
    from smartclause.verbs.keys import make, public_path

    key = make(file, passphrase(passphrase_file, confirm=True), algorithm)  # type: ignore[arg-type]
    if form == "json":
        answer(new_key_form(key, file, public_path(file)))
        return
    say(pick(lang, f"key {key.id}", f"密钥 {key.id}"))
    say(pick(lang, f"public key in {public_path(file)}", f"公钥在 {public_path(file)}"))


@keys.command("trust")
@click.argument("store", type=FILE)
@click.argument("public", type=FILE)
@click.option("--party", required=True, help="The party's name in the contract.")
@click.option("--role", "roles", multiple=True, help="A role in which the key shows facts; may be repeated.")
@click.option("--identity", help="Who the party is in law: NAME,SCHEME,VALUE with scheme uscc, lei, did or other.")
@click.option("--from", "valid_from", help="The key counts from this instant; from now if not given.")
@click.option("--until", "valid_until", help="The key counts until before this instant.")
@click.option(
    "--contract", "contracts", multiple=True, help="Limit to the contract of this document digest; may be repeated."
)
@CHAIN
@format_option
@lang_option
def trust_(
    store: Path,
    public: Path,
    party: str,
    roles: tuple[str, ...],
    identity: str | None,
    valid_from: str | None,
    valid_until: str | None,
    contracts: tuple[str, ...],
    chain: Path | None,
    form: str,
    lang: Lang,
) -> None:
    """Add a public key to the trust store, or change its entry. Check whose it is first.

    \b
    Example:
      smartclause keys trust trust.json provider.key.pub --party A \\
        --identity "Provider Ltd,other,P-1" --from 2026-01-01T00:00:00Z
      smartclause keys trust trust.json trainer.key.pub --party B \\
        --identity "Trainer Ltd,other,T-1" --from 2026-01-01T00:00:00Z
      smartclause keys trust trust.json ledger.key.pub --party ledger --from 2026-01-01T00:00:00Z
    """
    from smartclause.verbs.keys import Person, trust

    person = Person(party, valid_from, _identity(identity), roles, valid_until, contracts or None, chain_of(chain))
    print_change(store, trust(store, public, person), form, lang)


def _identity(text: str | None) -> Identity | None:
    from pydantic import ValidationError

    from smartclause.evidence.forms import Identity
    from smartclause.verbs.fitting import unfit

    if text is None:
        return None
    name, _, rest = text.partition(",")
    scheme, _, value = rest.partition(",")
    try:
        return Identity(name=name.strip(), scheme=scheme.strip(), value=value.strip())  # type: ignore[arg-type]
    except ValidationError as error:
        raise unfit(error, Identity, text, "identity") from None


@keys.command("revoke")
@click.argument("store", type=FILE)
@click.argument("key")
@click.option("--at", type=INSTANT, help="From this instant; now if not given.")
@click.option("--compromised-since", help="Nothing received since this instant is sure.")
@click.option("--declared-by", help="Who declares the compromise; the key's party if not given.")
@format_option
@lang_option
def revoke_(
    store: Path, key: str, at: int | None, compromised_since: str | None, declared_by: str | None, form: str, lang: Lang
) -> None:
    """End the trust in a key. KEY is its number or public key file.

    With --compromised-since nothing that was received from then on is sure, and what was received before stays.

    \b
    Example:
      smartclause keys revoke trust.json KEY --at 2099-01-01T00:00:00Z
    """
    from smartclause.verbs.keys import revoke

    new = revoke(store, key, at, compromised_since=compromised_since, declared_by=declared_by)
    print_change(store, new, form, lang)


@keys.command("list")
@click.argument("store", type=FILE)
@format_option
@lang_option
def list_(store: Path, form: str, lang: Lang) -> None:
    """List the keys of a trust store with their standing now.

    \b
    Example:
      smartclause keys list trust.json
    """
    from smartclause.evidence.ledger import system_clock
    from smartclause.evidence.trust import load_trust
    from smartclause.verbs.answers_evidence import keys_form
    from smartclause.verbs.keys import listed

    found = listed(load_trust(store), system_clock())
    if form == "json":
        answer(keys_form(found))
        return
    for record, standing in sorted(found, key=lambda f: (f[0].party, f[0].valid_from, f[0].id)):
        roles = f" ({', '.join(record.roles)})" if record.roles else ""
        say(f"{record.id}  {record.party}{roles}  {pick(lang, standing.value, STANDINGS[standing.value])}")


for command in OF_TRUST:
    keys.add_command(command)

COMMANDS = (keys,)
