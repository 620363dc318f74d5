"""The page of requirements lists each row once, and whatever it refers to exists."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from smartclause.cli.main import cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "requirements.md").read_text("utf-8")
TABLE = ROOT.parent / "shared" / "law" / "paper-requirements.md"
ID = r"(?:[PGF]-\d+|V-(?:rest|\d[\d.a-g]*(?: or| tail)?))"
ROWS = re.findall(rf"^\| ({ID}) \| (.*?) \| (.*?) \|$", PAGE, re.M)
NOT_YET = re.findall(ID, PAGE.partition("## Not yet")[2])
CONTRACTS = {
    "voice_synthesis": "cn/voice_synthesis",
    "commercial_training": "commercial_training",
    "cn_export": "rules",
}


@cache
def names() -> frozenset[str]:
    texts = (p.read_text("utf-8") for p in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(name for text in texts for name in re.findall(r"^ *def (test_\w+)", text, re.M))


@cache
def clauses(contract: str) -> frozenset[str]:
    text = (ROOT / "contracts" / CONTRACTS[contract] / f"{contract}.clause").read_text("utf-8")
    return frozenset(re.findall(r"^clause ([\d.]+) ", text, re.M))


@cache
def scenarios_and_properties() -> frozenset[str]:
    texts = (p.read_text("utf-8") for p in (ROOT / "contracts").rglob("*.clause"))
    words = {"情景": "scenario", "证明事项": "prove"}
    found = (m for text in texts for m in re.findall(r"^(scenario|prove|情景|证明事项) (\w+)", text, re.M))
    return frozenset(f"{words.get(kind, kind)} {name}" for kind, name in found)


def exists(reference: str) -> bool:
    kind, _, rest = reference.partition(" ")
    if kind.startswith("test_"):
        return reference in names()
    if kind == "smartclause":
        return rest in cli.commands
    if kind in ("scenario", "prove"):
        return reference in scenarios_and_properties()
    return kind in CONTRACTS and rest in clauses(kind)


@pytest.mark.parametrize(("row", "shown"), [(row, shown) for row, _, shown in ROWS], ids=[row for row, _, _ in ROWS])
def test_what_a_row_refers_to_exists(row: str, shown: str) -> None:
    named = re.findall(r"`([^`]+)`", shown)
    assert named, row
    assert ", ".join(f"`{name}`" for name in named) == shown
    assert [name for name in named if not exists(name)] == []


def test_no_row_is_listed_twice() -> None:
    listed = Counter([*(row for row, _, _ in ROWS), *NOT_YET])
    assert [row for row, times in listed.items() if times > 1] == []


def test_a_row_met_in_part_says_what_is_missing() -> None:
    assert [row for row, met, _ in ROWS if met.startswith("*Partly.*") != ("Missing:" in met)] == []


def test_every_line_of_the_tables_is_read() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| [PVGF]-", line)]
    assert len(lines) == len(ROWS)


def test_the_rows_are_those_of_the_table_of_requirements() -> None:
    if not TABLE.exists():
        pytest.skip("the table of requirements is not at hand")
    wanted = re.findall(rf"^\| ({ID}) \|", TABLE.read_text("utf-8"), re.M)
    assert len(wanted) == 174
    assert set(wanted) == {row for row, _, _ in ROWS} | set(NOT_YET)


@pytest.mark.parametrize(
    "wrong", ["voice_synthesis 9.9", "other 1.1", "test_of_nothing", "smartclause dance", "scenario none", "prove none"]
)
def test_a_reference_to_nothing_is_found(wrong: str) -> None:
    assert not exists(wrong)
