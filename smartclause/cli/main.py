"""The command `smartclause`: one verb for each thing people do with contracts on data.

Exit codes: 0 yes or clean, 1 a negative answer, 2 unusable input or arguments, 3 undecided.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import Any

import click

from smartclause.cli import acts, contracts, demo, keys, ledgers, registers, signing
from smartclause.cli.chinese import click_words, in_chinese, texts
from smartclause.cli.options import default_lang, group_lang
from smartclause.cli.output import Exit, pick, show_what_the_screen_lacks, warn
from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.verbs.errors import VerbError


class Verbs(click.Group):
    """Our own errors end a command with a sentence and a help; nothing ends in a stack trace."""

    def main(self, *args: Any, **options: Any) -> Any:
        lang = _lang(options.get("args") or (args[0] if args else None) or sys.argv[1:])
        shown = in_chinese(self) if lang == "zh" else self
        try:
            run: Callable[..., Any] = click.Group.main
            ended = run(shown, *args, obj=lang, standalone_mode=False, **options)
            sys.exit(ended if isinstance(ended, int) else Exit.YES)
        except click.ClickException as error:
            show_misuse(error, lang)
        except click.Abort:
            warn(pick(lang, "Aborted!", "已中止。"))
        except (EvidenceError, VerbError) as error:
            report(error, lang)
        except RecursionError:
            report(VerbError("VB26", reason="it is nested too deeply"), lang)
        except (OSError, MemoryError) as error:
            report(VerbError("VB26", reason=getattr(error, "strerror", None) or type(error).__name__), lang)
        except Exception as error:
            report(VerbError("VB25", reason=f"{type(error).__name__}: {error}"), lang)
        sys.exit(Exit.UNUSABLE)


def report(error: EvidenceError | VerbError, lang: Lang) -> None:
    from smartclause.cli.findings import findings_of

    for line in findings_of(error):
        warn(line)
    warn(error.text(lang))
    warn(f"  = {'办法：' if lang == 'zh' else 'help: '}{error.help(lang)}")


def show_misuse(error: click.ClickException, lang: Lang) -> None:
    """What was typed wrongly, as click says it, or the same in Chinese."""
    if lang == "en" or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        warn(f"{context.get_usage()}\n键入“{context.command_path} --help”查看帮助。\n")
    warn(f"错误：{click_words(error.format_message())}")


def _lang(words: Sequence[str]) -> Lang:
    """The language asked for last, as far as the arguments tell; otherwise that of the locale."""
    known: dict[str, Lang] = {"zh": "zh", "en": "en"}
    found = [after for before, after in pairwise(("", *words)) if before == "--lang" or after.startswith("--lang=")]
    asked = [known[word] for each in found if (word := each.removeprefix("--lang=")) in known]
    return asked[-1] if asked else default_lang()


def _version() -> str:
    try:
        return version("smartclause")
    except PackageNotFoundError:  # run from a folder, without having been installed
        return "0"


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version())
def cli() -> None:
    """Contracts on AI training data as programs with one meaning, checked over signed events.

    Exit codes: 0 yes or clean, 1 a negative answer (refused, violations, errors found), 2 unusable input or
    arguments, 3 undecided.
    """


for group in (contracts, keys, signing, acts, registers, ledgers, demo):
    for command in group.COMMANDS:
        cli.add_command(command)

for _, each in texts(cli):
    if isinstance(each, click.Group):
        each.params.append(group_lang())


def main() -> None:
    show_what_the_screen_lacks()
    cli(prog_name="smartclause")
