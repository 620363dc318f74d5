"""Settings of the whole suite: how many examples a law is tried on, and the marker that cites a rule.

`ci` is the default; `HYPOTHESIS_PROFILE=nightly` tries each law far longer. What is picked by chance starts from the
seed of `tests/chance.py`.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any

import coverage
import pytest
from hypothesis import HealthCheck, settings

from tests.chance import SEED, settle

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

settings.register_profile("ci", max_examples=80, deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.register_profile("dev", max_examples=30, deadline=None, suppress_health_check=QUIET)
settings.register_profile("nightly", max_examples=3000, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    settle()  # before other processes share the work
    config.addinivalue_line("markers", "rule(number, ...): the rules of the meaning that the test shows")


def pytest_report_header() -> str:
    return f"chance: {SEED}={settle()}"


# What these run is run by other tests as well, and they take long: lines are not counted while they do.
_NOT_COUNTED = ("tests/agreement/", "tests/real/", "tests/contracts/", "tests/docs/", "tests/hostile/")


# Processes share the work by files, which make what their tests have in common once; these are shared test by test.
_DIVIDED = ("tests/agreement/test_agreement.py", "tests/contracts/test_full_coverage.py")
_TOGETHER = ("tests/real/",)
_FIRST = ("tests/real/", "tests/agreement/", "tests/contracts/")  # so that no process waits for a long one at the end


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((n for n, f in enumerate(_FIRST) if item.nodeid.startswith(f)), len(_FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if file in _DIVIDED else next((t for t in _TOGETHER if file.startswith(t)), file)

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Contracts are read where tests are collected: only the lines of the modules themselves are counted."""
    if coverage.Coverage.current() is not None:
        _import_all()
    with _not_counting():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """With what the test sets up, which may take far longer than the test."""
    if not item.nodeid.startswith(_NOT_COUNTED):
        return (yield)
    with _not_counting():
        return (yield)


EXAMPLES = 25  # of each law, in which lines are counted: the others hardly reach lines that these do not


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    law: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    if law is None or coverage.Coverage.current() is None:
        return (yield)
    tried, examples, stopped = law.inner_test, count(), ExitStack()

    @wraps(tried)
    def counted(*given: object, **named: object) -> object:
        if next(examples) == EXAMPLES:
            stopped.enter_context(_not_counting())
        return tried(*given, **named)

    law.inner_test = counted
    try:
        return (yield)
    finally:
        law.inner_test = tried
        stopped.close()


@contextmanager
def _not_counting() -> Iterator[None]:
    """Whoever counts: in a process that shares the work two do, and each would go on where the other stops."""
    stopped = []
    while (counting := coverage.Coverage.current()) is not None:
        counting.stop()
        stopped.append(counting)
    try:
        yield
    finally:
        for counting in reversed(stopped):
            counting.start()


def _import_all() -> None:
    import smartclause

    for module in pkgutil.walk_packages(smartclause.__path__, "smartclause."):
        if not module.name.endswith("__main__"):
            try:
                import_module(module.name)
            except ImportError:  # of an extra that is not installed
                continue
