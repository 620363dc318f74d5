"""What must be recorded: the shipped voice agreement by example, a small contract with each guard taken away, names
that are not known, and the forms of the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from smartclause.cli.main import cli
from smartclause.engines.prose_names import Names
from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.needs import Need
from smartclause.language.load import load
from smartclause.logic.scenario import run
from smartclause.resources import folder
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.answers_needs import needs_form
from smartclause.verbs.errors import VerbError
from smartclause.verbs.needs import Needed, needs
from smartclause.verbs.needs_csv import csv_form
from smartclause.verbs.needs_schema import schema_of
from tests.verbs.needing import CLAUSES, RICH, asked

VOICE = Path(__file__).parents[2] / "contracts" / "cn" / "voice_synthesis" / "voice_synthesis.clause"


def never(found: Needed, *names: str) -> set[str]:
    """The acts that are proved to be out of reach without these."""
    return {
        k.left.act.rpartition(".")[2] for k in found.left if k.left.names == names and isinstance(k.left.answer, Proved)
    }


def need(found: Needed, act: str, type_: str, fact: str = "") -> Need:
    [each] = [a for a in found.needs.acts if a.act.rpartition(".")[2] == act]
    return next(a.need for a in (*each.own, *each.looked_at) if (a.type.rpartition(".")[2], a.field) == (type_, fact))


# ---- the voice agreement


@pytest.fixture(scope="module")
def voice() -> Needed:
    [found] = needs((VOICE,))
    return found


def test_the_voice_agreement_says_which_acts_rest_on_whom(voice: Needed) -> None:
    always = {"use"}  # never allowed under so broad a name
    assert never(voice, "A") == {"provide"} | always
    assert never(voice, "subject_agent") == {"gather"} | always
    assert never(voice, "auditor") == {"keep", "transmit"} | always
    assert never(voice, "certifier") == {"keep"} | always
    assert never(voice, "regulator") == always
    assert never(voice, "A", "subject_agent") == {"start_run", "process", "access", "annotate"}
    assert never(voice, "A", "regulator") == {"disclose", "licence", "assign"}
    assert not voice.open


def test_the_voice_agreement_says_how_much_each_fact_is_needed(voice: Needed) -> None:
    assert need(voice, "gather", "consent") is Need.ALWAYS
    assert need(voice, "gather", "consent", "consented_purposes") is Need.ALWAYS
    assert need(voice, "gather", "consent", "subject") is Need.KEY
    assert need(voice, "keep", "keep", "encrypted_at_rest") is Need.ALWAYS
    assert need(voice, "disclose", "disclose", "written_consent") is Need.SOMETIMES
    assert need(voice, "transmit", "cooperation_ended") is Need.NEVER
    assert need(voice, "use", "use", "purpose") is Need.NONE


def test_every_fact_of_the_voice_agreement_is_told_with_who_shows_it_and_where_it_is_read(voice: Needed) -> None:
    form = needs_form((voice,)).model_dump(mode="json", exclude_none=True)
    [file] = form["files"]
    facts = {(r["type"], f["name"]): f for r in file["records"] for f in r["facts"]}
    consent = facts["data_training.consent", "consent_separate"]
    assert (consent["kind"], consent["shown_by"]) == ("fact", "subject_agent")
    assert {u["clause"].partition(".")[2] for u in consent["read_by"]} == {"1.4", "6.2"}
    assert all(f["read_by"] for f in facts.values())
    roots = {f["values"] for f in facts.values() if "values" in f}
    assert roots <= set(file["terms"])
    breach = next(r for r in file["records"] if r["type"] == "security.breach")
    assert next(u["part"] for u in breach["read_by"] if u["clause"] == "voice_synthesis.3.5") == "opens"


def test_every_term_that_the_forms_of_the_voice_agreement_list_is_read(voice: Needed) -> None:
    schema = schema_of(voice, Names(voice.lookup, "zh"))
    Draft202012Validator.check_schema(schema)
    reader, read = ActReader(voice.lookup), 0
    for act in voice.needs.acts:
        facts = schema["$defs"][f"{act.act}.{act.party}"]["properties"]["facts"]["properties"]
        for name, fact in facts.items():
            listed = fact if "$ref" in fact else fact.get("items", {})
            for term in schema["$defs"][listed["$ref"].rpartition("/")[2]]["oneOf"] if "$ref" in listed else ():
                value = [term["const"]] if "items" in fact else term["const"]
                given = {"type": act.act, "by": act.party, "asset": "x", "facts": {name: value}}
                reader.read(json.dumps(given).encode())
                read += 1
    assert read > 100


# ---- a small contract, with and without each guard


def test_a_source_without_which_nothing_is_allowed_is_told_and_no_more_where_another_ground_is_added() -> None:
    without_auditor = CLAUSES.replace("(2) latest consent with the same subject has (given)", "(2) released")
    assert never(asked(RICH + without_auditor), "auditor") == {"use"}
    assert never(asked(), "auditor") == set()
    assert never(asked(), "A") == set()
    assert never(asked(), "auditor", "A") == {"use"}
    # A record of which the fact is not shown is there, and says nothing.
    assert never(asked(RICH + CLAUSES, "auditor", "consent.given"), "auditor", "consent.given") == {"use"}
    assert never(asked(RICH + CLAUSES, "auditor", "report.bad"), "auditor", "report.bad") == set()


def test_a_fact_that_only_counts_against_is_needed_once_a_permission_rests_on_it() -> None:
    assert need(asked(), "use", "report") is Need.NEVER
    assert need(asked(), "use", "report", "bad") is Need.SOMETIMES  # where there is a report, it must be shown not bad
    asks = CLAUSES.replace('note is "ok"', "some report with the same subject")
    assert need(asked(RICH + asks), "use", "report") is Need.ALWAYS


def test_what_a_clause_obliges_to_is_looked_at_where_its_breach_is() -> None:
    breach = CLAUSES.replace(
        "some report where (bad) with the same subject", "clause 3 is violated with the same subject"
    )
    found = asked(RICH + breach)
    assert need(found, "use", "notify") is Need.SOMETIMES
    assert need(found, "use", "notify", "subject") is Need.KEY
    assert need(found, "use", "consent") is Need.SOMETIMES
    assert never(found, "B") == {"use"}


def test_a_record_that_only_perhaps_counts_allows_nothing() -> None:
    grants = 'clause 1 use zh "使用" en "use"\n  B may use if some report where (bad) with the same subject.\n'
    assert never(asked(RICH + grants, "report.bad"), "report.bad") == {"use"}
    assert never(asked(RICH + grants.replace("(bad)", "(bad or not bad)"), "report.bad"), "report.bad") == {"use"}


def test_a_breach_is_not_known_without_the_key_that_says_whose() -> None:
    grants = 'clause 1 use zh "使用" en "use"\n  B may use if purpose is in training.\n'
    bars = 'clause 2 bad zh "不利" en "bad"\n  B must not use if clause 3 is violated with the same subject.\n'
    found = asked(RICH + grants + bars + CLAUSES[CLAUSES.index("clause 3") :], "use.subject")
    assert never(found, "use.subject") == {"use"}


@pytest.mark.parametrize(
    "name", ["auditor", "released", "use.released", "rich.use.released", "consent", "consent.given"]
)
def test_what_is_left_is_shown_by_an_act_without_it_that_can_be_pasted(name: str) -> None:
    found = asked(RICH + CLAUSES, name)
    [kept] = found.left
    assert isinstance(kept.left.answer, Refuted)
    contract = load(f"{RICH}{CLAUSES}\n{kept.scenario}\n", name="rich").contract
    assert contract is not None
    assert [run(contract, s).holds for s in contract.scenarios] == [True]
    [scenario] = contract.scenarios
    told = [n for line in scenario.lines for n, _ in line.facts] + [
        line.event.partition(".")[2] for line in scenario.lines
    ]
    assert name.rpartition(".")[2] not in told


def test_a_party_or_role_may_be_named_by_its_label() -> None:
    for name in ("审计机构", "auditor"):
        assert never(asked(RICH + CLAUSES, name, "甲方"), name, "甲方") == {"use"}


@pytest.mark.parametrize(("name", "code"), [("audito", "VB70"), ("nothing.given", "VB70")])
def test_a_source_that_is_not_there_is_refused_with_what_was_meant(name: str, code: str) -> None:
    with pytest.raises(VerbError) as caught:
        asked(RICH + CLAUSES, name)
    assert caught.value.code == code
    assert "auditor" in caught.value.help() or "given" in caught.value.help()


def test_only_the_acts_named_are_asked_about() -> None:
    assert {a.act for a in asked(acts=("use",)).needs.acts} == {"rich.use"}
    with pytest.raises(VerbError, match="VB64"):
        asked(acts=("uses",))


def test_a_rule_pack_is_asked_what_lets_an_act_pass() -> None:
    [found] = needs((VOICE.parents[2] / "rules" / "cn_export.clause",))
    [act] = found.needs.acts
    assert isinstance(act.allowed, Refuted)
    assert act.allowed.witness is not None
    assert all(line.event != "termination" for line in act.allowed.witness.lines)  # while it is in force
    assert never(found, "H") == {"transfer"}
    assert {a.type.rpartition(".")[2] for a in act.looked_at if not a.field and a.need is Need.SOMETIMES}


def test_who_holds_a_role_is_told_and_a_role_that_nobody_holds(voice: Needed) -> None:
    [file] = needs_form((voice,)).files
    held = {s.name: s.held_by for s in file.sources}
    assert held == {
        "B": ("B",), "A": ("A",), "subject_agent": (), "auditor": (), "certifier": (), "regulator": ()
    }  # fmt: skip


def test_a_file_without_acts_asks_for_its_records_only() -> None:
    found = asked(RICH + CLAUSES[CLAUSES.index("clause 3") :])
    assert (found.needs.acts, found.left) == ((), ())
    assert {"rich.consent", "rich.notify"} <= set(found.needs.recorded.types)
    assert csv_form(found, Names(found.lookup, "en")).decode("utf-8-sig").startswith("type,by,to,asset\r\n")
    assert schema_of(found, Names(found.lookup, "en"))["not"] == {}


# ---- at the command line


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "rich.clause").write_text(RICH + CLAUSES, encoding="utf-8")
    return tmp_path


def prove(folder_: Path, *arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(cli, ["prove", str(folder_ / "rich.clause"), *arguments], env={"LANG": "C"})
    return found.exit_code, found.stdout, found.stderr


def test_the_command_ends_as_the_answer_is(files: Path) -> None:
    assert prove(files, "--needs")[0] == 0
    assert prove(files, "--needs", "--without", "auditor")[0] == 0
    code, out, _ = prove(files, "--needs", "--without", "auditor", "--without", "A")
    assert (code, "proved: never allowed" in out) == (1, True)
    assert prove(files, "--needs", "--without", "nobody")[0] == 2
    assert prove(files, "--without", "auditor")[0] == 2
    for alone in (("--without", "auditor"), ("--schema", "a.json"), ("--csv", "a.csv")):
        assert prove(files, "--matrix", "purpose", *alone)[0] == 2
    assert prove(files, "--needs", "--html", "a.html")[0] == 2
    assert prove(files, "--needs", "--refines", "rules.cn_export")[0] == 2


def test_the_answer_as_data_follows_its_schema(files: Path) -> None:
    schema = json.loads((folder("grammar") / "schemas" / "needs.schema.json").read_text(encoding="utf-8"))
    for arguments in ((), ("--without", "auditor")):
        code, out, _ = prove(files, "--needs", "--format", "json", *arguments)
        assert code == 0
        Draft202012Validator(schema).validate(json.loads(out))


def test_the_chinese_answer_has_no_english(files: Path) -> None:
    _, out, _ = prove(files, "--needs", "--lang", "zh")
    plain = {w for w in ("always", "needed", "shown", "clause ", "earlier", "never", "Without", "record") if w in out}
    assert plain == set()
    assert all(words in out for words in ("缺少", "由审计机构证明"))
