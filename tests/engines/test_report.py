"""The HTML report and the terminal tables: complete, escaped, self-contained, bounded."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from smartclause.engines import report, report_data, report_page, tables
from smartclause.engines.audit import Note
from smartclause.engines.contradictions import contradictions, mixed_records
from smartclause.engines.prose_names import LANGUAGES, Names
from smartclause.engines.timeline import in_series, timeline
from smartclause.logic.contract import Text
from smartclause.logic.instances import DutyStatus
from smartclause.logic.terms import Every, Holds
from smartclause.logic.verdict import ClauseState, Decision
from tests.engines.samples import CLAUSES, RECORDS, agreement, audited, consents, event

RESULT = audited()
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">"\'&'


class Reader(HTMLParser):
    """Checks that tags close in order, and gathers attributes and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request):
    return request.param, report.html(RESULT, request.param)


def test_the_page_is_well_formed(page):
    assert read(page[1]).tags.count("html") == 1


def test_the_page_loads_nothing_and_runs_nothing(page):
    reader = read(page[1])
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"} & set(reader.tags)
    loading = {"src", "href", "srcset", "action", "data", "xlink:href", "poster", "background"}
    assert not [a for a in reader.attributes if a[1] in loading or a[1].startswith("on")]
    assert "http://" not in page[1]
    assert "https://" not in page[1]
    assert "url(" not in page[1]
    assert "@import" not in page[1]
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in reader.attributes


def test_the_page_shows_decisions_clauses_duties_and_inputs(page):
    lang, html = page
    text = " ".join(" ".join(read(html).text).split())
    names = Names(RESULT.lookup, lang)
    for clause in CLAUSES:
        assert names.heading(clause.id) in text
        assert (clause.text.zh if lang == "zh" else clause.text.en) in text
    assert "sha256:" + "ab" * 32 in text
    for word in {"zh": ("不予准许", "暂定", "即将到期", "时间未经证明"), "en": ("refused", "provisional", "Due next")}[
        lang
    ]:
        assert word in text
    if lang == "en":
        assert "Time not attested" in text


def test_every_stopped_use_is_listed_with_its_clause_and_what_to_bring(page):
    lang, _ = page
    shown = report_page.page(RESULT, lang)
    for use in RESULT.uses:
        if use.decision is Decision.ALLOWED:
            continue
        rows = [(g, r) for g in shown.groups[use.decision.value] for r in g.rows if r.event == use.record.event.id]
        assert len(rows) == 1
        group, row = rows[0]
        assert row.why
        assert row.lines
        state = ClauseState.FORBIDDEN if use.decision is Decision.REFUSED else ClauseState.UNKNOWN
        assert group.headings == tuple(Names(RESULT.lookup, lang).heading(c) for c in use.clauses(state))
        if use.decision is Decision.UNDECIDED:
            assert all(bring for _, bring in row.why)


def test_the_shares_add_up(page):
    shown = report_page.page(RESULT, page[0])
    assert sum(s.count for s in shown.shares) == shown.total == len(RESULT.uses)
    assert sum(s.count for s in shown.duty_counts) == len(RESULT.duties)
    assert sum(g.count for groups in shown.groups.values() for g in groups) == shown.total


@pytest.mark.parametrize(
    ("count", "total", "shown"),
    [(0, 0, "0%"), (0, 5, "0%"), (5, 5, "100%"), (1, 3, "33.3%"), (1, 100_000, "0.1%"), (99_999, 100_000, "99.9%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(count, total, shown):
    assert report_data.percent(count, total) == shown


def hostile_result():
    given = agreement()
    evil = Text(HOSTILE, HOSTILE)
    clauses = tuple(replace(c, label=evil, text=evil) for c in CLAUSES)
    main = replace(given.modules[0], label=evil, clauses=clauses, parties=tuple(
        replace(p, label=evil) for p in given.modules[0].parties))  # fmt: skip
    types = tuple(replace(t, label=evil, fields=tuple(replace(f, label=evil) for f in t.fields)) for t in given.types)
    given = replace(given, modules=(main, *given.modules[1:]), types=types)
    records = tuple(replace(r, id=HOSTILE + r.id, asset=HOSTILE if r.asset else "") for r in RECORDS)
    result = audited(given, records)
    return replace(result, source=HOSTILE, notes=(Note(HOSTILE, HOSTILE),), inputs=((HOSTILE, HOSTILE),))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_labels_ids_and_sources_are_escaped(lang):
    html = report.html(hostile_result(), lang)
    reader = read(html)
    assert not {"script", "img"} & set(reader.tags)
    assert not [a for a in reader.attributes if a[1].startswith("on")]
    assert HOSTILE in "".join(reader.text)


def test_control_characters_do_not_reach_the_page():
    result = replace(RESULT, source="a\x00b\x1b[2J\u202ec")
    html = report.html(result, "en")
    assert not re.search("[\x00\x1b\u202e]", html)


def test_a_large_audit_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr(report_page, "MOST_ROWS", 5)
    monkeypatch.setattr(report_page, "MOST_EXPLAINED", 3)
    uses = tuple(
        event(f"x{n:03}", "use", f"2026-02-01T{n // 60:02}:{n % 60:02}", "B", subject=f"s{n}") for n in range(30)
    )
    result = audited(records=uses)
    shown = report_page.page(result, "en")
    (group,) = shown.groups["undecided"]
    assert group.count == 30
    assert len(group.rows) == 5
    assert group.left == 25
    assert sum(bool(row.lines) for row in group.rows) == 3
    assert group.brief == 2
    html = report.html(result, "en")
    assert "25 more not shown" in html
    assert "2 acts are listed here without the full explanation" in html


def test_an_audit_of_nothing_is_a_page_too():
    html = report.html(audited(records=()), "en")
    assert "No act is on record." in html
    read(html)


def test_an_amended_contract_shows_every_version_with_what_was_done_under_it():
    before = audited(records=RECORDS[:9])
    result = replace(audited(records=RECORDS[9:]), earlier=(before,))
    reader = read(report.html(result, "en"))
    text = "".join(reader.text)
    assert text.count("recorded acts") == 2
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    out = io.StringIO()
    tables.print_audit(result, "en", Console(file=out, width=160))
    assert out.getvalue().count("recorded acts") == 2


# ---- contradictions


def test_a_record_that_passes_beside_one_that_fails_is_found():
    found = list(mixed_records(RESULT))
    assert [c.use.record.event.id for c in found] == ["u3"]
    assert {r.event for r in found[0].for_} == {"e3"}
    assert {r.event for r in found[0].against} == {"e3b"}
    assert found[0].mixed
    assert list(contradictions(RESULT)) == []  # all records are asked at once: they may speak of different things


def test_records_that_agree_or_are_silent_are_none():
    agreeing = tuple(r for r in RECORDS if r.id not in ("e3", "e3b"))
    assert list(mixed_records(audited(records=agreeing))) == []
    silent = tuple(r for r in RECORDS if r.type != "m.consent")
    assert list(mixed_records(audited(records=silent))) == []


def by_source(records):
    """An agreement that asks each of two sources by itself, and both together."""
    from smartclause.logic.contract import Bar, Limit
    from smartclause.logic.terms import AnyOf, Compare, Const, Field, Kind, Order, Type
    from tests.engines.samples import VERIFIED

    text = Type(Kind.TEXT)
    own = [
        Every(consents(Compare(Order.EQUAL, Field("source", text), Const(name, text))), VERIFIED) for name in ("x", "y")
    ]
    clause = replace(
        CLAUSES[2],
        applies=CLAUSES[0].applies,
        sentences=(Limit(1, "B", ("m.use",), Every(consents(), VERIFIED)), Bar(2, "B", ("m.use",), AnyOf(tuple(own)))),
    )
    given = agreement()
    from smartclause.logic.contract import FieldType

    types = tuple(
        replace(t, fields=(*t.fields, FieldType("source", text))) if t.name == "m.consent" else t for t in given.types
    )
    given = replace(given, types=types, modules=(replace(given.modules[0], clauses=(clause,)), *given.modules[1:]))
    use = event("u", "use", "2026-02-02T10:00", "B", subject="s")
    return list(contradictions(audited(given, (*records, use))))


def statement(name, source, checked):
    return event(name, "consent", f"2026-02-01T08:0{name[-1]}", "C", subject="s", source=source, checked=checked)


def test_where_sources_are_asked_apart_two_records_of_one_source_are_no_contradiction():
    assert by_source([statement("a1", "x", True), statement("a2", "x", False)]) == []


def test_where_sources_are_asked_apart_two_sources_that_differ_are_one():
    found = by_source([statement("a1", "x", True), statement("a2", "y", False)])
    assert len(found) == 1
    assert isinstance(found[0].test, Holds)
    assert not found[0].mixed


# ---- timeline


def test_the_timeline_keeps_every_duty_inside_its_axis():
    drawn = timeline(in_series(RESULT.duties), RESULT.asked, Names(RESULT.lookup, "en"))
    assert drawn is not None
    assert len(drawn.lanes) == len(RESULT.duties)
    for lane in drawn.lanes:
        assert all(0 <= place <= 1000 for place in (*lane.due, *lane.done))
        assert all(0 <= b.left <= b.left + b.width <= 1003 for b in lane.bars)
    assert all(0 <= t.at <= 1000 for t in drawn.ticks)
    assert 1 <= len(drawn.ticks) <= 7


def test_what_falls_due_later_stands_further_right():
    drawn = timeline(in_series(RESULT.duties), RESULT.asked, Names(RESULT.lookup, "en"))
    assert drawn is not None
    places = sorted(zip((d.due.earliest for d in RESULT.duties), (lane.due[0] for lane in drawn.lanes), strict=True))
    assert [p for _, p in places] == sorted(p for _, p in places)


def test_duties_beyond_the_cap_are_counted():
    many = [(duty,) for duty in RESULT.duties] * 20
    drawn = timeline(many, RESULT.asked, Names(RESULT.lookup, "en"))
    assert drawn is not None
    assert drawn.left == len(many) - 40


def test_a_duty_missed_again_and_again_is_one_lane_with_every_due():
    result = audited(records=(), asked="2026-12-20T05:00")
    missed = [d for d in result.duties if (d.clause, d.sentence) == ("m.3.6", 1) and d.status is DutyStatus.VIOLATED]
    assert len(missed) == 3
    series = next(s for s in in_series(result.duties) if s[0] in missed)
    assert sorted(d.due.earliest for d in series) == sorted(d.due.earliest for d in missed)
    drawn = timeline([series], result.asked, Names(result.lookup, "en"))
    assert drawn is not None
    assert len(drawn.lanes[0].due) == len(missed)
    assert f"{len(missed)} times; first: due" in report.html(result, "en")
    assert f"共{len(missed)}次；首次：" in report.html(result, "zh")


def test_no_duty_no_timeline():
    assert timeline([], RESULT.asked, Names(RESULT.lookup, "en")) is None


# ---- the terminal


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_show_what_the_report_shows(lang):
    out = io.StringIO()
    tables.print_audit(RESULT, lang, Console(file=out, width=160, force_terminal=False))
    text = out.getvalue()
    names = Names(RESULT.lookup, lang)
    assert names.heading("m.1.2") in text
    assert {"en": "What is missing", "zh": "尚缺的证据"}[lang] in text
    assert {"en": "Due next", "zh": "即将到期"}[lang] in text


def test_hostile_text_cannot_style_or_steer_the_terminal():
    result = hostile_result()
    result = replace(result, notes=(Note("draft", "\x1b[2J[red]now[/red]"),))
    out = io.StringIO()
    tables.print_audit(result, "en", Console(file=out, width=200, force_terminal=False))
    assert "\x1b" not in out.getvalue()
    assert "[red]now[/red]" in out.getvalue()
