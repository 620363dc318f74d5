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
    config.addinivalue_line("markers", "rule(number, ...): the rules of the meaning that the test shows")
