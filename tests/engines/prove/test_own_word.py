"""What the judged party alone recorded never helps it and always binds it, whatever stands around the condition."""

from __future__ import annotations

import pytest
import z3

from smartclause.engines.prove.prover import Prover
from smartclause.logic.contract import Norm
from smartclause.logic.terms import TRUE, Not
from tests.engines.prove.files import loaded

CONDITIONS = (
    "some consent with the same subject",
    "every consent with the same subject has (given)",
    "latest consent with the same subject has (given)",
    "number of consent with the same subject is at least 2 times",
)
SHAPES = {
    "permits": ("clause 1 grants\n  B may use if {}.\n", "yes"),
    "permits without": ("clause 1 grants\n  B may use if not {}.\n", "no"),
    "permits, and forbids": ("clause 1 hush\n  B must not use if {}.\nclause 2 grants\n  B may use.\n", "no"),
    "permits, and forbids without": (
        "clause 1 hush\n  B must not use if not {}.\nclause 2 grants\n  B may use.\n", "yes",
    ),
    "lifts": ("clause 1 hush\n  B must not use except if {}.\nclause 2 grants\n  B may use.\n", "yes"),
    "limits": (
        "clause 1 only\n  B may use only if {}.\nclause 2 grants\n  B may use if released or not released.\n", "yes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("shape", SHAPES)
def test_an_act_is_allowed_only_on_what_others_say_too_and_refused_on_anybodys_word(condition, shape):
    body, side = SHAPES[shape]
    contract = loaded(body.format(condition)).contract
    assert contract is not None
    prover = Prover(contract)
    asking = prover.asking("small.use", "B")
    verdict = asking.space.verdict(prover.lookup)
    reading, module = prover.world.reading(prover.lookup), contract.module
    leaf = next(_leaf(s) for _, c in prover.lookup.all_clauses() for s in c.sentences if isinstance(s, Norm))
    told, own = (reading._leaf(leaf, asking.space.place, module, trusted) for trusted in (True, False))
    asked, mine = (getattr(r, side) for r in (told, own))
    against = own.no if side == "yes" else own.yes
    assert asking.possible(z3.And(verdict.yes, asked)) is True
    assert asking.possible(z3.And(verdict.yes, z3.Not(asked))) is False
    assert asking.possible(z3.And(verdict.yes, mine, z3.Not(asked))) is False
    assert asking.possible(z3.And(against, z3.Not(verdict.no))) is False


def _leaf(norm: Norm):
    term = norm.condition if norm.condition != TRUE else norm.exception
    return term.arg if isinstance(term, Not) else term
