"""The examples of the help, each with the folder as it lay before it ran: where a command finds genuine files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import chdir, nullcontext
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from tests.cli.examples import ENDS, ORDER, commands, examples, folder_for_examples
from tests.evidence.authority import answer_requests

WRITTEN = {"-o", "--out", "--html", "--keep", "--append", "--folder"}  # files that a command makes
ALSO_WRITTEN = {("sign event", "--disclosures"), ("prove", "--schema"), ("prove", "--csv")}
APART = {"demo", "keys make"}  # they read nothing that somebody else made


@dataclass(frozen=True)
class Told:
    """An example, and the folder in which it would run."""

    command: str
    words: tuple[str, ...]
    folder: Path


@dataclass(frozen=True)
class Slot:
    """A place in the words of an example where the name of a file to be read stands."""

    told: Told
    at: int  # beyond the end: an option that the example does not have
    option: str = ""

    def words(self, file: str) -> list[str]:
        if self.option:
            return [*self.told.words, self.option, file]
        return [file if n == self.at else word for n, word in enumerate(self.told.words)]

    @property
    def genuine(self) -> Path | None:
        return None if self.option else self.told.folder / self.told.words[self.at]

    def __str__(self) -> str:
        return f"{self.told.command} {self.option or self.told.words[self.at]}"


def run(words: list[str] | tuple[str, ...], folder: Path | None = None) -> Result:
    with nullcontext() if folder is None else chdir(folder):
        return CliRunner().invoke(cli, list(words))


def tell(folder: Path, kept: Path) -> Iterator[Told]:
    """Runs all examples in `folder`; what lay there before each is kept."""
    folder_for_examples(folder)
    found = dict(commands())
    for name in ORDER:
        answer_requests(folder)
        for number, given in enumerate(examples(found[name])):
            words = _with_key(given, folder)
            if name == "demo":
                continue
            before = kept / f"{name.replace(' ', '-')}-{number}"
            shutil.copytree(folder, before)
            ended = run(words, folder)
            assert ended.exit_code in ENDS.get(name, {0}), (words, ended.output)
            if name not in APART:
                yield Told(name, tuple(words), before)


def _with_key(words: list[str], folder: Path) -> list[str]:
    if "KEY" not in words:
        return words
    key = (folder / "trust.json").read_text(encoding="utf-8").split('"id":"')[1].split('"')[0]
    return [key if word == "KEY" else word for word in words]


def slots(told: Told) -> Iterator[Slot]:
    names = told.command.split()
    words = told.words
    for at in range(len(names), len(words)):
        before = words[at - 1]
        if before in WRITTEN or (told.command, before) in ALSO_WRITTEN:
            continue
        if (told.folder / words[at]).is_file():
            yield Slot(told, at)
    command = dict(commands())[told.command]
    for parameter in command.params:
        if not isinstance(parameter, click.Option) or not isinstance(parameter.type, click.Path):
            continue
        option = parameter.opts[-1]
        written = option in WRITTEN or (told.command, option) in ALSO_WRITTEN
        if not written and not set(parameter.opts) & set(words):
            yield Slot(told, len(words), option)
