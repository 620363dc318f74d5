"""`monitor`: records as they come, and what changes with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smartclause.cli.options import (
    FILE,
    INSTANT,
    amended_options,
    folders_option,
    lang_option,
    register_options,
    segments_option,
    trust_option,
)
from smartclause.cli.output import Exit, goes_with
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.monitor import Tally

_HOURS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "d": 86_400_000_000}


class LengthType(click.ParamType[int]):
    """A length of time such as 90s, 30m, 24h or 15d (of 24 hours each), in microseconds."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        number, unit = str(value)[:-1], str(value)[-1:]
        if not (number.isascii() and number.isdigit() and len(number) < 10 and unit in _HOURS):
            self.fail(f"{value!r} is not a length of time; write 90s, 30m, 24h or 15d", param, ctx)
        return int(number) * _HOURS[unit]


LENGTH = LengthType()


STATUSES = ("open", "due-soon", "fulfilled", "waived", "violated", "cured", "awaiting-records", "unproven",
            "no-longer-owed", "allowed", "refused", "undecided")  # fmt: skip


@click.command()
@click.argument("contract", type=FILE)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@trust_option
@register_options
@amended_options
@segments_option
@click.option("--attested", is_flag=True, help="You verified the lines of plain JSON yourself; each counts as shown.")
@click.option("--draft", is_flag=True, help="As if all had signed and shown: a what-if.")
@click.option("--lag", type=LENGTH, default="0s", show_default=True, help="How late a line may come, such as 30m.")
@click.option("--settled", is_flag=True, help="Inside the lag tell nothing that a late line may still correct.")
@click.option("--soon", type=LENGTH, help="Tell a duty as due soon so long before it is due, such as 24h.")
@click.option("--at", type=INSTANT, help="Tell how everything stands at this instant, and nothing else.")
@click.option("--all", "all_acts", is_flag=True, help="Tell the acts that are allowed too.")
@click.option(
    "--only", type=click.Choice(STATUSES), multiple=True, metavar="STATUS",
    help=f"Tell only what comes to be so; repeatable: {', '.join(STATUSES)}.",
)  # fmt: skip
@click.option("--follow", is_flag=True, help="Wait for more at the end of the file, until interrupted.")
@click.option("--state", type=FILE, help="Keep the state here; a run that was ended goes on from it.")
@click.option("--every", type=LENGTH, default="10s", show_default=True, help="How often the state is kept.")
@click.option("-o", "--out", type=FILE, help="Write here what is told; with a state, each thing exactly once.")
@folders_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
    help="Text for people, JSON by the published schema, or one JSON object on each line.",
)  # fmt: skip
@lang_option
def monitor(
    contract: Path, source: Path, trust: Path | None, register: Path | None, members: tuple[Path, ...],
    amended_by: tuple[Path, ...], signed_at: int | None, segments: Path | None, attested: bool, draft: bool,
    lag: int, settled: bool, soon: int | None, at: int | None, all_acts: bool, only: tuple[str, ...], follow: bool,
    state: Path | None, every: int, out: Path | None, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Follow records as they come, and tell what becomes open, due, fulfilled, violated, refused.

    SOURCE is a ledger, or a file with a signed envelope or plain JSON on each line, or - for such lines on standard
    input. Deadlines pass with the times of the records, whether or not anybody speaks of them. Ends with 1 if an act
    was refused or a duty missed, with 3 if only something is undecided or a line could not be read.

    \b
    Example:
      smartclause monitor voice.clause events.jsonl --draft --soon 24h
    """
    from smartclause.cli.monitor_tellers import teller_of
    from smartclause.verbs.monitor import Settings
    from smartclause.verbs.monitor import monitor as verb

    goes_with(lang, members and register is None, "--member", "--register")
    goes_with(lang, signed_at is not None and not amended_by, "--signed-at", "--amended-by")
    wanted = frozenset(each.replace("-", " ") for each in only) or None
    settings = Settings(
        attested, draft, lag, soon, at, all_acts, wanted, follow=follow, state=state, every=every / 1_000_000,
        settled=settled,
    )  # fmt: skip
    with teller_of(form, lang, out) as teller:
        tally = verb(
            contract, source, teller, trust=trust, register=register, members=members, amended_by=amended_by,
            signed_at=signed_at, segments=segments, settings=settings, folders=folders,
        )  # fmt: skip
        teller.end(tally)
    raise click.exceptions.Exit(exit_of(tally))


def exit_of(tally: Tally) -> Exit:
    if not tally.is_clean:
        return Exit.NO
    return Exit.UNDECIDED if tally.is_undecided else Exit.YES


COMMANDS = (monitor,)
