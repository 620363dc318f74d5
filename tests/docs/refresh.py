"""Write into a page what its commands print now: `python -m tests.docs.refresh docs/tutorial/first-contract.md`."""

import os
import shlex
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner

from smartclause.cli.main import cli
from tests.docs.test_pages import ENVIRONMENT, fences, file_of, steady, typed
from tests.evidence.authority import answer_requests


def refreshed(page: Path) -> str:
    lines = page.read_text("utf-8").splitlines()
    result: list[str] = []
    done = 0
    python: dict[str, object] = {}
    for info, content, line in fences(page):
        name = file_of(info)
        if name:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(content, "utf-8")
        if info == "python run":
            exec(compile(content, str(page), "exec", dont_inherit=True), python)
        if info == "console":
            result += lines[done:line]
            for step in typed(content, line):
                answer_requests(Path())
                shown = CliRunner().invoke(cli, shlex.split(step.command)[1:], env=ENVIRONMENT)
                result += [f"$ {step.command}", *(steady(text) for text in shown.output.rstrip().splitlines())]
            done = line + content.count("\n")
    return "\n".join([*result, *lines[done:]]) + "\n"


if __name__ == "__main__":
    for page in [Path(given).resolve() for given in sys.argv[1:]]:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            text = refreshed(page)
        page.write_text(text, "utf-8")
