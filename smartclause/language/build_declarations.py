"""Builders of the header and of declarations."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from smartclause.language import tree as t
from smartclause.language.build_conditions import Built, names_part, nodes_part, part
from smartclause.language.pieces import Context, Kids, Piece, name
from smartclause.language.tokens import Token

_FILE_KINDS: Mapping[str, t.FileKind] = MappingProxyType(
    {
        "CONTRACT": "contract", "AGREEMENT": "agreement", "RULES": "rules", "VOCABULARY": "vocabulary",
        "AMENDMENT": "amendment",
    }
)  # fmt: skip
_EVENT_KINDS: Mapping[str, t.EventKind] = MappingProxyType(
    {"ACT": "act", "UNRESTRICTED_ACT": "unrestricted", "OCCURRENCE": "occurrence"}
)


def _labels(_: Context, kids: Kids) -> Piece:
    found: dict[str, str] = {}
    for marker, text in zip(kids.all, kids.all[1:], strict=False):
        if marker.type in {"ZH", "EN"}:
            found[marker.type.lower()] = str(text.value)
    return Piece("labels", t.Texts(zh=found.get("zh"), en=found.get("en"), span=kids.span), kids.span)


def _words(context: Context, kids: Kids) -> Piece:
    return Piece("words", _labels(context, kids).value, kids.span)


def _plain_words(_: Context, kids: Kids) -> Piece:
    return Piece("words", t.Texts(plain=kids.value("STRING"), span=kids.span), kids.span)


def _reason(_: Context, kids: Kids) -> Piece:
    return Piece("reason", kids.piece("words"), kids.span)


def _dates(_: Context, kids: Kids) -> Piece:
    since = until = None
    for marker, day in zip(kids.all, kids.all[1:], strict=False):
        if day.type == "DATE" and marker.type in {"FROM", "SINCE", "FORCE_FROM"}:
            since = t.Date(day.value, span=day.span)
        if day.type == "DATE" and marker.type == "UNTIL":
            until = t.Date(day.value, span=day.span)
    return Piece("dates", (since, until), kids.span)


# ---- header


def _file_kind(_: Context, kids: Kids) -> Piece:
    return Piece("kind", _FILE_KINDS[kids.all[0].type], kids.span)


def _header(_: Context, kids: Kids) -> t.Header:
    return t.Header(kids.piece("kind"), kids.name(), kids.value("VERSION_NUMBER"), kids.piece("labels"), span=kids.span)


def _force(context: Context, kids: Kids) -> t.Force:
    since, until = _dates(context, kids).value
    return t.Force(since, until, span=kids.span)


def _zone(_: Context, kids: Kids) -> t.Zone:
    return t.Zone(kids.value("STRING"), span=kids.span)


def _path(_: Context, kids: Kids) -> Piece:
    return Piece("path", ".".join(str(token.value) for token in kids.tokens("NAME")), kids.span)


def _counting(_: Context, kids: Kids) -> t.Counting:
    return t.Counting(kids.piece("path"), span=kids.span)


def _authoritative(_: Context, kids: Kids) -> t.Authoritative:
    return t.Authoritative("zh" if kids.has("ZH") else "en", span=kids.span)


def _duration(kids: Kids) -> t.Duration:
    return next(node for node in kids.nodes() if isinstance(node, t.Duration))


def _news(_: Context, kids: Kids) -> t.News:
    return t.News(_duration(kids), span=kids.span)


def _records_due(_: Context, kids: Kids) -> t.RecordsDue:
    return t.RecordsDue(_duration(kids), span=kids.span)


def _lag(_: Context, kids: Kids) -> t.Lag:
    return t.Lag(kids.name(), _duration(kids), span=kids.span)


def _gap(_: Context, kids: Kids) -> t.Gap:
    return t.Gap(_duration(kids), span=kids.span)


def _provider(_: Context, kids: Kids) -> t.Provider:
    return t.Provider(kids.name(), span=kids.span)


def _survive(_: Context, kids: Kids) -> t.Survive:
    references = [node for node in kids.nodes() if isinstance(node, t.ClauseRef)]
    return t.Survive((*references, *kids.pieces("reference")), span=kids.span)


def _clause_name(_: Context, kids: Kids) -> Piece:
    (token,) = kids.all
    target = token.text if token.type == "NUMBER" else str(token.value)
    return Piece("reference", t.ClauseRef(target, span=token.span), kids.span)


def _may_end(_: Context, kids: Kids) -> t.MayEnd:
    return t.MayEnd(kids.piece("names"), span=kids.span)


def _evidence_en(_: Context, kids: Kids) -> t.Evidence:
    return t.Evidence(kids.name_after("TIME_STAMPED"), kids.name_after("WITNESSED"), span=kids.span)


def _evidence_zh(_: Context, kids: Kids) -> t.Evidence:
    names = list(kids.names())
    stamped = names.pop(0) if kids.has("STAMPS") else None
    return t.Evidence(stamped, names.pop(0) if kids.has("WITNESSES") else None, span=kids.span)


def _amends(_: Context, kids: Kids) -> t.Amends:
    return t.Amends(kids.piece("path"), kids.value("VERSION_NUMBER"), kids.value("STRING"), span=kids.span)


# ---- declarations


def _import(_: Context, kids: Kids) -> t.Import:
    names = kids.names()
    return t.Import(
        kids.piece("path"), kids.value("VERSION_NUMBER"), names[0].id if names else None,
        kids.piece("settings", ()), span=kids.span,
    )  # fmt: skip


def _setting(_: Context, kids: Kids) -> t.Setting:
    _, value = kids.nodes()
    return t.Setting(kids.name(), value, span=kids.span)


def _labelled(node: type[t.Law] | type[t.Role] | type[t.Unit]) -> Built:
    return lambda _, kids: node(kids.name(), kids.piece("labels"), span=kids.span)


def _party(_: Context, kids: Kids) -> t.Party:
    return t.Party(kids.name(), kids.piece("labels"), kids.piece("names", ()), span=kids.span)


def _concept(_: Context, kids: Kids) -> t.Concept:
    return t.Concept(
        kids.name(), kids.piece("labels"), kids.piece("edges", ()), kids.piece("strings", ()), span=kids.span
    )


def _strings(_: Context, kids: Kids) -> Piece:
    return Piece("strings", tuple(str(token.value) for token in kids.tokens("STRING")), kids.span)


def _edge(_: Context, kids: Kids) -> t.Edge:
    since, until = kids.piece("dates")
    return t.Edge(kids.name(), since, until, span=kids.span)


def _disjoint(_: Context, kids: Kids) -> t.Disjoint:
    return t.Disjoint(kids.piece("names"), span=kids.span)


def _complete(_: Context, kids: Kids) -> t.Complete:
    return t.Complete(kids.piece("names"), span=kids.span)


def _event_kind(_: Context, kids: Kids) -> Piece:
    return Piece("kind", _EVENT_KINDS[kids.all[0].type], kids.span)


def _event(_: Context, kids: Kids) -> t.EventType:
    return t.EventType(
        kids.piece("kind"), kids.name(), kids.piece("labels"), kids.name_after("UNDER"), kids.name_after("BY"),
        kids.piece("fields", ()), span=kids.span,
    )  # fmt: skip


def _run(_: Context, kids: Kids) -> t.Run:
    return t.Run(*kids.names(), span=kids.span)


def _field(_: Context, kids: Kids) -> t.Field:
    least, most = kids.piece("bounds")
    return t.Field(
        kids.name(), kids.piece("type"), kids.piece("labels"), least, most, kids.piece("shown"), span=kids.span
    )


def _type(_: Context, kids: Kids) -> Piece:
    token = kids.all[0]
    kind: Any = "number" if token.type == "NUMBER_TYPE" else token.value
    if token.type == "NAME":
        return Piece("type", t.FieldType("concept", name(token), span=kids.span), kids.span)
    return Piece("type", t.FieldType(kind, span=kids.span), kids.span)


def _set_type(_: Context, kids: Kids) -> Piece:
    return Piece("type", t.FieldType("set", kids.name(), span=kids.span), kids.span)


def _number_type(_: Context, kids: Kids) -> Piece:
    return Piece("type", t.FieldType("number", kids.name(), span=kids.span), kids.span)


def _bounds(_: Context, kids: Kids) -> Piece:
    bounds: dict[str, Any] = {}
    nodes = iter(kids.nodes())
    for child in kids.all:
        if isinstance(child, Token) and child.type in {"AT_LEAST", "AT_MOST"}:
            bounds[child.type] = next(nodes)
    return Piece("bounds", (bounds.get("AT_LEAST"), bounds.get("AT_MOST")), kids.span)


def _parameter(_: Context, kids: Kids) -> t.Parameter:
    least, most = kids.piece("bounds")
    return t.Parameter(
        kids.name(), kids.piece("value"), kids.piece("labels"), least, most, kids.piece("interprets"),
        span=kids.span,
    )  # fmt: skip


def _dated(_: Context, kids: Kids) -> t.Dated:
    (value,) = kids.nodes()
    since, until = kids.piece("dates")
    return t.Dated(value, since, until, span=kids.span)


def _name_list(is_open: bool) -> Built:
    return lambda _, kids: Piece("value", t.NameList(kids.piece("names"), is_open, span=kids.span), kids.span)


def _blank(_: Context, kids: Kids) -> Piece:
    return Piece("value", t.Blank(kids.piece("type"), span=kids.span), kids.span)


def _interprets(_: Context, kids: Kids) -> Piece:
    reference = next(node for node in kids.nodes() if isinstance(node, t.ClauseRef))
    node = t.Interprets(reference, kids.value("STRING"), kids.piece("reason"), span=kids.span)
    return Piece("interprets", node, kids.span)


def _define(_: Context, kids: Kids) -> t.Define:
    body = kids.nodes()[-1]
    return t.Define(kids.name(), body, kids.piece("labels"), span=kids.span)


# ---- clauses


def _part(_: Context, kids: Kids) -> t.Part:
    number = kids.value("NUMBER", "CHAPTER")
    return t.Part(int(number), kids.piece("labels"), span=kids.span)


def _clause(_: Context, kids: Kids) -> t.Clause:
    change: Any = "add" if kids.has("ADD") else "replace" if kids.has("REPLACE") else None
    return t.Clause(kids.value("CLAUSE_HEAD"), kids.name(), kids.piece("labels"), (), change, span=kids.span)


def _strike(_: Context, kids: Kids) -> t.Strike:
    return t.Strike(kids.only(), span=kids.span)


def _leave(_: Context, kids: Kids) -> t.Leave:
    return t.Leave(kids.name(), span=kids.span)


def _original(_: Context, kids: Kids) -> t.Original:
    return t.Original(kids.piece("words"), span=kids.span)


def _cites(_: Context, kids: Kids) -> t.Cites:
    return t.Cites(kids.nodes(), span=kids.span)


def _citation(_: Context, kids: Kids) -> t.Citation:
    article: Any = kids.token("ARTICLE")
    return t.Citation(kids.name(), article.value if article else (), span=kids.span)


def _applies(_: Context, kids: Kids) -> t.Applies:
    return t.Applies(kids.only(), span=kids.span)


def _not_encoded(_: Context, kids: Kids) -> t.NotEncoded:
    return t.NotEncoded(kids.value("STRING"), kids.piece("reason"), span=kids.span)


def _judgement(_: Context, kids: Kids) -> t.Judgement:
    subject, by = kids.names()
    return t.Judgement(subject, by, kids.piece("words"), kids.piece("labels"), span=kids.span)


DECLARATIONS: Mapping[str, Built] = MappingProxyType(
    {
        "labels": _labels, "words": _words, "plain_words": _plain_words, "reason": _reason,
        "dates": _dates, "dates_since": _dates, "dates_until": _dates, "dates_both": _dates,
        "file_kind": _file_kind, "header": _header, "force": _force, "zone": _zone, "path": _path,
        "counting": _counting, "authoritative": _authoritative, "news": _news, "records_due": _records_due,
        "lag": _lag, "gap": _gap, "provider": _provider, "survive": _survive, "clause_name": _clause_name,
        "may_end": _may_end, "evidence_en": _evidence_en, "evidence_zh": _evidence_zh,
        "evidence_stamp_zh": _evidence_zh, "evidence_witness_zh": _evidence_zh, "amends": _amends,
        "names": names_part("names"),
        "import_": _import, "settings": nodes_part("settings"), "setting": _setting,
        "law": _labelled(t.Law), "role": _labelled(t.Role), "unit": _labelled(t.Unit), "party": _party,
        "concept": _concept, "strings": _strings, "edges": nodes_part("edges"), "edge": _edge,
        "disjoint": _disjoint, "complete": _complete,
        "event": _event, "event_kind": _event_kind, "run": _run, "fields": nodes_part("fields"), "field": _field,
        "type": _type, "set_type": _set_type, "number_type": _number_type, "field_bounds": _bounds,
        "bounds": _bounds, "shown": part("shown"),
        "parameter": _parameter, "dated_values": nodes_part("value"), "dated": _dated,
        "closed_list": _name_list(False), "open_list": _name_list(True), "blank": _blank,
        "interprets": _interprets, "define": _define,
        "part": _part, "clause": _clause, "strike": _strike, "leave": _leave, "original": _original, "cites": _cites,
        "citation": _citation, "applies": _applies, "not_encoded": _not_encoded, "judgement": _judgement,
    }
)  # fmt: skip
