"""Commands for case files: export one for a dispute, verify one from a stranger, note that it was handed over."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import (
    FILE,
    FOLDER,
    INSTANT,
    amended_options,
    folders_option,
    format_option,
    key_options,
    lang_option,
    passphrase,
    register_options,
    trust_option,
)
from smartclause.cli.output import Exit, answer, counted, pick, say
from smartclause.evidence.errors import Lang

CASE_PATH = click.Path(path_type=Path)
MAX_GIVEN = 10_000_000


@click.group()
def evidence() -> None:
    """Case files: all that a stranger needs to check a dispute again, without trusting any party."""


@evidence.command("export")
@click.argument("contract", type=FILE)
@click.argument("ledger", type=FILE)
@trust_option
@key_options
@click.option("--act", help="One recorded event, by its number.")
@click.option("--duty", help="One clause, or one of its duties by its key: 2.1/case-7.")
@click.option("--subject", help="One subject: every record and duty that names this identifier.")
@click.option("--from", "since", type=INSTANT, help="Records from this instant on.")
@click.option("--to", "until", type=INSTANT, help="Records up to this instant.")
@register_options
@amended_options
@click.option("--at", type=INSTANT, help="As of this instant: only what had been received.")
@click.option("--closed", is_flag=True, help="Read the ledger as closed, without marks of completeness; provisional.")
@click.option("--sources", type=FOLDER, help="Folder with the clause files that the parties signed.")
@click.option("--disclosures", type=FILE, help="Withheld facts that are opened for this case.")
@click.option("--redaction", "redactions", type=FILE, multiple=True, help="A signed redaction record; may be repeated.")
@click.option("--policy", type=FILE, help="The witness policy that the checkpoints meet.")
@click.option("--authorities", type=FILE, help="The root certificates of authorities you trust, in PEM.")
@folders_option
@click.option("-o", "--out", type=CASE_PATH, required=True, help="A new folder, or a file that ends with .zip.")
@format_option
@lang_option
def export_(
    contract: Path, ledger: Path, trust: Path | None, key: Path, passphrase_file: Path | None, act: str | None,
    duty: str | None, subject: str | None, since: int | None, until: int | None, register: Path | None,
    members: tuple[Path, ...], amended_by: tuple[Path, ...], signed_at: int | None, at: int | None, closed: bool,
    sources: Path | None, disclosures: Path | None, redactions: tuple[Path, ...], policy: Path | None,
    authorities: Path | None, folders: tuple[Path, ...], out: Path, form: str, lang: Lang,
) -> None:  # fmt: skip
    """Write the case file of a dispute: one event, one duty, one subject or one time. KEY is that of who exports.

    It holds every entry of the ledger, since only all of them show what was not recorded; the scope picks what is
    judged and has a page. It is checked before it is written.

    \b
    Example:
      smartclause evidence export voice.json ledger.db --trust trust.json --key provider.key --duty 2.1 -o case.zip
    """
    from smartclause.verbs.case_disputed import scope_of
    from smartclause.verbs.case_export import Asked, export, export_form
    from smartclause.verbs.case_words import told
    from smartclause.verbs.keys import open_key

    scope = scope_of(act=act, duty=duty, subject=subject, since=since, until=until)
    asked = Asked(
        scope, register, members, amended_by, signed_at, at, closed, sources, policy, authorities, disclosures,
        redactions, folders,
    )  # fmt: skip
    made = export(contract, ledger, asked, trust=trust, key=open_key(key, passphrase(passphrase_file)), out=out)
    if form == "json":
        answer(export_form(made, out))
        return
    for line in told(made.check, lang):
        say(line)
    acts, duties = counted(made.uses, "act"), counted(made.duties, "duty", "duties")
    say(pick(lang, f"case in {out}: {acts}, {duties}", f"案卷在 {out}：行为{made.uses}项，义务{made.duties}项"))
    say(pick(lang, f"manifest {made.manifest}", f"清单 {made.manifest}"))
    say(pick(lang, f"first version of the trust list {made.case.trust.root}", f"信任清单首版 {made.case.trust.root}"))


@evidence.command("verify")
@click.argument("case", type=CASE_PATH)
@click.option("--root", help="Digest of the trust list's first version, as you know it from elsewhere.")
@click.option(
    "--trust-version",
    type=click.IntRange(min=1),
    metavar="INTEGER",
    help="The newest version of the signed trust store that you have seen; an older one is refused.",
)
@click.option(
    "--checkpoint",
    "kept",
    type=FILE,
    multiple=True,
    help="A checkpoint you kept: the ledger must have grown from it; may be repeated.",
)
@click.option("--exporter", help="Number of the exporter's key, as you know it from elsewhere.")
@click.option("--policy", type=FILE, help="Your own witness policy, instead of the one in the case.")
@click.option("--authorities", type=FILE, help="The root certificates of authorities you trust, in PEM.")
@format_option
@lang_option
def verify_(
    case: Path, root: str | None, trust_version: int | None, kept: tuple[Path, ...], exporter: str | None,
    policy: Path | None, authorities: Path | None, form: str, lang: Lang,
) -> None:  # fmt: skip
    """Check a case file again from its own bytes, offline: digests, signatures, tree, trust, and every verdict.

    Ends with 1 if something is missing, added or changed, and says where; with 3 if everything fits but only the
    case itself says whom to trust, since no --root was given, or the ledger's keeper did not sign for every entry.

    \b
    Example:
      smartclause evidence verify case.zip --checkpoint kept.note
    """
    from smartclause.evidence.files import read_limited
    from smartclause.evidence.ledger import system_clock
    from smartclause.verbs.case_check import check_case
    from smartclause.verbs.case_reports import reports
    from smartclause.verbs.case_words import told
    from smartclause.verbs.cases import check_form

    given = {
        name: None if path is None else read_limited(path, MAX_GIVEN)
        for name, path in (("policy", policy), ("stamp_roots", authorities))
    }
    notes = tuple(read_limited(path, MAX_GIVEN) for path in kept)
    found = check_case(
        case, root, exporter, trust_version=trust_version, **given, kept=notes, remake=reports, clock=system_clock
    )
    if form == "json":
        answer(check_form(found))
    else:
        for line in told(found, lang):
            say(line)
    raise click.exceptions.Exit(Exit(found.exit_code))


@evidence.command("handover")
@click.argument("case", type=CASE_PATH)
@click.option("--by", required=True, help="Who hands the case over.")
@click.option("--to", required=True, help="Who takes it.")
@click.option("--note", default="", help="How, where, on what occasion.")
@key_options
@format_option
@lang_option
def handover_(
    case: Path, by: str, to: str, note: str, key: Path, passphrase_file: Path | None, form: str, lang: Lang
) -> None:  # fmt: skip
    """Add a signed line to the custody log of a case file: who handed it to whom, and when.

    \b
    Example:
      smartclause evidence handover case.zip --by "Clerk of A" --to "Court registry" --key provider.key
    """
    from smartclause.verbs.cases import handover
    from smartclause.verbs.keys import open_key

    made = handover(case, by, to, note, open_key(key, passphrase(passphrase_file)))
    if form == "json":
        answer(made)
    else:
        say(pick(lang, f"line {made.lines} of the custody log", f"保管记录第{made.lines}行"))


COMMANDS = (evidence,)
