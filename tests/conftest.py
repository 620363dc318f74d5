"""Settings of the whole suite: how many examples a law is tried on, and the marker that cites a rule.

`ci` is the default; `HYPOTHESIS_PROFILE=nightly` tries each law far longer. What is picked by chance starts from the
seed of `tests/chance.py`.
"""

import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import coverage
import pytest
from hypothesis import HealthCheck, settings

import smartclause
from tests.chance import SEED, settle

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


@contextmanager
def _not_counting() -> Iterator[None]:
    counting = coverage.Coverage.current()
    if counting is not None:
        counting.stop()
    try:
        yield
    finally:
        if counting is not None:
            counting.start()


def _import_all() -> None:
    for module in pkgutil.walk_packages(smartclause.__path__, "smartclause."):
        if not module.name.endswith("__main__"):
            try:
                import_module(module.name)
            except ImportError:  # of an extra that is not installed
                continue
