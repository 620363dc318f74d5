"""`monitor`: records as they come, and what changes with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from smartclause.cli.options import FILE, INSTANT, folders_option, lang_option, trust_option
from smartclause.cli.output import Exit
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.logic.lookup import Lookup
    from smartclause.verbs.monitor import Tally, Telling

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


@click.command()
@click.argument("contract", type=FILE)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@trust_option
@click.option("--attested", is_flag=True, help="You verified the lines of plain JSON yourself; each counts as shown.")
@click.option("--draft", is_flag=True, help="As if all had signed and shown: a what-if.")
@click.option("--lag", type=LENGTH, default="0s", show_default=True, help="How late a line may come, such as 30m.")
@click.option("--soon", type=LENGTH, help="Tell a duty as due soon so long before it is due, such as 24h.")
@click.option("--at", type=INSTANT, help="Tell how everything stands at this instant, and nothing else.")
@click.option("--all", "all_acts", is_flag=True, help="Tell the acts that are allowed too.")
@folders_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
    help="Text for people, JSON by the published schema, or one JSON object on each line.",
)  # fmt: skip
@lang_option
def monitor(
    contract: Path, source: Path, trust: Path | None, attested: bool, draft: bool, lag: int, soon: int | None,
    at: int | None, all_acts: bool, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Follow records as they come, and tell what becomes open, due, fulfilled, violated, refused.

    SOURCE is a file of JSON lines, one event on each, or - for standard input. Deadlines pass with the times of the
    records, whether or not anybody speaks of them. Ends with 1 if an act was refused or a duty missed, with 3 if only
    something is undecided or a line could not be read.

    \b
    Example:
      smartclause monitor voice.clause events.jsonl --draft --soon 24h
    """
    from smartclause.verbs.monitor import Settings
    from smartclause.verbs.monitor import monitor as verb

    settings = Settings(attested, draft, lag, soon, at)
    teller = _teller(form, lang, all_acts)
    tally = verb(contract, source, teller.tell, trust=trust, settings=settings, folders=folders, ready=teller.ready)
    teller.end(tally)
    raise click.exceptions.Exit(exit_of(tally))


def exit_of(tally: Tally) -> Exit:
    if not tally.is_clean:
        return Exit.NO
    return Exit.UNDECIDED if tally.is_undecided else Exit.YES


class _Teller:
    """Writes each thing told at once, so that who reads has it before the next record comes."""

    def __init__(self, lang: Lang, all_acts: bool) -> None:
        self.lang = lang
        self.all_acts = all_acts
        self.number = 0

    def ready(self, _lookup: Lookup) -> None:
        """Before anything is told: the contract was read."""

    def tell(self, telling: Telling) -> None:
        from smartclause.engines.monitor.told import ActTold

        allowed = isinstance(telling, ActTold) and telling.decision.value == "allowed" and telling.was is None
        if allowed and not self.all_acts:
            return
        self.number += 1
        self.write(telling)

    def write(self, telling: Telling) -> None:
        raise NotImplementedError

    def end(self, tally: Tally) -> None:
        raise NotImplementedError


class _TextTeller(_Teller):
    def ready(self, _lookup: Lookup) -> None:
        from smartclause.cli.monitor_words import Words

        self.words = Words(_lookup, self.lang)

    def write(self, telling: Telling) -> None:
        for text, style in self.words.lines(telling):
            click.echo(click.style(text, fg=style) if style else text)

    def end(self, tally: Tally) -> None:
        for line in self.words.end(tally):
            click.echo(line)


class _JsonTeller(_Teller):
    """One object on each line."""

    def write(self, telling: Telling) -> None:
        from smartclause.verbs.answers_monitor import told_data

        self.put(told_data(telling, self.number, self.lang))

    def put(self, data: dict[str, Any]) -> None:
        click.echo(json.dumps(data, ensure_ascii=False, separators=(",", ":")))

    def end(self, tally: Tally) -> None:
        from smartclause.verbs.answers_monitor import end_data

        self.number += 1
        self.put(end_data(tally, self.number))


class _DocumentTeller(_JsonTeller):
    """One document at the end: until then its parts wait in a file, so that a failure leaves no half of it."""

    def ready(self, _lookup: Lookup) -> None:
        self.waiting = SpooledTemporaryFile(max_size=2**24, mode="w+", encoding="utf-8")  # noqa: SIM115

    def put(self, data: dict[str, Any]) -> None:
        self.waiting.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n")

    def end(self, tally: Tally) -> None:
        super().end(tally)
        self.waiting.seek(0)
        click.echo('{"edition":"monitor 1","told":[')
        for number, line in enumerate(self.waiting):
            click.echo(("," if number else "") + line, nl=False)
        click.echo("]}")
        self.waiting.close()


def _teller(form: str, lang: Lang, all_acts: bool) -> _Teller:
    makers: dict[str, Callable[[], _Teller]] = {
        "text": lambda: _TextTeller(lang, all_acts),
        "json": lambda: _DocumentTeller(lang, all_acts),
        "jsonl": lambda: _JsonTeller(lang, all_acts),
    }
    return makers[form]()


COMMANDS = (monitor,)
