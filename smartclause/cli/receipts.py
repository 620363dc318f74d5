"""What `record` prints: a receipt or a refusal for each line, and acts that are judged otherwise at their place."""

from __future__ import annotations

from smartclause.cli.output import counted, pick, say
from smartclause.engines.prose import word
from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import timestamp
from smartclause.evidence.recording import Receipt
from smartclause.verbs.record import Recorded, Recording


def print_recording(found: Recording, lang: Lang) -> None:
    for line in found.lines:
        _print_line(line, lang)
    say(f"{_counts(found, lang)}{_head(found, lang)}")


def _counts(found: Recording, lang: Lang) -> str:
    """What was there already is told only where there is some."""
    added, already, refused = len(found.added), len(found.already), len(found.refused)
    there = pick(lang, f" {already} already there,", f"已在账本{already}条，") if already else ""
    return pick(lang, f"{added} recorded,{there} {refused} refused", f"记入{added}条，{there}拒绝{refused}条")


def _head(found: Recording, lang: Lang) -> str:
    return pick(lang, f"; {counted(found.size, 'entry', 'entries')}, root {found.root}",
                f"；共{found.size}条，根 {found.root}")  # fmt: skip


def _print_line(line: Recorded, lang: Lang) -> None:
    if line.fault is not None:
        say(line.fault.text(lang), "red")
        say(f"  = {pick(lang, 'help: ', '办法：')}{line.fault.help(lang)}")
    elif line.receipt is not None:
        say(_received(line.line, line.receipt, line.already, lang))
    if line.before is not None and line.at_place is not None:
        before, here = word(line.before.decision, lang), word(line.at_place.decision, lang)
        if line.differs:
            say(
                pick(lang, f"  {here} at this place; it was {before} before", f"  在此位置为{here}，此前为{before}"),
                "bold red",
            )
        else:
            say(pick(lang, f"  {here}", f"  {here}"))


def _received(line: int, receipt: Receipt, already: bool, lang: Lang) -> str:
    at = timestamp(receipt.received)
    if already:
        return pick(lang, f"line {line}: already there as entry {receipt.index}, received {at}",
                    f"第{line}行：已在账本，为第{receipt.index}号记录，收到于{at}")  # fmt: skip
    return pick(lang, f"line {line}: entry {receipt.index}, received {at}",
                f"第{line}行：第{receipt.index}号记录，收到于{at}")  # fmt: skip
