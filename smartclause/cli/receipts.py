"""What `record` prints: a receipt or a refusal for each line, and acts that are judged otherwise at their place."""

from __future__ import annotations

from smartclause.cli.output import counted, pick, say
from smartclause.engines.prose import word
from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import timestamp
from smartclause.verbs.record import Recorded, Recording


def print_recording(found: Recording, lang: Lang) -> None:
    for line in found.lines:
        _print_line(line, lang)
    done = len(found.lines) - len(found.refused)
    say(pick(lang, f"{done} recorded, {len(found.refused)} refused; {counted(found.size, 'entry', 'entries')}, "
             f"root {found.root}",
             f"记入{done}条，拒绝{len(found.refused)}条；共{found.size}条，根 {found.root}"))  # fmt: skip


def _print_line(line: Recorded, lang: Lang) -> None:
    if line.fault is not None:
        say(line.fault.text(lang), "red")
        say(f"  = {pick(lang, 'help: ', '办法：')}{line.fault.help(lang)}")
    elif line.receipt is not None:
        receipt = line.receipt
        say(pick(lang, f"line {line.line}: entry {receipt.index}, received {timestamp(receipt.received)}",
                 f"第{line.line}行：第{receipt.index}号记录，收到于{timestamp(receipt.received)}"))  # fmt: skip
    if line.before is not None and line.at_place is not None:
        before, here = word(line.before.decision, lang), word(line.at_place.decision, lang)
        if line.differs:
            say(
                pick(lang, f"  {here} at this place; it was {before} before", f"  在此位置为{here}，此前为{before}"),
                "bold red",
            )
        else:
            say(pick(lang, f"  {here}", f"  {here}"))
