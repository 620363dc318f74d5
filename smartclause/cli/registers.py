"""Commands for the register: add, show, why."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import (
    FILE,
    INSTANT,
    folders_option,
    format_option,
    key_options,
    lang_option,
    passphrase,
    trust_option,
)
from smartclause.cli.output import Exit, answer, counted, pick, say
from smartclause.evidence.errors import Lang


@click.group()
def register() -> None:
    """Under which contracts each asset stands, since when: the keeper's dated, signed file."""


@register.command("add")
@click.argument("file", type=FILE)
@click.argument("asset")
@click.option("--under", default="", help='Members and their combination: "(a or b) and c"; nothing if not given.')
@click.option("--since", required=True, help="From this instant.")
@click.option("--member", "members", type=FILE, multiple=True, help="A contract or pack to list; may be repeated.")
@click.option(
    "--party",
    "parties",
    multiple=True,
    help="MEMBER.PARTY=NAME: what a member's party is called here; may be repeated.",
)
@click.option("--keeper", required=True, help="The party that keeps the register; the key is its own.")
@key_options
@trust_option
@folders_option
@format_option
@lang_option
def add_(
    file: Path, asset: str, under: str, since: str, members: tuple[Path, ...], parties: tuple[str, ...], keeper: str,
    key: Path, passphrase_file: Path | None, trust: Path | None, folders: tuple[Path, ...], form: str,
    lang: Lang,
) -> None:  # fmt: skip
    """Say what an asset stands under from an instant on, and sign the register.

    \b
    Example:
      smartclause register add register.json voices --under voice --member voice.json \\
        --since 2026-01-01T00:00:00Z --keeper A --key provider.key --trust trust.json
    """
    from smartclause.verbs.answers_evidence import register_change_form
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.register import Addition, add

    addition = Addition(asset, since, under, _renamed(parties))
    signer = open_key(key, passphrase(passphrase_file))
    new = add(file, addition, members, signer, keeper=keeper, trust=trust, folders=folders)
    if form == "json":
        answer(register_change_form(new, file))
        return
    say(
        pick(
            lang,
            f"{file}: {counted(len(new.entries), 'entry', 'entries')}, dated {new.dated}",
            f"{file}：{len(new.entries)}条，日期{new.dated}",
        )
    )


def _renamed(parties: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in parties:
        old, equals, new = text.partition("=")
        member, dot, party = old.partition(".")
        if not (equals and dot and member and party and new):
            raise click.BadParameter(f"`{text}` is not of the form MEMBER.PARTY=NAME", param_hint="--party")
        found.setdefault(member, {})[party] = new
    return found


@register.command("show")
@click.argument("file", type=FILE)
@trust_option
@format_option
@lang_option
def show_(file: Path, trust: Path | None, form: str, lang: Lang) -> None:
    """Show the register, after its signature was verified.

    \b
    Example:
      smartclause register show register.json --trust trust.json
    """
    from smartclause.verbs.register import show, spelled

    found = show(file, trust=trust)
    if form == "json":
        answer(found.register)
        return
    say(pick(lang, f"kept by {found.register.keeper}, dated {found.register.dated}",
             f"保管人{found.register.keeper}，日期{found.register.dated}"))  # fmt: skip
    for member in found.register.members:
        say(f"  {member.name} {member.document_digest}")
    for entry in found.register.entries:
        say(f"  {entry.asset}  {entry.since}  {spelled(entry.under) or '-'}")


@register.command("why")
@click.argument("file", type=FILE)
@click.argument("asset")
@click.option("--at", type=INSTANT, help="At this instant; now if not given.")
@trust_option
@format_option
@lang_option
def why_(file: Path, asset: str, at: int | None, trust: Path | None, form: str, lang: Lang) -> None:
    """Say what an asset stands under, and by which entry. Ends with 3 if it is not registered.

    \b
    Example:
      smartclause register why register.json voices --trust trust.json
    """
    from smartclause.verbs.answers_evidence import stands_under_form
    from smartclause.verbs.register import spelled, why

    found = why(file, asset, trust=trust, at=at)
    under = spelled(found.entry.under) if found.entry is not None else ""
    if form == "json":
        answer(stands_under_form(found))
    elif found.entry is None or not under:
        say(
            pick(
                lang,
                f"{asset} stands under nothing: every use of it is undecided",
                f"{asset}未登记：对其任何使用均暂不准许",
            )
        )
    else:
        say(pick(lang, f"{asset} stands under {under} since {found.entry.since}",
                 f"{asset}自{found.entry.since}起受{under}约束"))  # fmt: skip
        for member in found.members:
            say(f"  {member.name} {member.document_digest}")
    raise click.exceptions.Exit(Exit.YES if under else Exit.UNDECIDED)


COMMANDS = (register,)
