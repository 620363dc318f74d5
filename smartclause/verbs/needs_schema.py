"""A JSON Schema (draft 2020-12) of the acts that a contract speaks of: what a form makes by it, `decide` reads.

Only what every act has is required. A fact left out is not known, which the contract answers as it answers everything
that is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any, assert_never

from smartclause.engines.prose_names import Names, said
from smartclause.engines.prose_needs import clauses, kind_of, label_of, question_of, who_shows
from smartclause.evidence import forms
from smartclause.evidence.errors import harmless
from smartclause.logic.contract import BUILT_IN, FieldType
from smartclause.logic.counting import Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.verbs.values import concept_tree

if TYPE_CHECKING:
    from smartclause.engines.prove.needs import ActNeeds, Asked
    from smartclause.engines.prove.recorded import Use
    from smartclause.verbs.needs import Needed

Schema = dict[str, Any]

_WHOLE = 2**53 - 1
_END = r"(?![\s\S])"  # `$` alone lets a line end follow in some languages
_NAME = rf"^[A-Za-z_][A-Za-z0-9_]*{_END}"
_IDENTIFIER = rf"^[!-~]{{1,200}}{_END}"
_DECIMAL = rf"^(?:{forms.DECIMAL[1:-1]}){_END}"
_FRACTION = rf"^-?(?:0|[1-9][0-9]{{0,30}})\.[0-9]{{0,17}}[1-9]{_END}"
# Days that there are: of every month, and the 29th of February of leap years; no year 0000.
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = (
    rf"(?!0000)(?:[0-9]{{4}}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    rf"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_TIME = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{0,5}[1-9])?Z"

_WORDS = {
    "by": ("who does it", "行为人"),
    "to": ("to whom it is done", "相对方"),
    "asset": ("what it is done with, as the register knows it", "行为所涉数据，与登记册一致"),
    "facts": ("facts; what is left out is not known", "事实；未填写的视为未知"),
    "type": ("what is done", "行为种类"),
    "time": ("when it was, in UTC", "发生时刻（协调世界时）"),
}
_NEED = {
    "always": ("without it the act is never allowed", "缺少时从不获准许"),
    "sometimes": ("some permissions need it", "部分准许需要"),
    "never": ("it only ever counts against the act", "仅可能不利于该行为"),
    "no permission": ("the act is never allowed under this name", "以此名义从不获准许"),
    "key": ("it says which record is meant", "用以对应记录"),
}


def schema_of(found: Needed, names: Names) -> Schema:
    """In the language of `names`. Each act has a definition of its own, by its type and party; each kind of record that
    a sentence reads has one too, as `sign event` reads it."""
    lookup, tree = found.lookup, dict[str, None]()
    acts = {f"{a.act}.{a.party}": _act(a, names, tree) for a in found.needs.acts}
    told = found.needs.recorded
    records = {f"record.{k}": _record(k, found, names, tree) for k in told.types if k in lookup.types}
    module = lookup.modules[lookup.contract.module]
    title = said(module.label, names.lang) or module.name
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _plain(names.pick(f"{title}: an act to ask about", f"{title}：待问行为")),
        "description": _plain(f"{module.name} {module.version}"),
        **_one_of([{"$ref": f"#/$defs/{name}"} for name in acts]),
        "$defs": {**acts, **records, **{f"terms.{root}": _terms(lookup, root, names) for root in sorted(tree)}},
    }


def schema_text(found: Needed, names: Names) -> bytes:
    return (json.dumps(schema_of(found, names), ensure_ascii=False, indent=2) + "\n").encode()


def _act(act: ActNeeds, names: Names, tree: dict[str, None]) -> Schema:
    facts = {a.field: _fact(a, act.party, names, tree) for a in act.own}
    kind, who = names.type(act.act), names.who(act.party)
    by = {"title": names.pick(*_WORDS["by"]), "const": act.party}
    required = ["type", "by", "asset"] if names.lookup.is_controlled(act.act) else ["type", "by"]
    return {"title": _plain(names.pick(f"{kind} by {who}", f"{who}：{kind}"))} | _event(
        act.act, {"by": by}, facts, required, (), names
    )


def _event(
    type_: str, more: Schema, facts: Schema, required: list[str], keys: Iterable[str], names: Names
) -> Schema:  # fmt: skip
    bare = type_.rpartition(".")[2]
    alone = sum(t.rpartition(".")[2] == bare for t in (*names.lookup.types, *BUILT_IN)) == 1
    held: Schema = {"title": names.pick(*_WORDS["facts"]), "type": "object", "properties": facts}
    properties: Schema = {
        "type": {"title": names.pick(*_WORDS["type"]), "enum": [type_, bare] if alone else [type_]},
        **more,
        "to": {"title": names.pick(*_WORDS["to"]), "type": "string", "pattern": _NAME, "maxLength": 200},
        "asset": {"title": names.pick(*_WORDS["asset"]), "type": "string", "pattern": _IDENTIFIER},
        "facts": {**held, "required": [*keys], "additionalProperties": False},
    }
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _record(type_: str, found: Needed, names: Names, tree: dict[str, None]) -> Schema:
    """What every record of it has: when it was, and what says which is meant."""
    told, kind = found.needs.recorded, names.lookup.types[type_]
    fields = [f for f in kind.fields if f.name in told.fields(type_)]
    keys = [f.name for f in fields if any(u.key for u in told.of(type_, f.name))]
    facts = {f.name: _described(f, told.of(type_, f.name), "", "", names) | value_schema(f, tree) for f in fields}
    more: Schema = {
        "time": {"title": names.pick(*_WORDS["time"]), "type": "string", "pattern": f"^{_DAY}{_TIME}{_END}"},
        "by": {"title": names.pick(*_WORDS["by"]), "type": "string", "pattern": _NAME, "maxLength": 200},
    }
    required = ["type", "time", *(["facts"] if keys else []), *(["asset"] if names.lookup.is_controlled(type_) else [])]
    return {"title": _plain(names.type(type_))} | _event(type_, more, facts, required, keys, names)


def _fact(asked: Asked, party: str, names: Names, tree: dict[str, None]) -> Schema:
    field = names.lookup.field(asked.type, asked.field)
    assert field is not None
    return _described(field, asked.uses, party, asked.need.value, names) | value_schema(field, tree)


def _described(field: FieldType, uses: Iterable[Use], party: str, need: str, names: Names) -> Schema:
    read = [(u.clause, u.sentence) for u in uses]
    told = (
        question_of(field.name, names), kind_of(field, names), who_shows(field, party, names),
        names.pick(*_NEED[need]) if need else "", clauses(read, names),
    )  # fmt: skip
    return {
        "title": _plain(label_of(field, names)),
        "description": _plain(names.pick("; ", "；").join(t for t in told if t)),
        "x-smartclause": {
            **({"needed": need} if need else {}),
            **({"shown-by": field.shown_by} if field.shown_by else {}),
            "clauses": list(dict.fromkeys(c for c, _ in read)),
        },
    }


def _plain(text: str) -> str:
    """Labels are anybody's words."""
    return harmless(" ".join(text.split()))


# ---- values


def value_schema(field: FieldType, tree: dict[str, None]) -> Schema:
    """As events spell the value; `tree` takes the root of each list of terms that is named."""
    match field.type.kind:
        case Kind.FACT:
            return {"type": "boolean"}
        case Kind.TEXT:
            return {"type": "string", "maxLength": 10_000}
        case Kind.NUMBER:
            return {"anyOf": [_integer(field), {"type": "string", "pattern": _FRACTION}]}
        case Kind.PERCENTAGE:
            return {"type": "string", "pattern": _DECIMAL}
        case Kind.MONEY:
            return _money(field.type.detail)
        case Kind.INSTANT:
            return {"type": "string", "pattern": f"^{_DAY}{_TIME}{_END}", "format": "date-time"}
        case Kind.DATE:
            return {"type": "string", "pattern": f"^{_DAY}{_END}", "format": "date"}
        case Kind.DURATION:
            return _duration()
        case Kind.PARTY:
            return {"type": "string", "pattern": _NAME, "maxLength": 200}
        case Kind.IDENTIFIER:
            return {"type": "string", "pattern": _IDENTIFIER}
        case Kind.CONCEPT:
            return _listed(field, tree)
        case Kind.CONCEPTS:
            return {"type": "array", "items": _listed(field, tree), "minItems": 1, "uniqueItems": True}
        case _:
            assert_never(field.type.kind)


def _integer(field: FieldType) -> Schema:
    low = ceil(field.low) if isinstance(field.low, Decimal) else -_WHOLE
    high = floor(field.high) if isinstance(field.high, Decimal) else _WHOLE
    return {"type": "integer", "minimum": max(low, -_WHOLE), "maximum": min(high, _WHOLE)}


def _money(currency: str) -> Schema:
    named: Schema = {"const": currency} if currency else {"type": "string", "pattern": f"^[A-Z]{{3}}{_END}"}
    return _object({"amount": {"type": "string", "pattern": _DECIMAL}, "currency": named})


def _duration() -> Schema:
    count = {"type": "integer", "minimum": 0, "maximum": _WHOLE}
    return _object({"count": count, "unit": {"enum": [u.value for u in Unit]}})


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _listed(field: FieldType, tree: dict[str, None]) -> Schema:
    root = field.type.detail or "all"
    tree[root] = None
    return {"$ref": f"#/$defs/terms.{root}"}


def terms_under(lookup: Lookup, root: str) -> Iterable[str]:
    """Terms that may be told of a fact under the root, `all` without one."""
    tree = concept_tree(lookup.contract)
    return [c.name for c in lookup.contract.vocabulary.concepts if root == "all" or root in tree.above(c.name)]


def _terms(lookup: Lookup, root: str, names: Names) -> Schema:
    return {
        "title": _plain(names.pick("any term", "任一术语") if root == "all" else names.concept(root)),
        **_one_of([{"const": n, "title": _plain(names.concept(n))} for n in terms_under(lookup, root)]),
    }


def _one_of(several: list[Schema]) -> Schema:
    return {"oneOf": several} if several else {"not": {}}
