"""Clause files of any number of clauses over the facts of `policies/use.clause`: seeded, always the same."""

from random import Random

from smartclause.language.load import load
from smartclause.logic.contract import Contract
from tests.bench.uses import FOLDER

SEED = 2_026
_TESTS = (
    "purpose is in training", "purpose is in marketing", "purpose is in profiling", "licence is in open_licence",
    "licence is in paid_licence", "licence is in academic_licence", "data_kind is in sensitive_data",
    "data_kind is in plain_text", "data_kind is in voiceprint", "consent", "anonymised", "opted_out", "encrypted",
    "abroad", "cleared",
)  # fmt: skip


def text(clauses: int) -> str:
    """The head of the policy, its first clause, and prohibitions of six to eight conditions each."""
    policy = (FOLDER / "use.clause").read_text("utf-8")
    head = policy[: policy.index("clause 2 ")]
    chance = Random(SEED)
    return head + "".join(_clause(number, chance) for number in range(2, clauses + 1))


def _clause(number: int, chance: Random) -> str:
    tests = [_test(chance) for _ in range(chance.choice((2, 3, 3, 4)))]
    word = "all" if chance.random() < 0.8 else "any"
    items = ";\n".join(f"    ({'abcd'[n]}) {test}" for n, test in enumerate(tests))
    return (
        f'clause {number} rule_{number} zh "规则{number}" en "rule {number}"\n  B must not use if {word} of\n{items}.\n'
    )


def _test(chance: Random) -> str:
    if chance.random() < 0.2:
        return f"volume exceeds {chance.randrange(1, 50) * 1_000} samples"
    test = chance.choice(_TESTS)
    return f"not {test}" if " " not in test and chance.random() < 0.5 else test


def contract(clauses: int) -> Contract:
    loaded = load(text(clauses), name=f"generated {clauses}")
    if loaded.contract is None:
        raise SystemExit(f"the generated clauses have errors: {[(d.code, d.message) for d in loaded.diagnostics][:3]}")
    return loaded.contract
