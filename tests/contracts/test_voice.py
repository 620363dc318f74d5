"""The voice synthesis agreement: every paragraph of its source is there, every clause is shown in every status."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from smartclause.language import tree
from smartclause.language.format import format as layout
from smartclause.language.load import Loaded, load
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from tests.contracts.clause_statuses import possible, shown

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "contracts" / "cn" / "voice_synthesis"
SHARED = ROOT / ".." / "shared"
AGREEMENT = FOLDER / "voice_synthesis.zh.clause"
CASES = sorted(FOLDER.glob("*_cases.zh.clause"))
FILES = [AGREEMENT, *CASES]

ROWS = (
    "V-00 V-1.1 V-1.2 V-1.3 V-1.4 V-1.5 V-1.6 V-2.1 V-2.2 V-2.3 V-2.4 V-3.1 V-3.2a V-3.2b V-3.2c V-3.2d V-3.2e "
    "V-3.2f V-3.2g V-3.3 V-3.4 V-3.5 V-4.1 V-4.2 V-4.3 V-5.1 V-5.2 V-5.3 V-6.1 V-6.2a V-6.2b V-6.2c|V-6.2 or|"
    "V-6.2 tail|V-rest"
)
ROW_IDS = [row for part in ROWS.split("|") for row in ([part] if part.startswith("V-6.2 ") else part.split())]

# Statuses that a clause cannot have, though clauses of its form can, with the reason.
NEVER = {
    ("1.1", "forbidden"): "the list of kinds is open: a kind off it is unknown, never false",
    ("2.1", "silent"): "the list of purposes is open: a purpose off it is unknown, never false",
    ("4.1", "silent"): "the list of purposes is open: a purpose off it is unknown, never false",
    ("3.3", "silent"): "what does not permit forbids: consent or a legal duty decides both sentences",
}


@cache
def loaded(path: Path) -> Loaded:
    return load(path)


@cache
def lookup(path: Path) -> Lookup:
    return Lookup(loaded(path).contract)


def agreement() -> tree.File:
    return loaded(AGREEMENT).trees["voice_synthesis"]


def clauses() -> list[tree.Clause]:
    return [item for item in agreement().items if isinstance(item, tree.Clause)]


def in_english(path: Path) -> Path:
    return path.with_name(path.name.replace(".zh.clause", ".clause"))


def scenarios() -> list[tuple[Path, str]]:
    found = []
    for path in FILES:
        names = re.findall(r"^情景 (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        found += [(path, name) for name in names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_have_no_findings(path):
    assert [f"{d.code} {d.span.line} {d.message}" for d in loaded(path).diagnostics] == []


@pytest.mark.parametrize(("path", "name"), scenarios(), ids=lambda part: getattr(part, "stem", part))
def test_the_scenario_holds(path, name):
    contract = loaded(path).contract
    scenario = next(s for s in contract.scenarios if s.name == name)
    wrong = [o for o in run(contract, scenario, lookup(path)).outcomes if not o.holds]
    assert [(o.expected.clause, o.expected.status, o.found, o.because) for o in wrong] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_english_spelling_says_the_same(path):
    """The same tree and the same contract: each scenario ends as it does in Chinese."""
    english, chinese = loaded(in_english(path)), loaded(path)
    assert english.diagnostics == ()
    assert english.trees[english.root].language == "en"
    assert english.trees[english.root] == chinese.trees[chinese.root]
    assert english.contract == chinese.contract


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_translation_back_is_the_chinese_file_but_for_its_comments(path):
    found = loaded(in_english(path))
    back = layout(found.trees[found.root], "zh").splitlines()
    assert [w for w in back if w[:1] != "#"] == [
        w for w in path.read_text(encoding="utf-8").splitlines() if w[:1] != "#"
    ]


def test_english_scenarios_hold_when_they_are_run():
    lines = loaded(in_english(FOLDER / "breach_cases.zh.clause"))
    found = [run(lines.contract, s) for s in lines.contract.scenarios]
    assert len(found) > 20
    assert all(each.holds for each in found)


@pytest.mark.parametrize("path", [*map(in_english, FILES), *FILES], ids=lambda path: path.name)
def test_the_files_are_in_the_canonical_layout(path):
    found = loaded(path)
    assert layout(found.trees[found.root]) == path.read_text(encoding="utf-8")


def test_scenario_names_are_unique_over_the_files():
    names = [name for path, name in scenarios() if path != AGREEMENT]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("clause", clauses(), ids=lambda clause: clause.number)
def test_each_clause_is_shown_in_every_status_it_can_have(clause):
    trees = tuple(loaded(path).trees[loaded(path).root] for path in FILES)
    never = {(0, status) for number, status in NEVER if number == clause.number}
    assert possible(clause) - shown(trees, clause) == never


@pytest.mark.parametrize("row", ROW_IDS)
def test_each_row_of_the_source_is_named_beside_its_clause(row):
    notes = [note for item in agreement().items for note in item.notes]
    named = re.compile(rf"(?<![\w.-]){re.escape(row)}(?![\w.])")
    assert any(named.search(note) for note in notes)


def test_the_rows_are_those_of_the_requirement_table():
    table = SHARED / "law" / "paper-requirements.md"
    if not table.exists():
        pytest.skip("the requirement table is not beside the project")
    rows = re.findall(r"^\| (V-[^|]+?) \|", table.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == ROW_IDS


@pytest.mark.parametrize("clause", clauses(), ids=lambda clause: clause.number)
def test_each_clause_rules_is_judged_or_says_why_not(clause):
    kinds = (tree.Judgement, tree.NotEncoded)
    assert clause.sentences or any(isinstance(item, kinds) for item in clause.body)


@pytest.mark.parametrize("clause", clauses(), ids=lambda clause: clause.number)
def test_each_clause_has_its_words_in_both_languages(clause):
    assert clause.labels.zh
    assert clause.labels.en
    for item in clause.body:
        if isinstance(item, tree.Original):
            assert item.texts.zh
            assert item.texts.en
        if isinstance(item, tree.NotEncoded):
            assert item.because.zh
            assert item.because.en


def test_parties_and_the_three_laws_of_the_preamble_are_declared():
    items = agreement().items
    parties = {p.name.id: [r.id for r in p.roles] for p in items if isinstance(p, tree.Party)}
    assert parties == {"A": ["provider"], "B": ["recipient"]}
    assert {"CSL", "DSL", "PIPL"} <= {law.name.id for law in items if isinstance(law, tree.Law)}


def test_what_the_source_does_not_say_is_marked_as_added():
    added = [c for c in clauses() if c.number.startswith("7.")]
    assert added
    assert all(c.labels.zh.startswith("（增补）") and c.labels.en.startswith("(added)") for c in added)


def test_each_figure_names_the_words_it_stands_for():
    parameters = [p for p in agreement().items if isinstance(p, tree.Parameter)]
    texts = {c.number: t.texts.zh for c in clauses() for t in c.body if isinstance(t, tree.Original)}
    assert [p.name.id for p in parameters if p.interprets is None] == []
    for parameter in parameters:
        assert parameter.interprets.words in texts[parameter.interprets.clause.target]


HEAD = """合同 lines 版本 1.0.0
  自2026年2月1日起生效。
  时区“Asia/Shanghai”。
  期间计算依照 cn.civil_code。
引用 voice_synthesis 版本 1.0.0。
情景 s
"""


def statuses(lines: str, clause: str, sentence: int) -> list[str]:
    """The instances of a sentence after the lines of a scenario, in order; `then` compares all of them at once."""
    contract = load(f"{HEAD}{lines}\n", (FOLDER,), name="lines.zh.clause").contract
    found = run(contract, contract.scenarios[0], Lookup(contract)).instances
    return [i.status.value for i in found if (i.clause, i.sentence) == (f"voice_synthesis.{clause}", sentence)]


@pytest.mark.parametrize(
    ("lines", "clause", "sentence", "expected"),
    [
        ("  于2026年5月6日23:59，乙方安全审计。", "3.2.4", 1, ["fulfilled", "open"]),
        ("  于2026年5月7日00:00，乙方安全审计。", "3.2.4", 1, ["violated", "fulfilled", "open"]),
        ("  于2026年5月7日00:00。", "3.2.4", 1, ["violated", "open"]),
        ("  于2026年8月4日23:59。", "3.2.4", 1, ["violated", "open"]),
        ("  于2026年8月5日00:00。", "3.2.4", 1, ["violated", "violated", "open"]),
        ("  于2026年2月2日00:00，乙方安全监测，载明系统编号为“y1”。", "3.2.4", 2, ["fulfilled", "open"]),
        ("  于2026年2月2日00:01，乙方安全监测，载明系统编号为“y1”。", "3.2.4", 2, ["violated", "fulfilled", "open"]),
        ("  于2026年2月4日00:01。", "3.2.4", 2, ["violated", "violated", "violated", "open"]),
        ("  于2026年3月3日23:59，乙方漏洞扫描，载明系统编号为“y1”。", "3.2.5", 1, ["fulfilled", "open"]),
        ("  于2026年3月4日00:00。", "3.2.5", 1, ["violated", "open"]),
    ],
)
def test_a_repeated_duty_opens_again_at_each_act_and_each_due_missed(lines, clause, sentence, expected):
    assert statuses(lines, clause, sentence) == expected


@pytest.mark.parametrize(
    ("record", "clause", "sentence", "first_outside"),
    [
        ("权限复核", "3.2.1", 2, "2026年7月21日00:00"),
        ("加密检查", "3.2.2", 4, "2026年7月21日00:00"),
        ("乙方应急预案演练", "3.5.1", 1, "2027年1月21日00:00"),
        ("乙方响应渠道公布，载明渠道摘要为“u1”", "5.1", 1, "2027年1月21日00:00"),
    ],
)
def test_a_standing_duty_is_breached_at_the_first_moment_after_the_validity(record, clause, sentence, first_outside):
    lines = f"  于2026年1月20日09:00，{record}。\n  于{first_outside}。"
    assert statuses(lines, clause, sentence) == ["fulfilled", "violated"]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("基于订约履约", []), ("基于同意", ["open"])],
)
def test_a_withdrawal_opens_no_erasure_where_another_basis_holds(basis, expected):
    given = f"  于2026年3月2日09:00，甲方合法性依据，载明数据主体为“s1”、依据类型为{basis}。"
    withdrawn = "  于2026年3月3日09:00，同意，载明数据主体为“s1”、同意状态为已撤回。"
    assert statuses(f"{given}\n{withdrawn}", "7.3", 1) == expected


def test_a_consent_opens_no_erasure():
    assert statuses("  于2026年3月2日09:00，同意，载明数据主体为“s1”、同意状态为已给予。", "7.3", 1) == []


def test_the_recipient_bears_the_whole_liability_for_access_control():
    (share,) = [s for c in clauses() for s in c.sentences if isinstance(s, tree.Share)]
    assert (share.party.id, share.share.value, share.clause.target) == ("B", 100, "3.2.1")


@pytest.mark.parametrize("ending", [".clause", ".zh.clause"])
@pytest.mark.parametrize("name", ["remedies", "voice_eu"])
def test_contracts_written_for_the_example_build_on_this_one(name, ending, tmp_path):
    examples = SHARED / "language"
    if not examples.exists():
        pytest.skip("the examples of the language are not beside the project")
    for each in {name, "eu_timers"}:
        text = (examples / f"{each}{ending}").read_text(encoding="utf-8")
        (tmp_path / f"{each}{ending}").write_text(text, encoding="utf-8")
    found = load(tmp_path / f"{name}{ending}", (FOLDER,))
    assert not found.has_errors
    assert found.paths["voice_synthesis"].parent == FOLDER
    for scenario in found.contract.scenarios:
        assert run(found.contract, scenario, Lookup(found.contract)).holds


def test_the_places_of_equal_protection_are_the_parties_own_list():
    """V-6.2a: a list of the contract. That the law asks for more is left to the rule packs, and proved there."""
    proofs = {p.name.id: p.kind for p in agreement().items if isinstance(p, tree.Property)}
    assert proofs["export_without_mechanism"] == "possible"


def test_every_cited_law_is_declared_and_every_clause_of_data_security_cites_one():
    cited = {c.number for c in clauses() if any(isinstance(item, tree.Cites) for item in c.body)}
    assert {f"3.2.{n}" for n in range(1, 8)} <= cited


def test_the_filing_period_is_that_of_the_table_of_thresholds():
    table = SHARED / "law" / "thresholds.csv"
    if not table.exists():
        pytest.skip("the table of thresholds is not beside the project")
    with table.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "cn.xborder.scc.file")
    (duty,) = next(c for c in clauses() if c.number == "6.2.1").sentences
    assert isinstance(duty, tree.Duty)
    assert isinstance(duty.within, tree.Duration)
    assert (str(duty.within.count), f"{duty.within.unit}_CN") == (row["value"], row["unit"])
