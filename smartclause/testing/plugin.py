"""Runs the scenarios of clause files as tests of pytest: one test for each scenario.

Does nothing unless asked: by `--clauses` or `clauses = true` in the configuration, or for a `.clause` file named on
the command line. A scenario that fails is shown in the language of its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from smartclause.language.load import Loaded
    from smartclause.logic.contract import Scenario
    from smartclause.logic.lookup import Lookup
    from smartclause.logic.scenario import Run

ENDING = ".clause"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("smartclause")
    group.addoption("--clauses", action="store_true", default=None, help="collect the scenarios of .clause files")
    group.addoption(
        "--clause-folder",
        action="append",
        default=[],
        metavar="FOLDER",
        help="where imports of clause files are sought",
    )
    parser.addini("clauses", "collect the scenarios of .clause files", type="bool", default=False)
    parser.addini("clause_folders", "where imports of clause files are sought", type="paths", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ClauseFile | None:
    if file_path.suffix != ENDING or not (_asked(parent.config) or parent.session.isinitpath(file_path)):
        return None
    return ClauseFile.from_parent(parent, path=file_path)


def _asked(config: pytest.Config) -> bool:
    given = config.getoption("--clauses")
    return bool(config.getini("clauses") if given is None else given)


def _folders(config: pytest.Config) -> tuple[Path, ...]:
    return (*map(Path, config.getoption("--clause-folder")), *config.getini("clause_folders"))


class ClauseFile(pytest.File):
    """A file without scenarios (a vocabulary, a rule pack) holds no test; one with errors is an error of collection."""

    def collect(self) -> Iterable[ScenarioItem]:
        from smartclause.language.load import load
        from smartclause.logic.lookup import Lookup

        loaded = load(self.path, _folders(self.config))
        if loaded.contract is None or loaded.has_errors:
            raise self.CollectError("\n".join(_findings(loaded)))
        lookup = Lookup(loaded.contract)
        for scenario in loaded.contract.scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.name, scenario=scenario, lookup=lookup, loaded=loaded)


def _findings(loaded: Loaded) -> Iterator[str]:
    from smartclause.language.diagnostic import render

    for found in loaded.diagnostics:
        if found.is_error:
            yield render(found, loaded.texts.get(found.span.file))


class ScenarioFailedError(Exception):
    """Some `then` line of the scenario does not hold."""

    def __init__(self, run: Run) -> None:
        self.run = run
        super().__init__(run.scenario.name)


class ScenarioItem(pytest.Item):
    def __init__(self, *, scenario: Scenario, lookup: Lookup, loaded: Loaded, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario
        self.lookup = lookup
        self.loaded = loaded

    def runtest(self) -> None:
        from smartclause.logic.scenario import run

        found = run(self.lookup.contract, self.scenario, self.lookup)
        if not found.holds:
            raise ScenarioFailedError(found)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = getattr(self.scenario.span, "line", 0)
        return self.path, line - 1 if line else None, f"scenario {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ScenarioFailedError):
            return "\n".join(self._told(excinfo.value.run))
        return super().repr_failure(excinfo, style)

    def _told(self, run: Run) -> Iterator[str]:
        """The scenario as it stands in the file, and under each line that does not hold what was found."""
        from smartclause.verbs.scenarios import said

        lang = self.loaded.trees[self.loaded.root].language
        wrong = {getattr(o.expected.span, "line", 0): said(o, lang) for o in run.outcomes if not o.holds}
        source = self.loaded.sources[self.loaded.root].decode("utf-8-sig").splitlines()
        first = getattr(self.scenario.span, "line", 1)
        last = max((*wrong, first))
        for number in range(first, last + 1):
            text = source[number - 1] if number <= len(source) else ""
            mark = ">" if number in wrong else " "
            yield f"{mark} {number:4}  {text}"
            if number in wrong:
                yield f"E       {wrong[number]}"
        yield from self._explained(run)

    def _explained(self, run: Run) -> Iterator[str]:
        """Why the act was judged as it was."""
        from smartclause.engines.prose import explain_verdict

        if run.verdict is not None and any(not o.expected.clause for o in run.outcomes if not o.holds):
            lang = self.loaded.trees[self.loaded.root].language
            yield ""
            yield from explain_verdict(self.lookup, run.verdict, lang).splitlines()
