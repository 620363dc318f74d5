"""The Python interface: the verbs by their names, each loaded when first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import smartclause
from smartclause.verbs.decide import decide


@pytest.mark.parametrize("name", smartclause.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(smartclause, name) is not None
    assert name in dir(smartclause)


def test_the_verbs_are_the_same_functions() -> None:
    assert smartclause.decide is decide


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_verb"):
        _ = smartclause.no_such_verb


def test_deciding_loads_no_parser() -> None:
    script = "import smartclause, sys; smartclause.decide; assert 'lark' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
