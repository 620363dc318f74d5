"""`corrections`: what became of verdicts that were kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.options import (
    FILE,
    amended_options,
    disclosures_option,
    folders_option,
    format_option,
    lang_option,
    register_options,
    trust_option,
)
from smartclause.cli.output import Exit, answer, counted, pick, say
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.corrections import Cause, Correction, Corrections


@click.command()
@click.argument("contract", type=FILE)
@click.argument("ledger", type=FILE)
@click.option("--since", type=FILE, required=True, help="The audit of this ledger that was kept.")
@trust_option
@register_options
@amended_options
@click.option("--closed", is_flag=True, help="Read the source as closed, as the kept audit did.")
@disclosures_option
@click.option("--append", type=FILE, help="Add what was corrected to this file, as one line of JSON.")
@folders_option
@format_option
@lang_option
def corrections(
    contract: Path, ledger: Path, since: Path, trust: Path | None, register: Path | None, members: tuple[Path, ...],
    amended_by: tuple[Path, ...], signed_at: int | None, closed: bool, disclosures: Path | None,
    append: Path | None, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Which verdicts of an audit that was kept are other ones today, and what corrected each of them.

    The ledger must begin with the entries that were judged then. A late record corrects provisional verdicts only,
    and only a compromised key a final one; every other correction is told as a fault. Ends with 1 if a verdict was
    corrected.

    \b
    Example:
      smartclause corrections voice.json ledger.db --since kept.json --trust trust.json --closed
    """
    from smartclause.verbs.answers_corrections import append_line, corrections_form
    from smartclause.verbs.corrections import corrections as verb

    found = verb(
        contract, ledger, since, trust=trust, register=register, members=members, amended_by=amended_by,
        signed_at=signed_at, closed=closed, disclosures=disclosures, folders=folders,
    )  # fmt: skip
    if append is not None and found.found:
        append_line(found, append)
    if form == "json":
        answer(corrections_form(found))
    else:
        _print(found, lang)
    raise click.exceptions.Exit(Exit.NO if found.found else Exit.YES)


def _print(found: Corrections, lang: Lang) -> None:
    for each in found.found:
        _print_correction(each, lang)
    for stood in found.stands:
        say(pick(lang, f"{stood.event} {stood.type}: stands as kept; facts it rested on are withheld or erased",
                 f"{stood.event} {stood.type}：结论维持不变；其所依据的事实已不披露或者已销毁"))  # fmt: skip
    compared, corrected, faults = len(found.kept.verdicts), len(found.found), len(found.faults)
    old, new = found.kept.size, found.size
    say(pick(lang, f"{counted(compared, 'verdict')} of {counted(old, 'entry', 'entries')} compared with {new}: "
             f"{corrected} corrected, {counted(faults, 'fault')}",
             f"账本有{old}条记录时的{compared}项结论，与{new}条时相比：更正{corrected}项，"
             f"其中有误{faults}项"))  # fmt: skip


def _print_correction(each: Correction, lang: Lang) -> None:
    from smartclause.engines.prose import word

    old, new = each.old, each.new
    before = pick(lang, ", ", "、").join((word(old.decision, lang), _finality(old.final, lang)))
    after = pick(lang, "judged no more", "不再作出判断")
    if new is not None:
        after = pick(lang, ", ", "、").join((word(new.decision, lang), _finality(new.final, lang)))
    say(f"{old.event} {old.type}", "bold red" if each.fault else "bold")
    say(pick(lang, f"  was {before}; is {after}", f"  原为{before}；现为{after}"))
    for cause in each.causes:
        say(f"  {_cause(cause, lang)}")
    if each.fault:
        say(pick(lang, "  fault: nothing that may correct this verdict explains it",
                 "  有误：可以更正该结论的事由均不能说明这一变化"), "bold red")  # fmt: skip


def _finality(final: bool, lang: Lang) -> str:
    return pick(lang, "final", "终局") if final else pick(lang, "provisional", "暂定")


def _cause(cause: Cause, lang: Lang) -> str:
    from smartclause.evidence.forms import timestamp
    from smartclause.verbs.corrections import Ground

    match cause.ground:
        case Ground.RECORD:
            body = None if cause.record is None else cause.record.body
            kind = "" if body is None else body.type
            at = cause.record.received if cause.record is not None else None
            when = "" if at is None else timestamp(at)
            return pick(lang, f"turned by entry {cause.entry}: {kind}, received {when}",
                        f"因第{cause.entry}号记录而改变：{kind}，收到于{when}")  # fmt: skip
        case Ground.KEY:
            key = cause.key
            whose, since = ("", "") if key is None else (key.party, key.compromised_since)
            return pick(lang, f"a key of {whose} counts as compromised since {since}",
                        f"{whose}的一把密钥自{since}起视为失密")  # fmt: skip
        case Ground.ASKED:
            return pick(lang, "turned by the later instant of asking", "因询问时刻推后而改变")
        case Ground.INPUT:
            return pick(lang, f"another input than then: {cause.name}", f"依据与当时不同：{cause.name}")
        case Ground.NOTHING:
            return pick(lang, "the same inputs give another verdict than the one that was kept",
                        "相同的依据得出的结论与所保存的不同")  # fmt: skip


COMMANDS = (corrections,)
