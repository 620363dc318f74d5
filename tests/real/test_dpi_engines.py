"""The audit of the 1,691 published records is the same by every engine: verdicts, leaves, statuses, duties, reasons."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from smartclause.language.load import load
from tests.agreement.answers import at_end_of, reference_acts, reference_duties
from tests.agreement.comparing import differences
from tests.agreement.engines import EVERY, Answers, Engine, plain_reference
from tests.agreement.monitored import SHOWN, monitor_differences
from tests.agreement.worlds import Case
from tests.real import dpi_events as dpi
from tests.real.audit_page import ROOT
from tests.real.dpi_world import case_of

CONTRACT = ROOT / "contracts" / "commercial_training" / "commercial_training.clause"
ASKED = "2026-02-03T08:00:00Z"
PARTS = ("lowering", "past")  # no engines yet: what engines are made of
SHARE = int(os.environ.get("DPI_SHARE", "1"))  # one record in so many

pytestmark = pytest.mark.skipif(not dpi.FOLDER.exists(), reason="the published dataset records are not on this machine")


def case(share: int) -> Case:
    contract = load(CONTRACT).contract
    assert contract is not None
    known = dpi.tables()
    plain = [event for record in dpi.records()[::share] for event in dpi.events(record, known)]
    return case_of(contract, sorted(plain, key=lambda event: event["time"]), ASKED)


@pytest.fixture(scope="module")
def some() -> tuple[Case, Answers]:
    asked = case(SHARE)
    world = asked.world()
    acts = reference_acts(world)  # each is asked for at the place at which it is recorded
    plain = [plain_reference(world, act, asked.asked) for act in asked.proposed]
    return asked, Answers(acts, acts, reference_duties(world, at_end_of(asked.asked), asked.asked), plain)


def test_the_reference_judges_every_training(some):
    asked, answers = some
    assert answers.acts is not None
    assert len(answers.acts) == len(dpi.records()[::SHARE]) == len(asked.proposed)


@pytest.mark.parametrize("engine", [e for e in EVERY.values() if e.name not in PARTS], ids=lambda engine: engine.name)
def test_every_engine_gives_the_same_audit(engine: Engine, some):
    asked, answers = some
    found = [str(difference) for _, difference in differences(engine, [asked], [answers], seconds=300)]
    assert not found, "\n".join(found[:5])


FOLLOWED = int(os.environ.get("DPI_FOLLOWED", "4"))  # one record in so many, followed line by line by each core


def test_the_monitor_tells_of_each_record_what_the_audit_finds():
    """As plain lines, all of whose facts were verified by whoever hands them over."""
    asked = case(FOLLOWED)
    lines = [replace(e, signers=SHOWN, source="", index=n) for n, e in enumerate(asked.records, 1)]
    plain = replace(asked, records=tuple(lines), proposed=(), signed={}, draft=True)
    assert len(reference_acts(plain.world())) == len(dpi.records()[::FOLLOWED])
    found = [str(difference) for difference in monitor_differences(plain)]
    assert not found, "\n".join(found[:5])
