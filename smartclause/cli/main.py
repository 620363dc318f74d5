"""The command `smartclause`: one verb for each thing people do with contracts on data.

Exit codes: 0 yes or clean, 1 a negative answer, 2 unusable input or arguments, 3 undecided.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import Any

import click

from smartclause.cli import acts, contracts, demo, keys, ledgers, registers, signing
from smartclause.cli.options import default_lang
from smartclause.cli.output import Exit, warn
from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.verbs.errors import VerbError


class Verbs(click.Group):
    """Our own errors end a command with a sentence and a help; nothing ends in a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (EvidenceError, VerbError) as error:
            report(error, _lang(ctx))
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except RecursionError:
            report(VerbError("VB26", reason="it is nested too deeply"), _lang(ctx))
        except (OSError, MemoryError) as error:
            report(VerbError("VB26", reason=getattr(error, "strerror", None) or type(error).__name__), _lang(ctx))
        except Exception as error:
            report(VerbError("VB25", reason=f"{type(error).__name__}: {error}"), _lang(ctx))
        raise click.exceptions.Exit(Exit.UNUSABLE)


def report(error: EvidenceError | VerbError, lang: Lang) -> None:
    from smartclause.cli.findings import findings_of

    for line in findings_of(error):
        warn(line)
    warn(error.text(lang))
    warn(f"  = {'办法：' if lang == 'zh' else 'help: '}{error.help(lang)}")


def _lang(ctx: click.Context) -> Lang:
    """Of the command that failed, as far as its arguments tell."""
    words = [*ctx.args, *sys.argv[1:]]
    for before, after in pairwise(words):
        if before == "--lang" and after in ("zh", "en"):
            return "zh" if after == "zh" else "en"
    return "zh" if "--lang=zh" in words else "en" if "--lang=en" in words else default_lang()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="smartclause")
def cli() -> None:
    """Contracts on AI training data as programs with one meaning, checked over signed events.

    Exit codes: 0 yes or clean, 1 a negative answer (refused, violations, errors found), 2 unusable input or
    arguments, 3 undecided.
    """


for group in (contracts, keys, signing, acts, registers, ledgers, demo):
    for command in group.COMMANDS:
        cli.add_command(command)


def main() -> None:
    cli(prog_name="smartclause")
