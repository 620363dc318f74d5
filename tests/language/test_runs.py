"""Long acts in the text (design 2.2): the declaration in both languages, and how a run without checkpoint is judged."""

from pathlib import Path

import pytest

from smartclause.language.format import format
from smartclause.language.parse import parse
from smartclause.language.tree import Run
from smartclause.logic.counting import parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run, scenario_world
from smartclause.logic.verdict import judge_act
from tests.language.sample import codes_of, contract_of

HEAD = "contract sample version 1.0.0\n  in force from 2026-01-01.\n  checkpoints at least every 24 hours.\n"
WORDS = (
    'party A.\nparty B.\nact train zh "训练" en "train" by B has\n  run zh "任务编号" en "run number" is identifier;\n'
    "  good is fact.\nact fine_tune under train.\n"
    'occurrence alive zh "续行" en "alive" by B has\n  run is identifier.\n'
    'occurrence ended zh "结束" en "ended" by B has\n  run is identifier.\n'
)
LONG = "checkpoints of train are alive until ended for the same run.\n"
CLAUSE = "clause 1 scope\n  B may train.\n"
BASE = HEAD + WORDS + LONG + CLAUSE


def verdict_after(lines: str, later: int = 0) -> tuple[str, int | None]:
    """The verdict some microseconds after the last line, and since when the run was silent for too long."""
    contract = contract_of(BASE + "scenario s\n  " + "\n  ".join(lines.split("; ")) + "\n  then allowed.\n")
    written = contract.scenarios[0].lines
    world = scenario_world(Lookup(contract), written, written[-1].at + later)
    found = judge_act(world, world.of_type("sample.train")[0])
    return found.decision.value, found.undecided_since


def test_a_long_act_names_its_checkpoints_its_end_and_its_key() -> None:
    train = next(t for t in contract_of(BASE).types if t.name == "sample.train")
    assert (train.checkpoint, train.end, train.run) == ("sample.alive", "sample.ended", "run")


def test_a_narrower_act_is_as_long_as_the_one_above_it() -> None:
    fine_tune = next(t for t in contract_of(BASE).types if t.name == "sample.fine_tune")
    assert (fine_tune.checkpoint, fine_tune.end, fine_tune.run) == ("sample.alive", "sample.ended", "run")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_declaration_is_written_and_read_back_in_both_languages(language: str) -> None:
    file, found = parse(BASE)
    assert not found
    assert file is not None
    text = format(file, language)  # type: ignore[arg-type]
    assert (
        "checkpoints of train are alive" if language == "en" else "持续行为 训练，其检查点为续行，其终点为结束"
    ) in text
    again, found = parse(text)
    assert not found
    assert again == file
    assert any(isinstance(item, Run) for item in again.items)


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("checkpoints of train are alive until ended for the same good.\n", ["T10"]),
        ("checkpoints of train are alive until train for the same run.\n", ["R04"]),
        ("checkpoints of alive are ended until alive for the same run.\n", ["R04"]),
        ("checkpoints of train are unknown_one until ended for the same run.\n", ["R01"]),
        (LONG + LONG, ["R03"]),
    ],
)
def test_what_a_long_act_names_must_exist_and_share_an_identifier(line: str, codes: list[str]) -> None:
    assert codes_of(HEAD + WORDS + line + CLAUSE) == codes


def test_the_key_of_a_long_act_is_an_identifier() -> None:
    text = HEAD + WORDS.replace("run is identifier", "run is text") + LONG + CLAUSE
    assert codes_of(text) == ["T10"]


def decision_after(lines: str) -> str:
    return verdict_after(lines)[0]


START = 'at 2026-02-01T00:00 B train with run = "r1", good = yes'


def test_a_gap_of_exactly_24_hours_is_no_gap() -> None:
    assert verdict_after(f"{START}.; at 2026-02-02T00:00.") == ("allowed", None)


def test_a_run_is_undecided_from_the_first_instant_after_the_gap() -> None:
    decision, since = verdict_after(f"{START}.; at 2026-02-02T00:00.", later=1)
    assert decision == "undecided"
    assert since == parse_instant("2026-02-02T00:00:00.000001Z")


def test_a_checkpoint_keeps_a_run_alive_and_only_its_own_run() -> None:
    assert decision_after(f'{START}.; at 2026-02-02T00:00 alive with run = "r1".; at 2026-02-03T00:00.') == "allowed"
    assert (
        verdict_after(f'{START}.; at 2026-02-02T00:00 alive with run = "r2".; at 2026-02-03T00:00.')[0] == "undecided"
    )


def test_an_ended_run_needs_no_more_checkpoints() -> None:
    assert decision_after(f'{START}.; at 2026-02-01T20:00 ended with run = "r1".; at 2026-06-01T00:00.') == "allowed"
    assert (
        verdict_after(f'{START}.; at 2026-02-02T00:01 ended with run = "r1".; at 2026-06-01T00:00.')[0] == "undecided"
    )


def test_a_run_whose_number_is_not_shown_has_no_checkpoints() -> None:
    unknown = START.replace('run = "r1"', "not shown run")
    text = f'{unknown}.; at 2026-02-01T20:00 alive with run = "r1".; at 2026-02-02T00:01.'
    assert verdict_after(text)[0] == "undecided"


def test_a_scenario_can_say_that_the_run_is_undecided_after_the_gap() -> None:
    contract = contract_of(BASE + f"scenario s\n  {START}.\n  at 2026-02-02T00:01.\n  then undecided.\n")
    assert run(contract, contract.scenarios[0]).holds


def test_only_the_file_that_declares_an_act_says_how_it_goes_on(tmp_path: Path) -> None:
    words = WORDS.replace("party A.\nparty B.\n", "role trainer.\n").replace(" by B ", " by trainer ")
    text = "contract sample version 1.0.0\nimport words version 1.0.0.\nparty B.\n" + LONG + CLAUSE
    assert codes_of(text, tmp_path, words="vocabulary words version 1.0.0\n" + words) == ["R32"]
