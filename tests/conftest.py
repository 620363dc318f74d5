"""Settings of the whole suite: how many examples a law is tried on, and the marker that cites a rule.

`ci` is the default; `HYPOTHESIS_PROFILE=nightly` tries each law far longer.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

settings.register_profile("ci", max_examples=80, deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.register_profile("dev", max_examples=30, deadline=None, suppress_health_check=QUIET)
settings.register_profile("nightly", max_examples=3000, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "no_cover: lines are not counted while the test runs")
    config.addinivalue_line("markers", "rule(number, ...): the rules of the meaning that the test shows")


# What these run is run by other tests as well, and they take long: lines are not counted while they do.
_NOT_COUNTED = ("tests/agreement/", "tests/real/", "tests/contracts/", "tests/docs/", "tests/hostile/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(_NOT_COUNTED):
            item.add_marker("no_cover")
