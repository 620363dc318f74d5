"""Scenarios of the meaning, written back into the file that they came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smartclause.language.format import item_text
from smartclause.language.load import load
from smartclause.language.telling import scenario_tree

CONTRACTS = Path(__file__).parents[2] / "contracts"
VOICE = CONTRACTS / "cn" / "voice_synthesis"
FILES = [
    CONTRACTS / "commercial_training" / "commercial_training.clause",
    VOICE / "border_and_end_cases.zh.clause",
    VOICE / "security_cases.zh.clause",
]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_shipped_scenario_reads_back_as_itself(path):
    loaded = load(path)
    assert loaded.contract is not None
    file = loaded.trees[loaded.root]
    text = path.read_text(encoding="utf-8")
    told = "\n".join(item_text(file, scenario_tree(loaded.contract, s)) for s in loaded.contract.scenarios)
    head = text[: min(text.index(s) for s in ("\nscenario ", "\n情景 ") if s in text)]
    again = load(f"{head}\n\n{told}", name=str(path), beside=path.parent)
    assert [d.message for d in again.diagnostics if d.is_error] == []
    assert again.contract is not None
    assert [_bare(s) for s in again.contract.scenarios] == [_bare(s) for s in loaded.contract.scenarios]


def _bare(scenario):
    lines = tuple(
        replace(line, facts=tuple(sorted(f for f in line.facts if f[0] not in line.hidden))) for line in scenario.lines
    )
    return replace(scenario, lines=lines)
