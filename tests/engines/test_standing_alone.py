"""A contract printed as a program: it runs with Python's library alone and answers like the decider."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.engines.decide import standing_alone
from smartclause.engines.decide.decider import Decider
from smartclause.engines.decide.printed import Printing
from smartclause.logic.counting import Duration
from smartclause.logic.lookup import Lookup
from smartclause.logic.order import sign
from smartclause.logic.terms import Kind, Money, Value
from smartclause.logic.verdict import Decision
from smartclause.rails.source import runtime
from smartclause.rails.source.module import Source
from smartclause.verbs.compile import compiled
from smartclause.verbs.compile_python import as_python
from smartclause.verbs.values import spelled
from tests.logic.builders import NOON
from tests.rails.test_source import KINDS, facts, policy
from tests.strategies import Maker

ROOT = Path(__file__).parents[2]
SHIPPED = ("commercial_training/commercial_training.clause", "commercial_training/commercial_training.zh.clause")
POLICY = ROOT / "tests" / "bench" / "policies" / "use.clause"


def program(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"__name__": "printed"}
    exec(compile(text, "printed", "exec", dont_inherit=True), found)
    return found


@settings(deadline=None)
@given(st.integers(0, 2**40).map(Maker))
def test_a_printed_contract_answers_like_the_decider(maker: Maker) -> None:
    contract = policy(maker)
    printed = program(Printing(Source(Lookup(contract), {}, draft=True), str, "sha256:0").text())
    decider, attested = Decider(Lookup(contract), draft=True), maker.one(frozenset(), frozenset({"share", "key"}))
    for _ in range(5):
        told = {n: v for n, v in facts(maker).items() if not (isinstance(v, Money) and v.currency == "USD")}
        act = {"type": "m.use", "by": "B", "facts": {n: json_of(n, v) for n, v in told.items()}}
        decision, clauses = printed["decide"](act, attested, NOON, signed=True)
        theirs = decider.statuses("m.use", "B", told, NOON, attested)
        assert decision == theirs.decision.value
        assert clauses == {clause: state.value for clause, state in theirs.concerned.items()}
        unsigned, _ = printed["decide"](act, attested, NOON)
        assert unsigned == ("undecided" if theirs.decision is Decision.ALLOWED else decision)


def json_of(name: str, value: Value) -> Any:
    """As signed events spell it: whole numbers as numbers."""
    whole = KINDS[name][0].kind is Kind.NUMBER and isinstance(value, Decimal) and value == int(value)
    return int(value) if whole and isinstance(value, Decimal) else spelled(value)


@pytest.mark.parametrize("path", SHIPPED)
def test_a_shipped_contract_printed_needs_nothing_but_python(path: str) -> None:
    text = as_python(compiled(ROOT / "contracts" / path), "zh")
    tree = ast.parse(text)
    used = {name.name for n in ast.walk(tree) if isinstance(n, ast.Import) for name in n.names}
    used |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in used} <= set(sys.stdlib_module_names)
    assert program(text)["QUESTIONS"]


def test_it_reads_an_act_from_standard_input_and_says_what_it_cannot_read(tmp_path: Path) -> None:
    script = tmp_path / "use.py"
    script.write_text(as_python(compiled(POLICY)), encoding="utf-8")
    good = {
        "purpose": "use_policy.pre_training", "licence": "use_policy.open_licence", "consent": True, "opted_out": False,
        "data_kind": "use_policy.plain_text", "abroad": False, "volume": 5,
    }  # fmt: skip

    def run(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(script), *arguments]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=600)

    asked = json.dumps({"type": "use_policy.use", "by": "B", "facts": good})
    assert json.loads(run(asked, "--signed").stdout)["decision"] == "allowed"
    assert json.loads(run(asked).stdout)["decision"] == "undecided"
    for bad in (
        "",
        "[]",
        asked.replace("5}", "5.0}"),
        asked.replace('"by"', '"by": "A", "by"'),
        asked.replace("use_policy.use", "x"),
    ):
        found = run(bad, "--signed")
        assert found.returncode == 1
        assert found.stderr.startswith("this act cannot be read: ")
        assert "Traceback" not in found.stderr


VALUES = [v for _, _, _, values in KINDS.values() for v in values] + [None]


def twin(value: Value | None) -> Any:
    """The same value as the printed program has it."""
    match value:
        case Money():
            return standing_alone.Money(value.amount, value.currency)
        case Duration():
            return standing_alone.Duration(value.count, standing_alone.Unit(value.unit.value))
        case _:
            return value


@given(
    st.sampled_from(VALUES),
    st.sampled_from(VALUES),
    st.sampled_from(["equal", "at least", "at most", "exceeds", "below"]),
)
def test_the_printed_program_compares_as_the_engine_does(one: Value | None, other: Value | None, how: str) -> None:
    assert standing_alone.compare(how, twin(one), twin(other)) is runtime.compare(how, one, other)
    assert standing_alone.bounded(twin(one), twin(other), None) == twin(runtime.bounded(one, other, None))
    assert standing_alone.bounded(twin(one), None, twin(other)) == twin(runtime.bounded(one, None, other))
    assert standing_alone.sign(twin(one), twin(other)) == sign(one, other)
