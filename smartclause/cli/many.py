"""`decide-many`: acts as lines, answers as lines in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Protocol

import click

from smartclause.cli.options import FILE, amended_options, folders_option, lang_option, register_options, trust_option
from smartclause.cli.output import COLOUR_OF, Exit, counted, goes_with, pick, say
from smartclause.engines.prose_states import word
from smartclause.evidence.errors import Lang
from smartclause.logic.verdict import Decision

if TYPE_CHECKING:
    from smartclause.verbs.decide_many import Decided, DecidedLine


@click.command("decide-many")
@click.argument("contract", type=FILE)
@click.argument("acts", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@trust_option
@click.option("--ledger", type=FILE, help="The ledger with what happened before; without it history is unknown.")
@click.option("--nothing-recorded", is_flag=True, help="Your word that no record bears on any of the acts.")
@register_options
@amended_options
@click.option("--attested", multiple=True, metavar="FACT", help="A fact that you verified on every line; repeatable.")
@folders_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
    help="Text for people, JSON by the published schema, or one JSON object on each line.",
)  # fmt: skip
@lang_option
def decide_many(
    contract: Path, acts: Path, trust: Path | None, ledger: Path | None, nothing_recorded: bool,
    register: Path | None, members: tuple[Path, ...], amended_by: tuple[Path, ...], signed_at: int | None,
    attested: tuple[str, ...], folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """May each of these acts be done now? ACTS has one act in plain JSON on each line, or is - for standard input. It
    may also be a form that `prove --needs --csv` wrote, filled in; its name ends in .csv.

    Every line is answered in its place, before the next one is read: allowed, refused or undecided. A line that is
    no act is named with its error, counted, and allows nothing. All are asked of the contract, ledger and register
    as they were at the start, and an act that is allowed is not recorded. Ends with 1 if an act was refused or a
    line is no act, with 3 if one is undecided.

    \b
    Example:
      smartclause decide-many voice.json uses.jsonl --trust trust.json --ledger ledger.db --attested released
    """
    from smartclause.verbs.decide_many import decide_many as verb

    goes_with(lang, members and register is None, "--member", "--register")
    goes_with(lang, signed_at is not None and not amended_by, "--signed-at", "--amended-by")
    with _telling(form, lang) as teller:
        found = verb(
            contract, acts, teller.tell, trust=trust, ledger=ledger, nothing_recorded=nothing_recorded,
            register=register, members=members, amended_by=amended_by, signed_at=signed_at,
            attested=frozenset(attested), folders=folders,
        )  # fmt: skip
        teller.end(found)
    raise click.exceptions.Exit(_exit_of(found))


def _exit_of(found: Decided) -> Exit:
    if found.unusable or found.decisions[Decision.REFUSED]:
        return Exit.NO
    return Exit.UNDECIDED if found.decisions[Decision.UNDECIDED] else Exit.YES


class _Teller(Protocol):
    def tell(self, line: DecidedLine) -> None: ...

    def end(self, found: Decided) -> None: ...


@contextmanager
def _telling(form: str, lang: Lang) -> Iterator[_Teller]:
    if form == "json":
        with SpooledTemporaryFile(max_size=2**24, mode="w+", encoding="utf-8") as waiting:
            yield _Whole(waiting, lang)
    else:
        yield _Lines(lang) if form == "jsonl" else _Text(lang)


class _Text:
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def tell(self, line: DecidedLine) -> None:
        place = pick(self.lang, f"line {line.line}", f"第{line.line}行")
        between = pick(self.lang, ": ", "：")
        if line.decision is not None:
            say(f"{place}{between}{word(line.decision, self.lang)}", COLOUR_OF[line.decision])
        elif line.fault is not None:
            say(f"{place}{between}{line.fault.text(self.lang)}", "red")
            say(f"  = {pick(self.lang, 'help: ', '办法：')}{line.fault.help(self.lang)}")

    def end(self, found: Decided) -> None:
        parts = [f"{word(d, self.lang)} {n}" for d, n in found.decisions.items()]
        parts += [f"{code} {n}" for code, n in sorted(found.unusable.items())]
        lines = pick(self.lang, counted(found.lines, "line", "lines"), f"共{found.lines}行")
        say(f"{lines}{pick(self.lang, ': ', '：')}{pick(self.lang, ', ', '，').join(parts)}")


class _Lines:
    """Each told at once, so that who asks can answer its caller."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def tell(self, line: DecidedLine) -> None:
        from smartclause.verbs.answers_many import line_data

        self._put(line_data(line, self.lang))

    def end(self, found: Decided) -> None:
        from smartclause.verbs.answers_many import end_data

        self._put(end_data(found))

    def _put(self, data: dict[str, Any]) -> None:
        click.echo(json.dumps(data, ensure_ascii=True, separators=(",", ":")))


class _Whole(_Lines):
    """One document at the end: until then its lines wait, so that a failure leaves no half of it."""

    def __init__(self, waiting: SpooledTemporaryFile[str], lang: Lang) -> None:
        super().__init__(lang)
        self._waiting, self._first = waiting, True

    def _put(self, data: dict[str, Any]) -> None:
        self._waiting.write(("" if self._first else ",\n") + json.dumps(data, ensure_ascii=True))
        self._first = False

    def end(self, found: Decided) -> None:
        super().end(found)
        self._waiting.seek(0)
        click.echo('{"edition":"decisions 1","told":[')
        for piece in iter(lambda: self._waiting.read(2**16), ""):
            click.echo(piece, nl=False)
        click.echo("]}")


COMMANDS = (decide_many,)
