"""`prove --matrix`: how facts are named, what is refused, what is printed and written, and what real contracts say."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.matrix.result import Can, Kind, Table
from smartclause.language.load import load
from smartclause.logic.scenario import run
from smartclause.logic.verdict import Decision
from smartclause.verbs import matrix as verb
from smartclause.verbs.errors import VerbError
from smartclause.verbs.matrix import MatrixTold, prove_matrix
from tests.cli.examples import VOICE
from tests.engines.prove.files import HEAD

CONTRACTS = Path(__file__).parents[2] / "contracts"
REAL = CONTRACTS / "cn" / "voice_synthesis" / "voice_synthesis.clause"


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "voice.clause"
    path.write_text(VOICE, "utf-8")
    return path


def asked(path: Path, *facts: str, **more: object) -> MatrixTold:
    [found] = prove_matrix((path,), facts, **more)  # type: ignore[arg-type]
    return found


def prove(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["prove", *map(str, arguments)], env={"LANG": "C"}, prog_name="smartclause")


def kinds(table: Table) -> dict[object, Kind]:
    """Of a table of one fact, by value."""
    [axis], [groups] = table.axes, table.groups
    return {axis.values[n]: table.content((g,)).kind for g, group in enumerate(groups) for n in group.members}


# ---- facts by their names


@pytest.mark.parametrize(
    "word", ["purpose", "Purpose of Use", "使用用途", "purposes", "用途类", "voice.purposes", "用途"]
)
def test_a_fact_is_named_by_its_name_its_labels_or_the_concept_of_its_values(voice, word):
    [table] = asked(voice, word).matrix.tables
    assert [a.fact.name for a in table.axes] == ["purpose"]


def test_a_word_of_several_facts_of_one_name_asks_for_each_once(voice):
    [table] = asked(voice, "purpose", "purposes", "released").matrix.tables
    assert [a.fact.name for a in table.axes] == ["purpose", "released"]


def test_facts_may_be_parted_by_commas_of_either_language(voice):
    assert prove(voice, "--matrix", "使用用途，已放行").output == prove(voice, "--matrix", "purpose,released").output


def test_an_act_that_has_none_of_the_facts_is_named_and_unrestricted_acts_only_if_asked_for(tmp_path):
    body = (
        'clause 1 a\n  B may use if released.\n  A may give.\nclause 2 b\n  B must not notify if case_number is "x".\n'
    )
    path = tmp_path / "small.clause"
    act = 'act give zh "交付" en "give" by A has\n  item zh "物品" en "item" is identifier.\n'
    path.write_text(HEAD.replace("unrestricted act", f"{act}unrestricted act") + body, "utf-8")
    found = asked(path, "released").matrix
    assert [t.acts for t in found.tables] == [("small.use",)]
    assert found.without == ("small.give",)
    assert [t.acts for t in asked(path, "released", acts=("使用",)).matrix.tables] == [("small.use",)]
    assert asked(path, "released", acts=("use", "notify")).matrix.without == ("small.notify",)


def test_an_unknown_fact_is_answered_with_those_like_it_first(voice):
    with pytest.raises(VerbError, match=r"VB67 .*`purpse`") as caught:
        asked(voice, "purpse")
    assert caught.value.values["known"].startswith("purpose, released")
    with pytest.raises(VerbError, match="VB64"):
        asked(voice, "purpose", acts=("uze",))


def test_a_fact_without_a_list_of_values_is_refused(tmp_path):
    path = tmp_path / "small.clause"
    path.write_text(f"{HEAD}clause 1 a\n  B may use if rows is at most 5.\n", "utf-8")
    with pytest.raises(VerbError, match=r"VB68 .*number"):
        asked(path, "rows")
    assert "数值" in prove(path, "--matrix", "行数", "--lang", "zh").output


def test_too_many_cells_are_refused_at_the_limit(voice, monkeypatch):
    monkeypatch.setattr(verb, "MOST_CELLS", 12)
    asked(voice, "purpose", "released")
    monkeypatch.setattr(verb, "MOST_CELLS", 11)
    with pytest.raises(VerbError, match=r"VB69 .*12 cells"):
        asked(voice, "purpose", "released")


def test_effort_that_is_spent_is_told_and_ends_with_3(voice):
    [table] = asked(voice, "purpose", effort=Effort(steps=1)).matrix.tables
    assert {c.cans.allowed for c in table.contents} == {Can.OPEN}
    result = prove(voice, "--matrix", "purpose", "--steps", "1000", "--lang", "en")
    assert result.exit_code in (0, 3)
    assert (result.exit_code == 3) == ("… not proven" in result.output)


# ---- what is printed and written


def test_examples_hold_when_they_are_pasted(voice):
    found = asked(voice, "purpose", "released", examples=True)
    scenarios = [e.scenario for each in found.examples for e in each]
    [table] = found.matrix.tables
    judged = {(e.cell, e.decision) for e in found.examples[0]}
    assert judged == {(c, d) for c in table.cells for d in Decision if table.content(c).cans.of(d) is Can.YES}
    contract = load("\n\n".join((VOICE, *scenarios)), name="voice").contract
    assert contract is not None
    assert all(run(contract, s).holds for s in contract.scenarios)


def test_text_in_chinese_holds_no_english_words(voice):
    result = prove(voice, "--matrix", "purpose,released", "--lang", "zh")
    assert result.exit_code == 0
    assert re.findall(r"[A-Za-z]{2,}", result.output.replace(str(voice), "")) == []


def test_questions_that_do_not_go_together_are_refused(voice):
    assert prove(voice, "--matrix", "purpose", "--needs").exit_code == 2
    assert prove(voice, "--matrix", "purpose", "--refines", voice).exit_code == 2
    assert prove(voice, "--html", "x.html").exit_code == 2
    assert "用途" in prove(voice, "--matrix", " , ", "--lang", "zh").stderr


class Page(HTMLParser):
    """The tags, and the words between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_needs_nothing_else_and_can_be_read_aloud(voice, tmp_path, lang):
    out = tmp_path / "matrix.html"
    assert prove(voice, "--matrix", "purpose,released", "--html", out, "--examples", "--lang", lang).exit_code == 0
    text = out.read_text("utf-8")
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"https?://", text)
    assert all(a.get("scope") for tag, a in page.tags if tag == "th")
    assert {"caption", "h1", "main"} <= tags
    cells = [a for tag, a in page.tags if tag == "td"]
    assert all(a["class"] and a["data-label"] for a in cells)
    assert ("lang", lang) in [(n, v) for tag, a in page.tags if tag == "html" for n, v in a.items()]
    verdicts = re.findall(
        r'<span class="verdict"><span class="sign" aria-hidden="true">(.+?)</span> (.+?)</span>', text
    )
    assert len(verdicts) == len(cells)
    assert all(sign and word for sign, word in verdicts)


def test_names_of_a_contract_cannot_break_the_page(tmp_path):
    path = tmp_path / "voice.clause"
    path.write_text(VOICE.replace('"使用用途"', '"<b>用途</b>"').replace('"purpose of use"', '"<i>purpose"'), "utf-8")
    out = tmp_path / "matrix.html"
    assert prove(path, "--matrix", "purpose", "--html", out, "--lang", "en").exit_code == 0
    assert "<i>" not in out.read_text("utf-8")


def test_json_tells_each_cell_with_its_sentences(voice):
    data = json.loads(prove(voice, "--matrix", "purpose", "--format", "json").output)
    [table] = data["files"][0]["tables"]
    assert table["count"] == 4
    assert sum(len(g["values"]) + g["not_shown"] for g in table["facts"][0]["groups"]) == 4
    found = {tuple(table["facts"][0]["groups"][c["groups"][0]]["values"]): c for c in table["cells"]}
    assert found["voice.advertising",]["verdict"] == "always refused"
    assert found["voice.training",]["deciding"] == [{"clause": "voice.1.1", "sentence": 1, "part": "permits"}]
    assert found["voice.training",]["needs"] == ["released"]


# ---- kinds of files


PACK = """\
rule pack adverts version 1.0.0
  zh "规则" en "Rule"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

party H zh "处理者" en "Handler".
concept purposes zh "用途类" en "purposes".
concept training zh "训练用途" en "training" under purposes.
concept advertising zh "广告用途" en "advertising" under purposes.
disjoint training, advertising.
act use zh "使用" en "use" by H has
  purpose zh "用途" en "purpose" is purposes.

clause 1 bar zh "禁止" en "bar"
  H must not use if purpose is in advertising.
"""


def test_a_rule_pack_bars_or_does_not_and_never_allows(tmp_path):
    path = tmp_path / "adverts.clause"
    path.write_text(PACK, "utf-8")
    [table] = asked(path, "purpose").matrix.tables
    assert table.open_file
    assert kinds(table) == {
        "adverts.purposes": Kind.UNSETTLED, "adverts.training": Kind.ALLOWED, "adverts.advertising": Kind.REFUSED,
        None: Kind.UNSETTLED,
    }  # fmt: skip
    said = prove(path, "--matrix", "purpose", "--lang", "en").output
    assert "allowed" not in said
    assert "never barred" in said


def test_the_voice_agreement_refuses_marketing_and_lets_data_stay_in_the_mainland():
    [process] = asked(REAL, "purpose", acts=("process",)).matrix.tables
    found = {str(v).rpartition(".")[2]: k for v, k in kinds(process).items()}
    assert found["marketing"] is Kind.REFUSED
    assert found["model_work"] is Kind.NEVER
    assert found["fine_tuning"] is Kind.DEPENDS
    assert found["None"] is Kind.NEVER
    [transmit] = asked(REAL, "地区", acts=("网络传输",)).matrix.tables
    found = {str(v).rpartition(".")[2]: k for v, k in kinds(transmit).items()}
    assert found["CN_mainland"] is Kind.DEPENDS
    assert found["US"] is Kind.REFUSED
    [told] = [d for c in transmit.contents if c.kind is Kind.REFUSED for d in c.deciding]
    assert (told.clause, told.sentence, told.part) == ("voice_synthesis.6.1", 2, "forbids")
