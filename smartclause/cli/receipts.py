"""What `record` prints: a receipt or a refusal for each line, and acts that are judged otherwise at their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

import click

from smartclause.cli.output import counted, pick, say, text_of
from smartclause.engines.prose import word
from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import timestamp
from smartclause.evidence.recording import Receipt
from smartclause.logic.second_values import SecondValue
from smartclause.verbs.answers_evidence import recorded_line, recording_form
from smartclause.verbs.record import Recorded, Recording


class Receipts(Protocol):
    def tell(self, lines: Sequence[Recorded]) -> None: ...

    def end(self, found: Recording) -> None: ...


@contextmanager
def receipts(form: str, lang: Lang) -> Iterator[Receipts]:
    """For `record`, which tells of its lines group by group. Memory does not grow with their number."""
    if form == "json":
        with SpooledTemporaryFile(max_size=2**24, mode="w+", encoding="utf-8") as waiting:
            yield _JsonReceipts(waiting, lang)
    else:
        yield _TextReceipts(lang)


@dataclass(frozen=True, slots=True)
class _TextReceipts:
    lang: Lang

    def tell(self, lines: Sequence[Recorded]) -> None:
        """At once, so that who reads them has them before the next group is begun."""
        if lines:
            click.echo("\n".join(text for line in lines for text in _texts(line, self.lang)))

    def end(self, found: Recording) -> None:
        say(f"{_counts(found, self.lang)}{_head(found, self.lang)}")


@dataclass(frozen=True, slots=True)
class _JsonReceipts:
    """One document at the end: until then its lines wait in a file, so that a failure leaves no half of it."""

    waiting: IO[str]
    lang: Lang

    def tell(self, lines: Sequence[Recorded]) -> None:
        self.waiting.writelines(f"{text_of(recorded_line(line, self.lang))}\n" for line in lines)

    def end(self, found: Recording) -> None:
        self.waiting.seek(0)
        lines = (line.rstrip("\n") for line in self.waiting)
        head, _, tail = text_of(recording_form(found, self.lang)).rpartition("[]")
        click.echo(f"{head}[{next(lines, '')}", nl=False)
        for line in lines:
            click.echo(f",\n{line}", nl=False)
        click.echo(f"]{tail}")


def _counts(found: Recording, lang: Lang) -> str:
    """What was there already is told only where there is some."""
    added, already, refused = found.counts.added, found.counts.already, found.counts.refused
    there = pick(lang, f" {already} already there,", f"已在账本{already}条，") if already else ""
    return pick(lang, f"{added} recorded,{there} {refused} refused", f"记入{added}条，{there}拒绝{refused}条")


def _head(found: Recording, lang: Lang) -> str:
    return pick(lang, f"; {counted(found.size, 'entry', 'entries')}, root {found.root}",
                f"；共{found.size}条，根 {found.root}")  # fmt: skip


def _texts(line: Recorded, lang: Lang) -> Iterator[str]:
    if line.fault is not None:
        yield click.style(line.fault.text(lang), fg="red")
        yield f"  = {pick(lang, 'help: ', '办法：')}{line.fault.help(lang)}"
    elif line.receipt is not None:
        yield _received(line.line, line.receipt, line.already, lang)
    if line.second_value is not None:
        yield click.style(_contradiction(line.second_value, lang), fg="red", bold=True)
    if line.before is not None and line.at_place is not None:
        before, here = word(line.before.decision, lang), word(line.at_place.decision, lang)
        if line.differs:
            text = pick(lang, f"  {here} at this place; it was {before} before", f"  在此位置为{here}，此前为{before}")
            yield click.style(text, fg="red", bold=True)
        else:
            yield f"  {here}"


def _contradiction(found: SecondValue, lang: Lang) -> str:
    event, first = found.record.event.id, found.first
    who = ", ".join(first.parties)
    return pick(lang, f"  a second value for the known fact `{found.field}` of {event}: it fills nothing and stands as "
                      f"a contradiction; the first value is that of entry {first.event.at_entry}, signed by {who}",
                f"  对{event}的已知事实`{found.field}`另行陈述了值：不予采用，作为矛盾记录在案；"
                f"先前的值见第{first.event.at_entry}号记录，由{who}签名")  # fmt: skip


def _received(line: int, receipt: Receipt, already: bool, lang: Lang) -> str:
    at = timestamp(receipt.received)
    if already:
        return pick(lang, f"line {line}: already there as entry {receipt.index}, received {at}",
                    f"第{line}行：已在账本，为第{receipt.index}号记录，收到于{at}")  # fmt: skip
    return pick(lang, f"line {line}: entry {receipt.index}, received {at}",
                f"第{line}行：第{receipt.index}号记录，收到于{at}")  # fmt: skip
