"""Commands about withheld facts: kept in a vault, disclosed in part, erased for ever."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FILE, format_option, key_options, lang_option, passphrase, passphrase_option
from smartclause.cli.output import answer, counted, pick, say, write
from smartclause.evidence.errors import Lang

VAULT_PASSPHRASE = click.option(
    "--vault-passphrase-file", "vault_file", type=FILE,
    help="File with the passphrase of the vault; otherwise as that of keys.",
)  # fmt: skip


@click.group()
def vault() -> None:
    """Withheld facts: what opens them, kept outside the ledger and sealed under one key for each subject."""


@vault.command("make")
@click.argument("vault_", metavar="VAULT", type=FILE)
@passphrase_option
@format_option
@lang_option
def make_(vault_: Path, passphrase_file: Path | None, form: str, lang: Lang) -> None:
    """Begin an empty vault.

    \b
    Example:
      smartclause vault make trainer.vault
    """
    from smartclause.verbs.answers_vault import NewVaultForm
    from smartclause.verbs.vault import make

    make(vault_, passphrase(passphrase_file, confirm=True))
    if form == "json":
        answer(NewVaultForm(file=str(vault_)))
    else:
        say(pick(lang, f"made {vault_}", f"已建立 {vault_}"))


@vault.command("keep")
@click.argument("vault_", metavar="VAULT", type=FILE)
@click.argument("disclosures", type=FILE)
@click.option("--subject", required=True, help="The pseudonym of the person or thing the facts are about.")
@passphrase_option
@format_option
@lang_option
def keep_(vault_: Path, disclosures: Path, subject: str, passphrase_file: Path | None, form: str, lang: Lang) -> None:
    """Seal the disclosures that `sign event --withhold` wrote; delete that file afterwards.

    \b
    Example:
      smartclause vault keep trainer.vault use.disclosures --subject voice-1
    """
    from smartclause.verbs.answers_vault import KeptForm
    from smartclause.verbs.vault import keep

    added = keep(vault_, passphrase(passphrase_file), disclosures, subject)
    if form == "json":
        answer(KeptForm(subject=subject, added=added))
    else:
        say(pick(lang, f"kept {counted(added, 'fact')} of {subject}", f"已存入{subject}的{added}项事实"))


@vault.command("show")
@click.argument("vault_", metavar="VAULT", type=FILE)
@click.option("--event", help="Only facts withheld from the event with this number.")
@click.option("--subject", help="Only facts about this subject.")
@passphrase_option
@format_option
@lang_option
def show_(
    vault_: Path, event: str | None, subject: str | None, passphrase_file: Path | None, form: str, lang: Lang
) -> None:
    """List the facts that are withheld, without their values, and which of them are erased.

    \b
    Example:
      smartclause vault show trainer.vault
    """
    from smartclause.verbs.answers_vault import vault_form
    from smartclause.verbs.vault import held

    found = held(vault_, passphrase(passphrase_file), event=event, subject=subject)
    if form == "json":
        answer(vault_form(found))
        return
    for one in found:
        gone = pick(lang, " (erased)", "（已销毁）") if one.erased else ""
        say(f"{one.event} {one.name} {one.subject}{gone}")
    if not found:
        say(pick(lang, "nothing is withheld", "没有保留的事实"))


@vault.command("disclose")
@click.argument("vault_", metavar="VAULT", type=FILE)
@click.option("--event", help="Only facts withheld from the event with this number.")
@click.option("--subject", help="Only facts about this subject.")
@click.option("--fact", "facts", multiple=True, help="Only this fact; may be repeated.")
@click.option("-o", "--out", type=FILE, help="Where to write the disclosures, one on each line.")
@passphrase_option
@format_option
@lang_option
def disclose_(
    vault_: Path, event: str | None, subject: str | None, facts: tuple[str, ...], out: Path | None,
    passphrase_file: Path | None, form: str, lang: Lang,
) -> None:  # fmt: skip
    """Hand out what opens some withheld facts: whoever has it can read them, and check that they were committed to.

    \b
    Example:
      smartclause vault disclose trainer.vault --subject voice-1 --fact purpose -o shown.disclosures
    """
    from smartclause.evidence.disclosure import disclosure_lines
    from smartclause.verbs.answers_vault import disclosed_form
    from smartclause.verbs.vault import disclose, write_disclosures

    found = disclose(vault_, passphrase(passphrase_file), event=event, subject=subject, names=facts)
    if out is not None:
        write_disclosures(found, out)
    elif form == "text":
        write(disclosure_lines(found), None)
    if form == "json":
        answer(disclosed_form(found, out))
    elif out is not None:
        say(pick(lang, f"disclosed {counted(len(found), 'fact')}", f"已披露{len(found)}项事实"))


@vault.command("erase")
@click.argument("vault_", metavar="VAULT", type=FILE)
@click.argument("subject")
@click.option("--ground", required=True, help="Why, in a few words: the request, the article of law.")
@click.option("--by", required=True, help="The party that erases.")
@key_options
@VAULT_PASSPHRASE
@click.option("-o", "--out", type=FILE, required=True, help="Where to write the signed redaction record.")
@format_option
@lang_option
def erase_(
    vault_: Path, subject: str, ground: str, by: str, key: Path, passphrase_file: Path | None,
    vault_file: Path | None, out: Path, form: str, lang: Lang,
) -> None:  # fmt: skip
    """Destroy the key of a subject: its withheld facts can never be opened again.

    The commitments stay in the ledger, which still verifies; decisions that were kept stand. Erase copies of the
    vault and of disclosures too: no program can do that for you.

    \b
    Example:
      smartclause vault erase trainer.vault voice-1 --ground "request of 2026-05-02, PIPL art. 47" --by B \\
        --key trainer.key -o voice-1.redaction
    """
    from smartclause.verbs.answers_vault import ErasedForm
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.vault import erase

    signer = open_key(key, passphrase(passphrase_file))
    secret = passphrase(vault_file if vault_file is not None else passphrase_file)
    found = erase(vault_, secret, subject, ground=ground, by=by, key=signer)
    write(found.envelope + b"\n", out)
    if form == "json":
        answer(ErasedForm(record=found.redaction, file=str(out)))
        return
    gone = len(found.redaction.facts)
    say(pick(lang, f"erased {counted(gone, 'fact')} of {subject}", f"已销毁{subject}的{gone}项事实"))


@vault.command("pseudonym")
@click.argument("vault_", metavar="VAULT", type=FILE)
@click.argument("name")
@passphrase_option
@format_option
@lang_option
def pseudonym_(vault_: Path, name: str, passphrase_file: Path | None, form: str, lang: Lang) -> None:  # noqa: ARG001
    """The pseudonym of a name: always the same in this vault, and computed by nobody without its passphrase.

    \b
    Example:
      smartclause vault pseudonym trainer.vault "client 4711"
    """
    from smartclause.verbs.answers_vault import PseudonymForm
    from smartclause.verbs.vault import pseudonym

    found = pseudonym(vault_, passphrase(passphrase_file), name)
    if form == "json":
        answer(PseudonymForm(pseudonym=found))
    else:
        say(found)


COMMANDS = (vault,)
