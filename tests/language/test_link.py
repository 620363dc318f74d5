"""Files joined: tracks, settings, bindings, names (design 2.4)."""

from decimal import Decimal
from pathlib import Path

from smartclause.logic.contract import BreachTrigger, Dated, Duty, Grant, ModuleKind, Track
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import Const, Kind, Query, Some, Type, walk
from smartclause.logic.walking import terms_of
from tests.language.sample import check, codes_of, contract_of

BASE = (
    'contract base version 1.0.0\n  in force from 2026-01-01.\n  time zone "Asia/Shanghai".\n'
    "  periods counted by cn.civil_code.\nrole provider.\nparty A as provider.\nparty B.\n"
    "act use by B has\n  subject is identifier;\n  agreed is fact shown by provider.\n"
    "occurrence breach has\n  incident is identifier.\n"
    "unrestricted act notify by B has\n  incident is identifier.\n"
    "parameter period is 24 hours; at least 1 hour; at most 72 hours.\n"
    "parameter fixed is 5%.\nparameter blank to be filled in; at most 10%.\n"
    "clause 1 notice\n  When breach occurs, B must notify A within period for the same incident.\n"
    "clause 2 scope\n  B may use if agreed.\n"
    "  B may use only if agreed and fixed is at most blank.\n"
)
PACK = (
    'rule pack rules version 2.0.0\n  time zone "Europe/Berlin".\n  periods counted by eu.reg_1182_71.DE.\n'
    "role watchdog.\nrole handler.\nparty C as handler.\nparty SA as watchdog.\n"
    "occurrence leak by C has\n  leak_no is identifier;\n  severe is fact shown by C.\n"
    "unrestricted act report by C has\n  leak_no is identifier.\n"
    "act export by C has\n  leak_no is identifier.\n"
    "clause 1 reporting\n  When leak occurs, C must report SA within 72 hours for the same leak_no.\n"
    "clause 2 no_export\n  C must not export if some leak by C with the same leak_no.\n"
)
SAMPLE = "contract sample version 1.0.0\n"


def test_a_contract_imported_is_merged_and_a_pack_stays_a_track_of_its_own(tmp_path: Path) -> None:
    text = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0 with C = B.\n"
    contract = contract_of(text, tmp_path, base=BASE, rules=PACK)
    assert contract.tracks == (Track("sample", True, ("sample", "base")), Track("rules", False, ("rules",)))
    assert contract.modules[0].uses == ("base", "rules")
    assert contract.unbound == ()


def test_every_file_keeps_its_zone_force_and_counting_rule(tmp_path: Path) -> None:
    text = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0 with C = B.\n"
    contract = contract_of(text, tmp_path, base=BASE, rules=PACK)
    headers = {m.name: (m.header.zone, m.header.rule) for m in contract.modules}
    assert headers["base"] == ("Asia/Shanghai", "cn.civil_code")
    assert headers["rules"] == ("Europe/Berlin", "eu.reg_1182_71.DE")
    assert [rule for rule, _ in contract.calendars] == ["cn.civil_code", "eu.reg_1182_71.DE"]


def test_a_bound_party_is_called_as_in_the_contract_everywhere(tmp_path: Path) -> None:
    text = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0 with C = B.\n"
    contract = contract_of(text, tmp_path, base=BASE, rules=PACK)
    rules = next(m for m in contract.modules if m.name == "rules")
    duty, bar = rules.clauses[0].sentences[0], rules.clauses[1].sentences[0]
    assert isinstance(duty, Duty)
    assert (duty.party, duty.recipient, getattr(bar, "party", "")) == ("B", "SA", "B")
    leak = next(t for t in contract.types if t.name == "rules.leak")
    assert (leak.by, [f.shown_by for f in leak.fields if f.name == "severe"]) == ("B", ["B"])
    queries = [n for term in terms_of(contract) for n in walk(term) if isinstance(n, Some)]
    assert [n.query for n in queries] == [Query("rules.leak", None, ("leak_no",), by="B")]
    assert [(p.name, p.role) for p in rules.parties] == [("B", ""), ("SA", "watchdog")]


def test_an_acting_party_that_nothing_binds_is_nobody(tmp_path: Path) -> None:
    text = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0.\n"
    found = check(text, tmp_path, base=BASE, rules=PACK)
    assert [d.code for d in found.diagnostics] == ["R22"]
    assert found.contract is not None
    assert found.contract.unbound == ("rules.C",)


def test_an_authority_never_takes_the_place_of_a_party_of_the_same_name(tmp_path: Path) -> None:
    text = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0 with C = B.\n"
    found = check(text, tmp_path, base=BASE, rules=PACK.replace("SA", "A"))
    assert found.contract is not None
    assert found.contract.unbound == ("rules.A",)


def test_a_pack_judged_by_itself_keeps_its_parties(tmp_path: Path) -> None:
    contract = contract_of(PACK, tmp_path)
    assert contract.unbound == ()
    assert contract.tracks == (Track("rules", False, ("rules",)),)


def test_a_pack_that_a_pack_imports_is_a_track_too_and_bindings_go_through(tmp_path: Path) -> None:
    outer = "rule pack outer version 1.0.0\nimport rules version 2.0.0 with C = D.\nparty D.\nact sell by D.\n"
    text = SAMPLE + "import base version 1.0.0.\nimport outer version 1.0.0 with D = B.\n"
    contract = contract_of(text, tmp_path, base=BASE, rules=PACK, outer=outer)
    assert [track.module for track in contract.tracks] == ["sample", "outer", "rules"]
    rules = next(m for m in contract.modules if m.name == "rules")
    assert getattr(rules.clauses[1].sentences[0], "party", "") == "B"


def test_a_setting_inside_its_bounds_replaces_the_value(tmp_path: Path) -> None:
    contract = contract_of(SAMPLE + "import base version 1.0.0 with period = 12 hours.\n", tmp_path, base=BASE)
    period = next(p for p in contract.parameters if p.name == "base.period")
    assert period.values == (Dated(Duration(12, Unit.HOUR)),)
    assert contract.modules[0].sets == ("base",)


def test_bounds_of_a_setting_hold_at_before_and_after_the_limit(tmp_path: Path) -> None:
    for hours, codes in ((0, ["T08"]), (1, []), (72, []), (73, ["T08"])):
        text = SAMPLE + f"import base version 1.0.0 with period = {hours} hours.\n"
        assert codes_of(text, tmp_path, base=BASE) == codes


def test_a_blank_is_filled_and_a_fixed_value_is_not(tmp_path: Path) -> None:
    contract = contract_of(SAMPLE + "import base version 1.0.0 with blank = 7%.\n", tmp_path, base=BASE)
    blank = next(p for p in contract.parameters if p.name == "base.blank")
    assert blank.values == (Dated(Decimal(7)),)
    assert codes_of(SAMPLE + "import base version 1.0.0 with fixed = 7%.\n", tmp_path, base=BASE) == ["R10"]


def test_a_setting_of_another_kind_or_family_is_refused(tmp_path: Path) -> None:
    for value in ("12 days", "12", "5%"):
        assert codes_of(SAMPLE + f"import base version 1.0.0 with period = {value}.\n", tmp_path, base=BASE) == ["T05"]


def test_two_settings_must_agree(tmp_path: Path) -> None:
    first = "contract first version 1.0.0\nimport base version 1.0.0 with period = {}.\n"
    text = SAMPLE + "import first version 1.0.0.\nimport base version 1.0.0 with period = 6 hours.\n"
    assert codes_of(text, tmp_path, base=BASE, first=first.format("6 hours")) == []
    assert codes_of(text, tmp_path, base=BASE, first=first.format("7 hours")) == ["R19"]


def test_two_bindings_of_one_party_must_agree(tmp_path: Path) -> None:
    outer = "rule pack outer version 1.0.0\nimport rules version 2.0.0 with C = D.\nparty D.\nact sell by D.\n"
    text = (
        SAMPLE
        + "import base version 1.0.0.\nimport outer version 1.0.0 with D = B.\n"
        + "import rules version 2.0.0 with C = {}.\n"
    )
    assert codes_of(text.format("B"), tmp_path, base=BASE, rules=PACK, outer=outer) == []
    assert codes_of(text.format("A"), tmp_path, base=BASE, rules=PACK, outer=outer) == ["R19"]


def test_names_of_imports_of_imports_are_known(tmp_path: Path) -> None:
    middle = "contract middle version 1.0.0\nimport base version 1.0.0.\n"
    text = SAMPLE + "import middle version 1.0.0.\nclause 5 more\n  B must not use unless agreed.\n"
    contract = contract_of(text, tmp_path, base=BASE, middle=middle)
    assert contract.tracks[0].modules == ("sample", "middle", "base")


def test_a_short_name_tells_equal_names_apart(tmp_path: Path) -> None:
    other = "vocabulary other version 1.0.0\nact use has\n  agreed is fact.\n"
    imports = SAMPLE + "import base version 1.0.0 as first.\nimport other version 1.0.0.\n"
    assert codes_of(imports + "clause 5 c\n  B must not use unless agreed.\n", tmp_path, base=BASE, other=other)[
        :1
    ] == ["R02"]
    contract = contract_of(
        imports + "clause 5 c\n  B must not first.use unless agreed.\n", tmp_path, base=BASE, other=other
    )
    assert getattr(contract.modules[0].clauses[0].sentences[0], "acts", ()) == ("base.use",)


def test_a_clause_number_means_the_files_own_clause_first(tmp_path: Path) -> None:
    text = (
        SAMPLE + "import base version 1.0.0.\nclause 1 own\n  When breach occurs, B must notify A within 1 hour "
        "for the same incident.\nclause 7 d\n  When clause 1 is violated, B must notify A within 1 hour for the same "
        "incident.\n  When clause base.notice is violated, B must notify A within 2 hours for the same incident.\n"
    )
    contract = contract_of(text, tmp_path, base=BASE)
    duties = contract.modules[0].clauses[1].sentences
    triggers = [s.triggers[0] for s in duties if isinstance(s, Duty)]
    assert triggers == [BreachTrigger("sample.1"), BreachTrigger("base.1")]


def test_despite_reaches_into_a_merged_contract_and_not_into_a_pack(tmp_path: Path) -> None:
    imports = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0 as statute with C = B.\n"
    inside = imports + "clause 5 c\n  Despite clause base.scope, B may use if not agreed.\n"
    contract = contract_of(inside, tmp_path, base=BASE, rules=PACK)
    grant = contract.modules[0].clauses[0].sentences[0]
    assert isinstance(grant, Grant)
    assert grant.despite == ("base.2",)
    outside = imports + "clause 5 c\n  Despite clause statute.no_export, B may export.\n"
    assert codes_of(outside, tmp_path, base=BASE, rules=PACK) == ["R16"]


def test_circles_of_priorities_and_statuses_are_printed() -> None:
    text = BASE + (
        "clause 3 a\n  Despite clause 4, B may use if agreed.\n  B must not use unless agreed.\n"
        "clause 4 b\n  Despite clause 3, B may use if agreed.\n  B must not use unless agreed.\n"
    )
    (found,) = [d for d in check(text).diagnostics if d.code == "R06"]
    assert "3 → 4 → 3" in found.message
    text = BASE + (
        "clause 3 a\n  When clause 4 is violated, B must notify A within 1 hour for the same incident.\n"
        "clause 4 b\n  When clause 3 is violated, B must notify A within 1 hour for the same incident.\n"
    )
    (found,) = [d for d in check(text).diagnostics if d.code == "R06"]
    assert "3(1) → 4(1) → 3(1)" in found.message


def test_kinds_of_files_import_only_what_they_may(tmp_path: Path) -> None:
    words = "vocabulary words version 1.0.0\n"
    files = {"base": BASE, "rules": PACK, "words": words}
    allowed = {
        "contract": ("base", "rules", "words"),
        "restricting agreement": ("base", "rules", "words"),
        "rule pack": ("rules", "words"),
        "vocabulary": ("words",),
    }
    versions = {"base": "1.0.0", "rules": "2.0.0", "words": "1.0.0"}
    for kind, fine in allowed.items():
        for name, version in versions.items():
            text = f"{kind} sample version 1.0.0\nimport {name} version {version}.\n"
            codes = set(codes_of(text, tmp_path, **files)) - {"R22"}
            assert codes == (set() if name in fine else {"R09"}), (kind, name)


def test_an_agreement_is_a_track_that_is_not_closed(tmp_path: Path) -> None:
    secret = "restricting agreement secret version 1.0.0\nimport base version 1.0.0.\n"
    text = SAMPLE + "import secret version 1.0.0.\n"
    contract = contract_of(text, tmp_path, base=BASE, secret=secret)
    kinds = {m.name: m.kind for m in contract.modules}
    assert kinds["secret"] is ModuleKind.AGREEMENT
    assert contract.tracks == (
        Track("sample", True, ("sample",)),
        Track("secret", False, ("secret",)),
        Track("base", True, ("base",)),
    )


def test_party_values_are_bound_as_well(tmp_path: Path) -> None:
    pack = PACK.replace("act export by C has\n", "act export by C has\n  exporter is party;\n")
    pack = pack.replace("if some leak by C with the same leak_no", "if exporter is C")
    text = SAMPLE + "import base version 1.0.0.\nimport rules version 2.0.0 with C = B.\n"
    contract = contract_of(text, tmp_path, base=BASE, rules=pack)
    consts = [
        n for term in terms_of(contract) for n in walk(term) if isinstance(n, Const) and n.type == Type(Kind.PARTY)
    ]
    assert [c.value for c in consts] == ["B"]
