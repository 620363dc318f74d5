"""Whether what one contract allows, another allows too: rows P-022 and P-093, and the gap of V-6.2 to the law."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.language.load import load
from smartclause.logic.scenario import run
from smartclause.logic.verdict import ClauseState
from smartclause.verbs.errors import VerbError
from smartclause.verbs.prove import Told
from smartclause.verbs.refines import prove_refines
from tests.engines.prove.files import HEAD

CONTRACTS = Path(__file__).parents[2] / "contracts"
VOICE = CONTRACTS / "cn" / "voice_synthesis" / "voice_synthesis.clause"
LAW = CONTRACTS / "rules" / "cn_export.clause"
STRICT = "clause 1 grants\n  B may use if purpose is in training and rows is at most 100.\n"
LOOSE = "clause 1 grants\n  B may use if purpose is in training.\n"


def write(folder: Path, name: str, body: str, head: str = HEAD) -> Path:
    path = folder / f"{name}.clause"
    path.write_text(head.replace("contract small", f"contract {name}") + body, encoding="utf-8")
    return path


def told(*results: Told) -> dict[str, str]:
    """For each party what came of the question."""
    return {t.result.party: type(t.result.answer).__name__ for t in results}


def test_a_stricter_contract_refines_a_looser_one_and_not_the_other_way(tmp_path: Path) -> None:
    # The same file under two names: its types are other types then, so both stand under one.
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    strict, loose = write(tmp_path / "one", "small", STRICT), write(tmp_path / "two", "small", LOOSE)
    [there] = prove_refines(strict, loose)
    assert told(*there.told) == {"A": "Proved", "B": "Proved"}
    there, back = prove_refines(strict, loose, mutual=True)
    assert told(*there.told) == {"A": "Proved", "B": "Proved"}
    assert told(*back.told) == {"A": "Proved", "B": "Refuted"}


def test_the_witness_of_a_weakened_copy_can_be_pasted(tmp_path: Path) -> None:
    """P-022: a weakened copy is refused with the act that shows it."""
    (tmp_path / "one").mkdir()
    weak, strict = write(tmp_path / "one", "small", LOOSE), write(tmp_path, "small", STRICT)
    [found] = prove_refines(weak, strict, acts=("use",))
    [refuted] = [t for t in found.told if isinstance(t.result.answer, Refuted)]
    contract = load(f"{weak.read_text(encoding='utf-8')}\n{refuted.scenario}\n", name="small").contract
    assert contract is not None
    assert [run(contract, s).holds for s in contract.scenarios] == [True]


def test_parties_are_the_same_by_name_by_label_by_role_or_as_told(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    mine = write(tmp_path, "small", STRICT)
    head = HEAD.replace('party B zh "乙方" en "Trainer" as recipient', 'party T zh "训练者" en "Learner" as recipient')
    theirs = write(tmp_path / "two", "small", LOOSE.replace("B may", "T may"), head.replace("by B", "by T"))
    [found] = prove_refines(mine, theirs)
    assert told(*found.told) == {"A": "Proved", "B": "Proved"}
    [found] = prove_refines(mine, theirs, parties={"T": "B"})
    assert told(*found.told) == {"A": "Proved", "B": "Proved"}
    [found] = prove_refines(mine, theirs, parties={"T": "A", "A": "B"})
    assert told(*found.told)["B"] == "Refuted"


def test_an_act_or_a_party_that_is_not_there_is_named(tmp_path: Path) -> None:
    mine = write(tmp_path, "small", STRICT)
    with pytest.raises(VerbError, match=r"VB64 .*`uze`"):
        prove_refines(mine, mine, acts=("uze",))
    with pytest.raises(VerbError, match=r"VB65 .*`Z`"):
        prove_refines(mine, mine, parties={"Z": "B"})


def test_the_export_clause_of_the_voice_agreement_allows_what_the_law_does_not() -> None:
    """V-6.2 or: one of three grounds, where the law asks for mechanism, notice, consent and assessment together."""
    [found] = prove_refines(VOICE, LAW, acts=("transfer",))
    [refuted] = [t for t in found.told if t.result.party == "B"]
    assert isinstance(refuted.result.answer, Refuted)
    assert ("cn_export.2", ClauseState.FORBIDDEN) in refuted.beside
    contract = load(f"{VOICE.read_text(encoding='utf-8')}\n{refuted.scenario}\n", name="voice_synthesis").contract
    assert contract is not None
    assert run(contract, contract.scenarios[-1]).holds


# Each amendment and what is still left open by it.
IMPORTED = "import rules.cn_export version 1.0.0 with H = B.\n"
ALL_GROUNDS = """\
  B may transfer only if all of
    (a) consent_now.consent_state is given;
    (b) consent_now.consent_separate;
    (c) some standard_contract with the same transfer_id;
    (d) some tell_person by anyone where (told_complete) with the same subject.
"""


def amended(tmp_path: Path, clause: str, imports: str) -> Path:
    text = VOICE.read_text(encoding="utf-8")
    start = text.index("  B may transfer only if any of\n    (a) destination is in adequate_places;")
    end = text.index("# V-6.2c：标准合同生效后")
    changed = text[:start] + clause + "\n" + text[end:]
    changed = changed.replace("import std.border version 1.0.0.\n", f"import std.border version 1.0.0.\n{imports}", 1)
    path = tmp_path / "voice_synthesis.clause"
    path.write_text(changed, encoding="utf-8")
    return path


def test_all_grounds_together_still_leave_a_gap_and_the_witness_names_it(tmp_path: Path) -> None:
    [found] = prove_refines(amended(tmp_path, ALL_GROUNDS, ""), LAW, acts=("transfer",))
    [refuted] = [t for t in found.told if t.result.party == "B"]
    assert isinstance(refuted.result.answer, Refuted)
    assert "cn_export.4" in {clause for clause, _ in refuted.beside}  # no impact assessment


def test_the_amended_clause_under_the_rule_closes_it(tmp_path: Path) -> None:
    [found] = prove_refines(amended(tmp_path, ALL_GROUNDS, IMPORTED), LAW, acts=("transfer",))
    [proved] = [t for t in found.told if t.result.party == "B"]
    assert isinstance(proved.result.answer, Proved)
