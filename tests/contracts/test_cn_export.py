"""The rule pack on export of personal information: each clause in each status, and the bands meet (P-093, V-6.2 or)."""

from functools import cache
from itertools import count
from pathlib import Path

import pytest

from smartclause.language.format import format as layout
from smartclause.language.load import Loaded, load
from smartclause.language.tree import Clause
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from tests.contracts.clause_statuses import possible, shown

FOLDER = Path(__file__).parents[2] / "contracts" / "rules"
ENGLISH, CHINESE = FOLDER / "cn_export.clause", FOLDER / "cn_export.zh.clause"


@cache
def loaded(path: Path) -> Loaded:
    return load(path)


@cache
def lookup() -> Lookup:
    return Lookup(loaded(ENGLISH).contract)


SCENARIOS = {each.name.rpartition(".")[2]: each for each in loaded(ENGLISH).contract.scenarios}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_holds(name: str) -> None:
    outcomes = run(loaded(ENGLISH).contract, SCENARIOS[name], lookup()).outcomes
    assert [(each.expected, each.found, each.because) for each in outcomes if not each.holds] == []


def test_every_clause_is_shown_in_every_status_it_can_have() -> None:
    tree = loaded(ENGLISH).trees["cn_export"]
    clauses = [item for item in tree.items if isinstance(item, Clause)]
    assert [(c.name.id, possible(c) - shown((tree,), c)) for c in clauses] == [(c.name.id, set()) for c in clauses]


def test_the_chinese_file_is_the_english_one_in_chinese() -> None:
    assert layout(loaded(ENGLISH).trees["cn_export"], "zh") == CHINESE.read_text(encoding="utf-8")
    assert layout(loaded(ENGLISH).trees["cn_export"]) == ENGLISH.read_text(encoding="utf-8")
    assert not [each.code for path in (ENGLISH, CHINESE) for each in loaded(path).diagnostics]


# The figures of the law made small, so that the reference can count up to them: 100,000 becomes 3, 1,000,000 becomes 6
# and 10,000 becomes 4. What is tested is each band at its last and its first number; the figures stand in the file.
SMALL = (("100,000 persons", "3 persons"), ("1,000,000 persons", "6 persons"), ("10,000 persons", "4 persons"))


def status(tmp_path: Path, others: int, sensitive: int, mechanism: str, own: str = "no", at: str = "2026-03-03") -> str:
    """How clause 1 stands for one more export, after so many persons of each kind earlier in the year."""
    text = ENGLISH.read_text(encoding="utf-8")
    for figure, small in SMALL:
        text = text.replace(f"is {figure} ", f"is {small} ")
    number = count()
    facts = "critical_operator = no, important_included = no, needed_by_law = no"
    before = [
        f'  at 2026-01-0{1 + kind}T09:00 H transfer with subject = "p{next(number)}", transfer_id = "x0", '
        f"destination = SG, sensitive = {('no', 'yes')[kind]}, {facts}.\n"
        for kind, many in enumerate((others, sensitive))
        for _ in range(many)
    ]
    act = f'  at {at}T09:00 H transfer with subject = "last", transfer_id = "x1", destination = SG, '
    act += f"sensitive = {own}, {facts}.\n"
    shown = {"none": "", "contract": '  at 2026-01-03T09:00 standard_contract with transfer_id = "x1".\n'}[mechanism]
    for wanted in ("met", "forbidden", "unknown"):
        path = tmp_path / "small.clause"
        then = f"  then clause 1 is {wanted}.\n"
        head = text[: text.index("scenario ")].replace("cn_export", "small")
        path.write_text(
            head + 'scenario one zh "一" en "one"\n' + "".join(before) + shown + act + then, encoding="utf-8"
        )
        contract = load(path).contract
        if all(each.holds for each in run(contract, contract.scenarios[0], Lookup(contract)).outcomes):
            return wanted
    raise AssertionError("clause 1 has another status")


@pytest.mark.parametrize(
    ("others", "mechanism", "expected"),
    [
        (1, "none", "met"),  # the second person of three: exempt
        (2, "none", "forbidden"),  # the third: a mechanism is needed
        (2, "contract", "met"),
        (4, "contract", "met"),  # the fifth of six
        (5, "contract", "forbidden"),  # the sixth: to be assessed
    ],
)
def test_the_bands_of_persons_meet_without_a_gap(tmp_path: Path, others: int, mechanism: str, expected: str) -> None:
    assert status(tmp_path, others, 0, mechanism) == expected


@pytest.mark.parametrize(
    ("sensitive", "own", "mechanism", "expected"),
    [
        (0, "no", "none", "met"),
        (1, "no", "none", "forbidden"),  # one sensitive person ends the exemption of small volumes
        (0, "yes", "none", "forbidden"),
        (2, "yes", "contract", "met"),  # the third of four
        (3, "yes", "contract", "forbidden"),  # the fourth: to be assessed
    ],
)
def test_the_bands_of_sensitive_persons_meet_without_a_gap(
    tmp_path: Path, sensitive: int, own: str, mechanism: str, expected: str
) -> None:
    assert status(tmp_path, 0, sensitive, mechanism, own) == expected


def test_the_numbers_begin_anew_with_the_year(tmp_path: Path) -> None:
    assert status(tmp_path, 2, 0, "none", at="2026-12-31") == "forbidden"
    assert status(tmp_path, 2, 0, "none", at="2027-01-01") == "met"
