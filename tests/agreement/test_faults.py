"""Faults planted in the engines are found. A few here; all of them by `python -m tests.agreement.faults`."""

from __future__ import annotations

import pytest

from tests.agreement.faults import MODULES, Fault, is_caught, listed
from tests.agreement.mutants import mutants_of

LEAST = 12  # listed for each engine
SAMPLE = [fault for engine in MODULES for fault in listed([engine])[:1]]


def test_a_dozen_faults_are_listed_for_every_engine() -> None:
    for engine in MODULES:
        assert len(listed([engine])) >= LEAST, engine


def test_every_fault_that_is_listed_can_still_be_planted() -> None:
    assert [f"{fault.module}: {fault.old}" for fault in listed(tuple(MODULES)) if fault.changed() is None] == []


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda f: f.engine)
def test_a_planted_fault_is_caught(fault: Fault) -> None:
    source = fault.changed()
    assert source is not None
    assert is_caught(fault, source)


def test_an_engine_without_a_fault_is_not_blamed() -> None:
    fault = SAMPLE[0]
    assert not is_caught(fault, (fault.changed() and _as_it_is(fault)) or "")


def _as_it_is(fault: Fault) -> str:
    from tests.agreement.faults import ROOT

    return (ROOT / fault.module).read_text("utf-8")


def test_changes_are_drawn_from_every_kind_of_place() -> None:
    source = "def f(a, b):\n    return every((a < b, not a)) if a is b and b else some([0, True])\n"
    changed = {m.source for m in mutants_of(source)}
    assert len(changed) >= 10
    assert all(compile(s, "changed", "exec") for s in changed)
