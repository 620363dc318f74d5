"""Faults planted in the prover, to see that its tests find them: `python -m tests.engines.prove.faults`.

A fault is a change of a module's source in the memory of a process of its own; no file is touched.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.agreement.faults import Fault, is_caught

PLANTED = Path(__file__).with_name("planted.toml")
WORLDS = 150


def listed() -> list[Fault]:
    return [Fault(engine="prove", **each) for each in tomllib.loads(PLANTED.read_text("utf-8"))["fault"]]


def wrong(_: str) -> Iterator[object]:
    """Pairs of a proof and its control first, which are quick; then worlds that must be possible."""
    from tests.engines.prove import (
        test_controls,
        test_every_proof_has_a_control,
        test_findings,
        test_own_word,
        test_soundness,
    )

    for condition, shape in product(test_own_word.CONDITIONS, test_own_word.SHAPES):
        own = test_own_word.test_an_act_is_allowed_only_on_what_others_say_too_and_refused_on_anybodys_word
        yield from _fails(own, condition, shape)
    yield from _fails(test_controls.test_what_every_permission_needs_is_told)
    yield from _fails(
        test_every_proof_has_a_control.test_a_contract_is_as_strict_as_another_with_its_guard_and_not_without
    )
    yield from _fails(test_findings.test_what_the_debtor_may_say_otherwise_is_no_dilemma_and_what_others_show_is)
    for pair in test_every_proof_has_a_control.PAIRS:
        yield from _fails(test_every_proof_has_a_control.test_it_is_proved_with_its_guard_and_not_without, *pair)
    for rows, answer in test_every_proof_has_a_control.BOUNDS:
        bounds = test_every_proof_has_a_control.test_a_fact_may_be_as_low_and_as_high_as_it_is_declared_and_no_further
        yield from _fails(bounds, rows, answer)
    for alone in test_every_proof_has_a_control.ALONE:
        yield from _fails(test_every_proof_has_a_control.test_what_is_not_known_is_neither_so_nor_not_so, *alone)
    for kind in test_every_proof_has_a_control.PROPERTIES:
        yield from _fails(
            test_every_proof_has_a_control.test_a_property_is_proved_with_its_guard_and_refuted_without, kind
        )
    for control in test_controls.CONTROLS:
        yield from _fails(test_controls.test_the_proof_stands_with_its_guard_and_falls_without, *control)
    for fault in test_findings.FAULTS:
        yield from _fails(test_findings.test_a_fault_of_drafting_is_found_and_gone_when_it_is_mended, *fault)
    test_soundness.SEEDS = range(WORLDS)  # fewer of the worlds that the tests look at
    for part in range(2):
        yield from _fails(test_soundness.test_every_world_of_the_laws_is_possible, part)
    for part in range(4):
        yield from _fails(test_soundness.test_every_world_of_the_agreement_suite_is_possible, part)


def _fails(test: object, *about: object) -> Iterator[object]:
    assert callable(test)
    try:
        test(*about)
    except AssertionError as error:
        yield error


def main() -> int:
    escaped = 0
    for fault in listed():
        source = fault.changed()
        found = "stale" if source is None else "caught" if is_caught(fault, source, wrong) else "ESCAPED"
        escaped += found != "caught"
        sys.stdout.write(f"{found:8} {fault.module.rpartition('/')[2]}: {fault.old} -> {fault.new}\n")
        sys.stdout.flush()
    return min(escaped, 1)


if __name__ == "__main__":
    sys.exit(main())
