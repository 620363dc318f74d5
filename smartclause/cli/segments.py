"""Commands for segments: many events in one file under one signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.options import (
    FILE,
    folders_option,
    format_option,
    key_options,
    lang_option,
    passphrase,
    segments_option,
    trust_option,
)
from smartclause.cli.output import STANDINGS, Exit, answer, counted, pick, say
from smartclause.cli.progress import progress_bar
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.evidence.keys import SigningKey
    from smartclause.evidence.segment import SegmentStatement
    from smartclause.evidence.trust import TrustSource
    from smartclause.verbs.segments import RecordedSegment


@click.group()
def segment() -> None:
    """Segments: up to a million events in one Parquet file, under one signature and one entry of the ledger."""


@segment.command("make")
@click.argument("contract", type=FILE)
@click.argument("events", type=FILE)
@key_options
@click.option("--ledger", type=FILE, required=True, help="The ledger for which the events are numbered.")
@click.option("--after", type=FILE, help="Envelopes already signed and not yet recorded; the last one is continued.")
@click.option("-o", "--out", type=FILE, required=True, help="The Parquet file to write, with FILE.signed beside it.")
@folders_option
@format_option
@lang_option
def make_(
    contract: Path, events: Path, key: Path, passphrase_file: Path | None, ledger: Path, after: Path | None,
    out: Path, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Write events, given as JSON on one line each, into a segment, and sign it as their issuer.

    A line is plain JSON as for `sign event`, or the whole body of an event that continues the one before.

    \b
    Example:
      smartclause segment make voice.json day.jsonl --key provider.key --ledger bulk.db -o day.parquet
    """
    from smartclause.verbs.answers_segments import made_form
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.segments import make

    signer = open_key(key, passphrase(passphrase_file))
    with progress_bar(pick(lang, "sealing", "封存")) as progress:
        found = make(contract, events, signer, ledger, out, after=after, folders=folders, progress=progress)
    if form == "json":
        answer(made_form(found))
        return
    _say_range(found.statement, lang)
    say(pick(lang, f"signed {found.digest} in {found.signed}", f"已签署 {found.digest}，在 {found.signed}"))


def _say_range(stated: SegmentStatement, lang: Lang) -> None:
    events, last = counted(stated.count, "event"), stated.end - 1
    say(pick(lang, f"{events}, numbers {stated.first} to {last}, from {stated.since} to {stated.until}",
             f"{stated.count}个事件，第{stated.first}至{last}号，{stated.since}至{stated.until}"))  # fmt: skip


@segment.command("verify")
@click.argument("file", type=FILE)
@click.option("--statement", type=FILE, help="The signed statement, if it is not FILE.signed.")
@trust_option
@format_option
@lang_option
def verify_(file: Path, statement: Path | None, trust: TrustSource | None, form: str, lang: Lang) -> None:
    """Compare a segment with its signed statement: every byte, every column, every place.

    \b
    Example:
      smartclause segment verify day.parquet --trust trust.json
    """
    from smartclause.verbs.answers_segments import compared_form
    from smartclause.verbs.segments import statement_path, verify

    found = verify(file, statement=statement, trust=trust)
    if form == "json":
        answer(compared_form(found, file, statement or statement_path(file)))
        return
    _say_range(found.statement, lang)
    say(pick(lang, f"signed by key {found.statement.issuer}", f"由密钥{found.statement.issuer}签署"))


@segment.command("proof")
@click.argument("ledger", type=FILE)
@click.option("--event", help="The id of the event; instead of entry and row.")
@click.option("--entry", type=click.IntRange(min=0), metavar="INTEGER", help="The entry of the segment.")
@click.option("--row", type=click.IntRange(min=0), metavar="INTEGER", help="The row of the event in its segment.")
@click.option("-o", "--out", type=FILE, required=True, help="Where to write the proof.")
@segments_option
@format_option
@lang_option
def proof_(
    ledger: Path, event: str | None, entry: int | None, row: int | None, out: Path, segments: Path | None, form: str,
    lang: Lang,
) -> None:  # fmt: skip
    """Prove that a segment of the ledger holds an event: it is in the segment, and the segment in the ledger.

    \b
    Example:
      smartclause segment proof bulk.db --entry 0 --row 1 -o event.proof
    """
    from smartclause.verbs.answers_segments import event_proof_form
    from smartclause.verbs.segments import prove

    if event is not None and entry is None and row is None:
        named: str | tuple[int, int] = event
    elif event is None and entry is not None and row is not None:
        named = (entry, row)
    else:
        raise click.UsageError(pick(lang, "give --event, or --entry and --row", "请提供--event，或者--entry和--row"))
    proof = prove(ledger, named, out, segments=segments)
    if form == "json":
        answer(event_proof_form(proof, out))
    else:
        say(pick(lang, f"proof in {out}", f"证明在 {out}"))


@segment.command("check")
@click.argument("proof", type=FILE)
@trust_option
@format_option
@lang_option
def check_(proof: Path, trust: TrustSource | None, form: str, lang: Lang) -> None:
    """Check the proof of an event with the trust store alone, without the segment and without the ledger.

    \b
    Example:
      smartclause segment check event.proof --trust trust.json
    """
    from smartclause.evidence.forms import canonical
    from smartclause.verbs.answers_segments import proved_form
    from smartclause.verbs.segments import check

    found = check(proof, trust=trust)
    if form == "json":
        answer(proved_form(found, canonical(found.event)))
        return
    event, entry = found.event, found.entry
    say(pick(lang, f"{event.type} {event.id}, number {event.seq}, claimed {event.time}",
             f"{event.type} {event.id}，第{event.seq}号，所称时间{event.time}"))  # fmt: skip
    say(pick(lang, f"row {found.row} of entry {entry.index}, received {entry.received}",
             f"第{entry.index}号记录的第{found.row}行，收到于{entry.received}"))  # fmt: skip
    for signer in found.signers:
        how = pick(lang, signer.standing.value, STANDINGS[signer.standing.value])
        who = signer.party or signer.key
        say(pick(lang, f"  signed by {who} ({how})", f"  签署：{who}（{how}）"))
    entries = counted(found.checkpoint.size, "entry", "entries")
    say(pick(lang, f"under a checkpoint over {entries} signed by {found.keeper}",
             f"{found.keeper}签署的检查点，含{found.checkpoint.size}条记录"))  # fmt: skip


# ---- record --segment


def record_segment(
    ledger: Path, file: Path, trust: TrustSource | None, contract: Path | None, members: tuple[Path, ...],
    key: SigningKey | None, segments: Path | None, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    from smartclause.verbs.answers_evidence import segment_recording_form
    from smartclause.verbs.segments import record

    with progress_bar(pick(lang, "comparing", "比对")) as progress:
        found = record(
            ledger, file, trust=trust, contract=contract, members=members, key=key, segments=segments,
            folders=folders, progress=progress,
        )  # fmt: skip
    if form == "json":
        answer(segment_recording_form(found))
    else:
        _say_recorded(found, lang)
    raise click.exceptions.Exit(Exit.NO if found.receipt.known else Exit.YES)


def _say_recorded(found: RecordedSegment, lang: Lang) -> None:
    from smartclause.evidence.forms import timestamp

    receipt, stated = found.receipt.receipt, found.receipt.statement
    at, entry = timestamp(receipt.received), receipt.index
    there = pick(lang, "already there as ", "已在账本，为") if found.already else ""
    say(pick(lang, f"{found.file.name}: {there}entry {entry}, received {at}",
             f"{found.file.name}：{there}第{entry}号记录，收到于{at}"))  # fmt: skip
    _say_range(stated, lang)
    if found.receipt.known:
        known = counted(found.receipt.known, "event")
        say(pick(lang, f"{known} of it were in the ledger before, or have the id of one that was",
                 f"其中{found.receipt.known}个事件已在账本，或者与已有事件编号相同"), "yellow")  # fmt: skip
    entries = counted(found.size, "entry", "entries")
    say(pick(lang, f"{entries}, root {found.root}", f"共{found.size}条，根 {found.root}"))


COMMANDS = (segment,)
