"""The page on the 1,691 datasets is true: its commands run from top to bottom and print what it shows."""

import pytest

from tests.real.audit_page import fits, typed


def test_every_command_of_the_page_prints_what_the_page_shows(real_run):
    assert len(real_run.printed) == len(list(typed()))
    for step, printed in real_run.printed:
        assert fits(step.shown, printed), f"{step.command}\n" + "\n".join(printed[:40])


def test_the_page_has_commands_of_every_kind():
    verbs = {step.command.split()[1] for step in typed() if step.command.startswith("smartclause")}
    assert verbs == {"keys", "compile", "sign", "ledger", "record", "audit", "decide"}


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        (["a", "...", "c"], ["a", "b", "b", "c"], True),
        (["a", "...", "c"], ["a", "b"], False),
        (["root ..."], ["root 12"], True),
        (["a"], ["a", "b"], False),
        ([], ["unexpected"], False),
    ],
)
def test_dots_stand_for_what_the_page_leaves_out(shown, printed, expected):
    assert fits(shown, printed) is expected
