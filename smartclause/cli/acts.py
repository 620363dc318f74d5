"""Commands about acts: decide before, record when done, audit afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.corrections import corrections
from smartclause.cli.options import (
    FILE,
    INSTANT,
    amended_options,
    disclosures_option,
    folders_option,
    format_option,
    lang_option,
    passphrase,
    passphrase_option,
    register_options,
    segments_option,
    trust_option,
)
from smartclause.cli.output import EXIT_OF, Exit, answer, console, pick, say
from smartclause.cli.progress import progress_bar
from smartclause.cli.table_options import engine_of_ledger, only_for_ledgers, only_for_tables, table_options
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.engines.audit import AuditResult


@click.command()
@click.argument("contract", type=FILE)
@click.argument("event", type=FILE)
@click.option("--ledger", type=FILE, help="The ledger with what happened before; without it history is unknown.")
@trust_option
@register_options
@amended_options
@click.option("--draft", is_flag=True, help="As if all had signed and shown: a what-if, never answers allowed.")
@click.option("--at", type=INSTANT, help="At another instant than now: a what-if, never answers allowed.")
@click.option("--attest", type=FILE, help="Facts you verified yourself: JSON with field, role and key.")
@disclosures_option
@segments_option
@folders_option
@format_option
@lang_option
def decide(
    contract: Path, event: Path, ledger: Path | None, trust: Path | None, register: Path | None,
    members: tuple[Path, ...], amended_by: tuple[Path, ...], signed_at: int | None, draft: bool, at: int | None,
    attest: Path | None, disclosures: Path | None, segments: Path | None, folders: tuple[Path, ...], form: str,
    lang: Lang,
) -> None:  # fmt: skip
    """May this act be done now? EVENT is a signed envelope or plain JSON, which attests nothing.

    Ends with 0 if allowed, 1 if refused, 3 if undecided; then it says which facts are missing, who must show
    them, and which few of them would suffice.

    \b
    Example:
      smartclause decide voice.json use.signed --trust trust.json --ledger ledger.db
      smartclause decide voice.clause use.json --draft
    """
    from smartclause.cli.verdicts import print_answer
    from smartclause.verbs.answers import verdict_form
    from smartclause.verbs.decide import decide as verb

    found = verb(
        contract, event, ledger=ledger, trust=trust, register=register, members=members, amended_by=amended_by,
        signed_at=signed_at, draft=draft, at=at, attest=attest, disclosures=disclosures, folders=folders,
        segments=segments,
    )  # fmt: skip
    if form == "json":
        answer(verdict_form(found))
    else:
        print_answer(found, lang)
    raise click.exceptions.Exit(EXIT_OF[found.decision])


@click.command()
@click.argument("ledger", type=FILE)
@click.argument("events", type=FILE, required=False)
@click.option("--segment", type=FILE, help="Record this Parquet file as one entry, by the statement in FILE.signed.")
@trust_option
@click.option("--contract", type=FILE, help="Check the events against this contract, and judge its acts again.")
@register_options
@click.option("--key", type=FILE, help="The ledger's key: signs a checkpoint of the new head.")
@passphrase_option
@segments_option
@folders_option
@format_option
@lang_option
def record(
    ledger: Path, events: Path | None, segment: Path | None, trust: Path | None, contract: Path | None,
    register: Path | None, members: tuple[Path, ...], key: Path | None, passphrase_file: Path | None,
    segments: Path | None, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Verify signed events, one envelope on each line, and append them to a ledger.

    With --segment a file that `segment make` wrote is compared with its statement, copied into the folder of
    segments beside the ledger, and recorded as one entry. EVENTS is then left out.

    A bad line is refused with its place and the rest is recorded. Ends with 1 if a line was refused, if an act
    is judged otherwise at the place it got than before, or if a supplement contradicts a known fact.

    \b
    Example:
      smartclause record ledger.db incident.signed --trust trust.json --contract voice.json --key ledger.key
      smartclause record ledger.db use.signed --trust trust.json --contract voice.json --key ledger.key
      smartclause record bulk.db --segment day.parquet --trust trust.json --contract voice.json --key ledger.key
    """
    from smartclause.cli.receipts import receipts
    from smartclause.cli.segments import record_segment
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.record import record as verb

    if (events is None) == (segment is None):
        raise click.UsageError(
            pick(lang, "give EVENTS, or --segment FILE.parquet", "请提供EVENTS或者--segment FILE.parquet")
        )
    signer = None if key is None else open_key(key, passphrase(passphrase_file))
    if segment is not None and register is not None:
        reason = pick(lang, "acts of a segment are judged by `audit`: leave --register out",
                      "批次中的行为由`audit`判断，请不要给出--register")  # fmt: skip
        raise click.UsageError(reason)
    if events is None:
        assert segment is not None
        record_segment(ledger, segment, trust, contract, members, signer, segments, folders, form, lang)
        return
    with receipts(form, lang) as shown:
        with progress_bar(pick(lang, "recording", "记入")) as progress:
            found = verb(
                ledger, events, trust=trust, contract=contract, register=register, members=members, key=signer,
                folders=folders, told=shown.tell, progress=progress, segments=segments,
            )  # fmt: skip
        shown.end(found)
    counts = found.counts
    raise click.exceptions.Exit(Exit.NO if counts.refused or counts.differing or counts.contradicting else Exit.YES)


@click.command()
@click.argument("contract", type=FILE)
@click.argument("source", type=click.Path(path_type=Path))
@trust_option
@register_options
@amended_options
@click.option("--at", type=INSTANT, help="As of this instant: only what had been received.")
@click.option("--closed", is_flag=True, help="Read the source as closed, without marks of completeness; provisional.")
@click.option("--html", type=FILE, help="Write a self-contained report.")
@click.option("--keep", type=FILE, help="Keep the verdicts as JSON, for `corrections` to compare them later.")
@disclosures_option
@segments_option
@table_options
@folders_option
@format_option
@lang_option
def audit(
    contract: Path, source: Path, trust: Path | None, register: Path | None, members: tuple[Path, ...],
    amended_by: tuple[Path, ...], signed_at: int | None, at: int | None, closed: bool, html: Path | None,
    keep: Path | None, disclosures: Path | None, segments: Path | None, attested: bool, draft: bool,
    out: Path | None, reasons: bool, state: Path | None, memory: str, engine: str | None, master: str,
    folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Judge every recorded act again at its own place, and follow up every duty.

    SOURCE is a ledger, or a file with signed envelopes, one on each line (then no time is attested). Ends with
    1 if an act is refused or a duty violated, with 3 if only something is undecided. SOURCE may also be a table of
    plain rows: Parquet, a folder of its parts, or lines of JSON; it is judged by SQL, where it lies.

    \b
    Example:
      smartclause audit voice.json ledger.db --trust trust.json --closed --html report.html --keep kept.json
      smartclause audit voice.json events.jsonl --attested --trust trust.json -o verdicts.parquet --state kept
    """
    from smartclause.cli.tables import audit_of_table, looks_like_table

    source.stat()  # one that is not there is named so, whatever else is asked
    if looks_like_table(source):
        only_for_ledgers(
            lang, register=register, members=members, amended_by=amended_by, closed=closed, keep=keep,
            disclosures=disclosures, segments=segments,
        )  # fmt: skip
        audit_of_table(
            contract, source, trust=trust, draft=draft, attested=attested, at=at, out=out, html=html, state=state,
            memory=memory, reasons=reasons, engine=engine, master=master, folders=folders, form=form, lang=lang,
        )  # fmt: skip
    only_for_tables(
        lang, attested=attested, draft=draft, out=out, reasons=reasons, state=state, memory=memory,
    )  # fmt: skip
    judge = engine_of_ledger(engine, master, lang, explained=form == "json" or keep is not None)
    from smartclause.verbs.answers import audit_form
    from smartclause.verbs.audit import audit as verb

    with progress_bar(pick(lang, "judging", "审查")) as progress:
        result = verb(
            contract, source, trust=trust, register=register, members=members, amended_by=amended_by,
            signed_at=signed_at, at=at, closed=closed, disclosures=disclosures, progress=progress, folders=folders,
            segments=segments, engine=judge, master=master,
        )  # fmt: skip
    if html is not None:
        _write_report(result, html, lang)
    if keep is not None:
        _keep(result, keep)
    if form == "json":
        answer(audit_form(result))
    else:
        _print_audit(result, html, lang)
    raise click.exceptions.Exit(exit_of(result))


def exit_of(result: AuditResult) -> Exit:
    if not result.is_clean:
        return Exit.NO
    return Exit.UNDECIDED if result.is_undecided else Exit.YES


def _write_report(result: AuditResult, path: Path, lang: Lang) -> None:
    from smartclause.engines.report import html as report
    from smartclause.evidence.files import write_whole

    write_whole(path, report(result, lang).encode())


def _keep(result: AuditResult, path: Path) -> None:
    from smartclause.evidence.files import write_whole
    from smartclause.evidence.forms import canonical
    from smartclause.verbs.answers import audit_form

    write_whole(path, canonical(audit_form(result)) + b"\n")


def _print_audit(result: AuditResult, html: Path | None, lang: Lang) -> None:
    from smartclause.engines.tables import print_audit

    print_audit(result, lang, console())
    if html is not None:
        say(pick(lang, f"report in {html}", f"报告在 {html}"))


COMMANDS = (decide, record, audit, corrections)
