"""What commands say about witnesses, views and time stamps, in both languages, and how they end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import system_clock
from smartclause.verbs import stamps, witness
from tests.cli.test_json import in_json
from tests.evidence.authority import answer_requests
from tests.verbs.samples import HOUR
from tests.verbs.test_witnesses import Scene, other_view, scene

__all__ = ["scene"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], env={"LANG": "C"}, prog_name="smartclause")


def said(lang: str, *arguments: object) -> tuple[int, str]:
    result = run(*arguments, "--lang", lang)
    if lang == "zh":
        words = re.sub(r"`[^`]*`|\S*(?:/|\.db|\.note|\.txt|=)\S*", "", result.output)
        assert not re.search("[a-z]{3,} [a-z]{2,}", words), result.output
    return result.exit_code, result.output


@pytest.mark.parametrize(("lang", "word"), [("en", "SPLIT at size 4"), ("zh", "在第4条处分裂")])
def test_a_split_view_ends_with_1_and_shows_both_signed_notes(scene: Scene, lang: str, word: str) -> None:
    other = other_view(scene, "other")
    scene.withdraw("s4")
    for arguments in (
        ("ledger", "compare", scene.ledger, other.ledger, "--trust", scene.trust),
        ("ledger", "compare", scene.note("a.note"), other.note("b.note"), "--trust", scene.trust),
        ("ledger", "verify", scene.ledger, "--trust", scene.trust, "--checkpoint", other.note("b.note")),
    ):
        code, text = said(lang, *arguments)
        assert code == 1
        assert word in text
        assert text.count("— smartclause-ledger/") == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views_that_agree_end_with_0_and_those_that_nothing_joins_with_3(scene: Scene, lang: str) -> None:
    first = scene.note("first.note")
    assert said(lang, "ledger", "compare", scene.ledger, first, "--trust", scene.trust)[0] == 0
    scene.withdraw("s4")
    assert said(lang, "ledger", "compare", scene.ledger, first, "--trust", scene.trust)[0] == 0
    last = scene.note("last.note")
    assert said(lang, "ledger", "compare", first, last, "--trust", scene.trust)[0] == 3
    assert said(lang, "ledger", "verify", scene.ledger, "--trust", scene.trust, "--checkpoint", first)[0] == 0


@pytest.mark.parametrize(("lang", "missing"), [("en", "not by: neutral"), ("zh", "未联署：neutral")])
def test_a_quorum_that_is_not_reached_ends_with_1_and_names_who_is_missing(
    scene: Scene, lang: str, missing: str
) -> None:
    scene.take("counterparty", old=0)
    asked = ("ledger", "verify", scene.ledger, "--trust", scene.trust, "--policy", scene.policy)
    code, text = said(lang, *asked)
    assert code == 1
    assert missing in text
    scene.take("neutral", old=0)
    code, text = said(lang, *asked)
    assert (code, missing in text) == (0, False)


@pytest.mark.parametrize(("lang", "word"), [("en", "refused at"), ("zh", "拒绝：")])
def test_what_a_witness_refused_is_shown_with_both_notes(scene: Scene, lang: str, word: str) -> None:
    early = scene.growth(0).read_bytes()
    scene.withdraw("s4")
    scene.cosign("neutral", 0)
    asked = scene.setting.write("early.txt", early)
    with pytest.raises(EvidenceError, match="EV22"):
        witness.cosign(scene.state("neutral"), asked, scene.keys["neutral"])
    code, text = said(lang, "witness", "show", scene.state("neutral"))
    assert code == 0
    assert word in text
    assert text.count("— smartclause-ledger/") == 2


@pytest.mark.parametrize(("lang", "word"), [("en", "(± 1 s), says CN=Test Authority"), ("zh", "（±1秒）已经存在")])
def test_a_time_stamp_is_shown_with_its_accuracy_and_authority(
    scene: Scene, tmp_path: Path, lang: str, word: str
) -> None:
    scene.setting.write("q.tsq", stamps.request(scene.ledger, trust=scene.trust))
    answer_requests(tmp_path)
    roots = tmp_path / "roots.pem"
    arguments = ("ledger", "stamped", scene.ledger, tmp_path / "q.tsr", "--authorities", roots, "--trust", scene.trust)
    code, text = said(lang, *arguments, "--request", tmp_path / "q.tsq")
    assert code == 0
    assert word in text
    code, text = said(lang, "ledger", "verify", scene.ledger, "--trust", scene.trust, "--authorities", roots)
    assert (code, word in text) == (0, True)


@pytest.mark.parametrize(("lang", "word"), [("en", "times are wrong"), ("zh", "时间有误")])
def test_a_receipt_after_the_time_stamp_ends_with_1(scene: Scene, tmp_path: Path, lang: str, word: str) -> None:
    scene.setting.clock.now = system_clock() + stamps.CLOCKS_APART + HOUR
    scene.withdraw("s4")
    scene.setting.write("q.tsq", stamps.request(scene.ledger, trust=scene.trust))
    answer_requests(tmp_path)
    roots = tmp_path / "roots.pem"
    arguments = ("ledger", "stamped", scene.ledger, tmp_path / "q.tsr", "--authorities", roots, "--trust", scene.trust)
    code, text = said(lang, *arguments)
    assert (code, word in text) == (1, True)


def test_a_wrong_answer_or_policy_ends_with_2_and_says_what_to_do(scene: Scene) -> None:
    odd = scene.setting.write("odd", b"odd\n")
    for arguments in (
        ("ledger", "stamped", scene.ledger, odd, "--authorities", odd, "--trust", scene.trust),
        ("ledger", "cosigned", scene.ledger, odd, "--policy", scene.policy, "--trust", scene.trust),
        ("ledger", "cosigned", scene.ledger, scene.note(), "--policy", odd, "--trust", scene.trust),
        ("ledger", "verify", scene.ledger, "--trust", scene.trust, "--policy", odd),
        ("ledger", "verify", scene.ledger, "--trust", scene.trust, "--checkpoint", odd),
        ("ledger", "verify", scene.ledger, "--trust", scene.trust, "--authorities", odd),
        ("ledger", "compare", scene.ledger, odd, "--trust", scene.trust),
        ("ledger", "compare", scene.ledger, scene.note()),
        ("ledger", "growth", scene.ledger, "--from", "9"),
        ("ledger", "note", scene.ledger, "--size", "9"),
        ("ledger", "stamp", scene.ledger, "--size", "9", "--trust", scene.trust),
        ("witness", "show", odd),
        ("witness", "follow", scene.state("neutral"), odd),
        ("witness", "policy", "--witness", "a"),
        ("witness", "policy", "--quorum", "2"),
    ):
        result = run(*arguments, "--lang", "en")
        assert result.exit_code == 2, (arguments, result.output)
        assert re.search("(EV|VB)[0-9]{2}", result.stderr), result.stderr
        assert "help: " in result.stderr


def test_what_is_found_beside_a_ledger_follows_the_schemas(scene: Scene, tmp_path: Path) -> None:
    other = other_view(scene, "other")
    scene.setting.write("q.tsq", stamps.request(scene.ledger, trust=scene.trust))
    answer_requests(tmp_path)
    roots, kept = tmp_path / "roots.pem", other.note("b.note")
    stamps.keep(scene.ledger, tmp_path / "q.tsr", roots, trust=scene.trust)
    scene.take("neutral", old=0)
    scene.withdraw("s4")
    early = scene.setting.write("early.txt", other.growth(3).read_bytes().replace(b"old 3", b"old 2", 1))
    scene.cosign("neutral", 3)
    with pytest.raises(EvidenceError, match="EV22"):
        witness.cosign(scene.state("neutral"), early, scene.keys["neutral"])
    found = in_json("ledger", "verify", scene.ledger, "--trust", scene.trust, "--policy", scene.policy,
                    "--checkpoint", kept, "--authorities", roots)  # fmt: skip
    assert (found["holds"], found["quorum"]["size"], found["quorum"]["missing"]) == (
        False,
        0,
        ["counterparty", "neutral"],
    )
    assert [view["agreement"] for view in found["kept"]] == ["split"]
    assert [(stamp["holds"], stamp["size"], stamp["accuracy"]) for stamp in found["stamps"]] == [(True, 3, 1_000_000)]
    split = in_json("ledger", "compare", scene.ledger, other.ledger, "--trust", scene.trust)
    assert (split["agreement"], split["size"]) == ("split", 4)
    assert split["first"]["note"] != split["second"]["note"]
    state = in_json("witness", "show", scene.state("neutral"))
    assert [one["size"] for one in state["followed"]] == [4]
    assert len(state["refused"]) == 1
    assert (
        in_json("ledger", "stamped", scene.ledger, kept, "--authorities", roots, "--trust", scene.trust)["code"]
        == "EV21"
    )
