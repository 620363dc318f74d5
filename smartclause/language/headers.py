"""The header of a file: force, zone, counting rule, sources, provider, who may end it."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from smartclause.language import tree
from smartclause.language.names import Names
from smartclause.language.vocabulary import check_days, day
from smartclause.language.wording import Both
from smartclause.logic.contract import Header, ModuleKind, Text
from smartclause.logic.counting import RULES, Duration, Unit, known_rule

KINDS: Mapping[str, ModuleKind] = MappingProxyType(
    {
        "contract": ModuleKind.CONTRACT,
        "agreement": ModuleKind.AGREEMENT,
        "rules": ModuleKind.PACK,
        "vocabulary": ModuleKind.VOCABULARY,
        "amendment": ModuleKind.AMENDMENT,
    }
)


def kind_of(file: tree.File) -> ModuleKind:
    return KINDS[file.header.kind]


@cache
def _zones() -> frozenset[str]:
    """Of this machine, looked for once: the search goes through a folder."""
    return frozenset(available_timezones())


def zone_of(file: tree.File) -> str:
    """The zone of the file; UTC where it names none or one that does not exist."""
    zones = [term.zone for term in file.header.terms if isinstance(term, tree.Zone)]
    return zones[-1] if zones and zones[-1] in _zones() else "UTC"


def read_header(names: Names) -> Header:
    header = Header()
    seen: dict[type, tree.Term] = {}
    for term in names.program.files[names.module].header.terms:
        if type(term) in seen and not isinstance(term, tree.Lag | tree.Survive):
            names.say.add("R03", term.span, name=_spelled(term), line=seen[type(term)].span.line)
        seen.setdefault(type(term), term)
        header = _with(header, term, names)
    return header


def _with(header: Header, term: tree.Term, names: Names) -> Header:
    match term:
        case tree.Force():
            check_days(day(term.since), day(term.until), term.span, names)
            return replace(header, since=day(term.since), until=day(term.until))
        case tree.Zone():
            return replace(header, zone=_zone(term, names))
        case tree.Counting():
            return replace(header, rule=_rule(term, names))
        case tree.Authoritative():
            return replace(header, authoritative=term.language)
        case tree.News():
            return replace(header, news=duration(term.age))
        case tree.RecordsDue():
            return replace(header, records_due=duration(term.within))
        case tree.Lag():
            source = names.party_or_role(term.source)
            return replace(header, lag=(*header.lag, (source or "", duration(term.lag))))
        case tree.Provider():
            return replace(header, provider=names.party(term.party) or "")
        case tree.Gap():
            return replace(header, checkpoint_gap=duration(term.longest))
        case tree.MayEnd():
            enders = (names.party(party) for party in term.parties)
            return replace(header, enders=tuple(each for each in enders if each))
        case tree.Evidence():
            return replace(header, evidence=_evidence(term))
        case tree.Survive() | tree.Amends():
            return header


def duration(node: tree.Duration) -> Duration:
    return Duration(node.count, Unit(node.unit))


def _zone(term: tree.Zone, names: Names) -> str:
    if term.zone in _zones():
        return term.zone
    names.say.add("R14", term.span, name=term.zone)
    return "UTC"


def _rule(term: tree.Counting, names: Names) -> str:
    if known_rule(term.rule):
        return term.rule
    near = get_close_matches(term.rule, RULES, n=1, cutoff=0.3)
    listed = near[0] if near else ", ".join(sorted(RULES)[:4])
    help_ = Both(f"did you mean `{listed}`?" if near else f"write one of {listed}", f"可用的有：{listed}")
    names.say.add("R13", term.span, name=term.rule, help=help_)
    return "plain"


def _evidence(term: tree.Evidence) -> Text:
    zh, en = ["证据保存于本账本"], ["evidence is kept in this ledger"]
    if term.time_stamped_by:
        zh.append(f"由{term.time_stamped_by}加盖时间戳")
        en.append(f"time-stamped by {term.time_stamped_by}")
    if term.witnessed_by:
        zh.append(f"由{term.witnessed_by}见证")
        en.append(f"witnessed by {term.witnessed_by}")
    return Text("，".join(zh), ", ".join(en))


def _spelled(term: tree.Term) -> Both:
    kinds = {
        tree.Force: Both("in force", "生效期间"),
        tree.Zone: Both("time zone", "时区"),
        tree.Counting: Both("periods counted by", "期间计算依照"),
        tree.Provider: Both("data provided by", "数据由……提供"),
    }
    return kinds.get(type(term), Both("this line", "本行"))
