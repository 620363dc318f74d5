"""Commands that sign and that say who signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.options import (
    FILE,
    FOLDER,
    disclosures_option,
    folders_option,
    format_option,
    key_options,
    lang_option,
    passphrase,
    trust_option,
)
from smartclause.cli.output import STANDINGS, Exit, answer, counted, pick, say, write
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.verify import Verification


@click.group()
def sign() -> None:
    """Sign a contract as a party, events as their issuer, or an event as the role that shows its facts."""


@sign.command("contract")
@click.argument("compiled", type=FILE)
@key_options
@click.option("--parties", type=FILE, help="First signature: JSON with parties, identities, keys and roles.")
@trust_option
@click.option("-o", "--out", type=FILE, help="Where to write; the file itself if not given.")
@format_option
@lang_option
def contract_(
    compiled: Path, key: Path, passphrase_file: Path | None, parties: Path | None, trust: Path | None,
    out: Path | None, form: str, lang: Lang,
) -> None:  # fmt: skip
    """Add one party's signature to a compiled contract.

    With --trust a party may sign with a key that replaces one of the statement.

    The first signature makes the statement that all sign: who the parties are, which keys sign for them and
    which keys show facts in a role. It comes from --parties, or from the trust store.

    \b
    Example:
      smartclause sign contract voice.json --key provider.key --trust trust.json
      smartclause sign contract voice.json --key trainer.key
    """
    from smartclause.verbs.answers_evidence import contract_signing_form
    from smartclause.verbs.bundle import read_bundle, write_bundle
    from smartclause.verbs.inputs import open_trust
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.sign import sign_contract, signing_file

    bundle = read_bundle(compiled)
    who = signing_file(bundle, parties, trust)
    signer = open_key(key, passphrase(passphrase_file))
    signed = sign_contract(bundle, signer, who, str(parties or ""), open_trust(trust))
    write_bundle(signed, out or compiled)
    if form == "json":
        answer(contract_signing_form(signed.document, signer.id, out or compiled))
        return
    say(pick(lang, f"signed {signed.document}", f"已签署 {signed.document}"))


@sign.command("event")
@click.argument("contract", type=FILE)
@click.argument("events", type=FILE)
@key_options
@click.option("--ledger", type=FILE, required=True, help="The ledger for which the events are numbered.")
@click.option("--after", type=FILE, help="Envelopes already signed and not yet recorded; the last one is continued.")
@click.option("--withhold", multiple=True, help="Sign a salted commitment in place of this fact; may be repeated.")
@click.option("--disclosures", type=FILE, help="Where to write what opens the withheld facts.")
@click.option("-o", "--out", type=FILE, help="Where to write the envelopes, one on each line.")
@folders_option
@format_option
@lang_option
def event_(
    contract: Path, events: Path, key: Path, passphrase_file: Path | None, ledger: Path, after: Path | None,
    withhold: tuple[str, ...], disclosures: Path | None, out: Path | None, folders: tuple[Path, ...], form: str,
    lang: Lang,
) -> None:  # fmt: skip
    """Sign events, given as JSON on one line each, as their issuer.

    \b
    Example:
      smartclause sign event voice.json incident.json --key provider.key --ledger ledger.db -o incident.signed
      smartclause sign event voice.json use.json --key trainer.key --ledger ledger.db -o use.signed
      smartclause sign event voice.json use.json --key trainer.key --ledger ledger.db -o use.signed \\
        --withhold purpose --disclosures use.disclosures
    """
    from smartclause.evidence.ledger import system_clock
    from smartclause.verbs.answers_evidence import signing_form
    from smartclause.verbs.errors import VerbError
    from smartclause.verbs.inputs import open_contract
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.ledger import place_after
    from smartclause.verbs.sign import sign_withholding
    from smartclause.verbs.sources import lines_of
    from smartclause.verbs.vault import write_disclosures

    signer = open_key(key, passphrase(passphrase_file))
    where = place_after(ledger, signer.id, after)
    if withhold and disclosures is None:
        raise VerbError("VB11", what="file for what opens the withheld facts", option="--disclosures FILE")
    sealed, opening = sign_withholding(
        open_contract(contract, folders), lines_of(events), signer, where, system_clock(), withhold, str(events)
    )
    if disclosures is not None:  # before the envelopes: what was signed can always be opened
        write_disclosures(opening, disclosures)
    if out is not None or form == "text":
        write(b"".join(envelope + b"\n" for envelope in sealed), out)
    if form == "json":
        answer(signing_form("event", sealed, signer.id, out))
    elif out is not None:
        say(pick(lang, f"signed {counted(len(sealed), 'event')}", f"已签署{len(sealed)}个事件"))


@sign.command("also")
@click.argument("envelopes", type=FILE)
@key_options
@disclosures_option
@click.option("-o", "--out", type=FILE, help="Where to write; the file itself if not given.")
@format_option
@lang_option
def also_(
    envelopes: Path, key: Path, passphrase_file: Path | None, disclosures: Path | None, out: Path | None, form: str,
    lang: Lang,
) -> None:  # fmt: skip
    """Add a signature to envelopes, one on each line: so a role shows the facts it must show.

    Whoever signs shows the withheld facts too, and must have them opened: signed unseen, they could say anything.

    \b
    Example:
      smartclause sign also use.signed --key provider.key --disclosures use.disclosures
    """
    from smartclause.verbs.answers_evidence import signing_form
    from smartclause.verbs.disclosing import open_disclosures
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.sign import sign_also
    from smartclause.verbs.sources import lines_of

    signer = open_key(key, passphrase(passphrase_file))
    signed = sign_also(lines_of(envelopes), signer, open_disclosures(disclosures))
    write(b"".join(envelope + b"\n" for envelope in signed), out or envelopes)
    if form == "json":
        answer(signing_form("envelope", signed, signer.id, out or envelopes))
        return
    say(pick(lang, f"signed {counted(len(signed), 'envelope')}", f"已签署{len(signed)}个信封"))


@sign.command("deposit")
@click.argument("contract", type=FILE)
@key_options
@click.option("--ledger", type=FILE, required=True, help="The ledger for which the events are numbered.")
@click.option("--after", type=FILE, help="Envelopes already signed and not yet recorded; the last one is continued.")
@click.option("-o", "--out", type=FILE, required=True, help="Where to write the envelopes, one on each line.")
@format_option
@lang_option
def deposit_(
    contract: Path, key: Path, passphrase_file: Path | None, ledger: Path, after: Path | None, out: Path, form: str,
    lang: Lang,
) -> None:  # fmt: skip
    """Sign the deposit of a contract: once recorded, it shows that all its signatures existed then.

    Signatures go on counting after their keys have ended, if the ledger had received them before.

    \b
    Example:
      smartclause sign deposit voice.json --key provider.key --ledger ledger.db -o deposit.signed
    """
    from smartclause.evidence.ledger import system_clock
    from smartclause.verbs.answers_evidence import signing_form
    from smartclause.verbs.bundle import read_bundle
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.ledger import place_after
    from smartclause.verbs.sign import deposit_of, sign_events

    signer = open_key(key, passphrase(passphrase_file))
    where = place_after(ledger, signer.id, after)
    bundle = read_bundle(contract)
    sealed = sign_events(bundle, [deposit_of(bundle)], signer, where, system_clock(), str(contract))
    write(b"".join(envelope + b"\n" for envelope in sealed), out)
    if form == "json":
        answer(signing_form("event", sealed, signer.id, out))
    else:
        say(pick(lang, f"{out}: deposit of {bundle.document}", f"{out}：交存 {bundle.document}"))


@click.command()
@click.argument("file", type=FILE)
@trust_option
@click.option("--sources", type=FOLDER, help="The folder with the clause files, to compare their digests too.")
@click.option("--ledger", type=FILE, help="A ledger that may hold a deposit of the contract.")
@format_option
@lang_option
def verify(file: Path, trust: Path | None, sources: Path | None, ledger: Path | None, form: str, lang: Lang) -> None:
    """Say who signed a contract, an event or a register, and what is missing.

    \b
    Example:
      smartclause verify voice.json --trust trust.json --sources .
      smartclause verify use.signed --trust trust.json
    """
    from smartclause.verbs.answers_evidence import verification_form
    from smartclause.verbs.verify import verify as verb

    found = verb(file, trust=trust, sources=sources, ledger=ledger)
    if form == "json":
        answer(verification_form(found))
    else:
        _print(found, lang)
    raise click.exceptions.Exit(Exit.YES if found.holds else Exit.NO)


def _print(found: Verification, lang: Lang) -> None:
    say(pick(lang, f"{found.kind} {found.digest}", f"{KINDS[found.kind]} {found.digest}"))
    for signer in found.signers:
        whose = signer.party or pick(lang, "unknown key, signature not checked", "未知密钥，签名未核验")
        how = pick(lang, signer.standing.value, STANDINGS[signer.standing.value])
        say(pick(lang, f"  signed by {whose} ({how}) {signer.key}", f"  签署：{whose}（{how}）{signer.key}"))
    for source in found.sources:
        fits = {None: pick(lang, "not compared", "未比对"), True: pick(lang, "fits", "相符"),
                False: pick(lang, "differs", "不符")}[source.fits]  # fmt: skip
        say(pick(lang, f"  source {source.name}: {fits}", f"  源文件 {source.name}：{fits}"))
    if found.recompiles is not None:
        fits = pick(lang, "give", "可得出") if found.recompiles else pick(lang, "do not give", "不能得出")
        say(pick(lang, f"  the sources {fits} the document that was signed", f"  源文件{fits}所签署的文件"))
    if found.missing:
        say(pick(lang, f"missing: {', '.join(found.missing)}", f"尚缺：{'、'.join(found.missing)}"), "bold red")


KINDS = {"contract": "合同", "event": "事件", "register": "登记册", "contract statement": "合同声明"}

COMMANDS = (sign, verify)
