"""What `prove` prints: for each finding a sentence, why it is so sure, and the act behind it as a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from smartclause.cli.output import counted, pick, say
from smartclause.engines.prose_names import Names, listed
from smartclause.engines.prose_states import word
from smartclause.engines.prove.answer import NotProven, Proved, Refuted
from smartclause.engines.prove.result import OTHERWISE, Check, Result
from smartclause.evidence.errors import Lang
from smartclause.logic.contract import Grant, Norm

if TYPE_CHECKING:
    from smartclause.verbs.prove import Proven, Told


def print_proven(found: Sequence[Proven], lang: Lang, examples: bool = False) -> None:
    for each in found:
        _print_file(each, Names(each.lookup, lang), lang, examples)


def _print_file(found: Proven, names: Names, lang: Lang, examples: bool) -> None:
    for told in found.told:
        result = told.result
        if (
            result.check in (Check.PROPERTY, Check.REFINES)
            or result.fault
            or result.open
            or (examples and told.scenario)
        ):
            say(sentence(result, names), _style(result))
            _print_scenario(told)
            if told.beside and found.other is not None:
                say(_beside(told, Names(found.other, lang)))
    for line in needs(found.told, names):
        say(line)
    say(_summary(found, lang))


def _print_scenario(told: Told) -> None:
    if told.scenario:
        for line in told.scenario.splitlines():
            say(f"    {line}")


def _beside(told: Told, names: Names) -> str:
    """What the other file finds of the act."""
    clauses = [
        f"{names.clause(clause)} {word(state, names.lang)}" if names.lang == "en" else
        f"{names.clause(clause)}{word(state, names.lang)}"
        for clause, state in told.beside
    ]  # fmt: skip
    return f"    {told.result.name}{names.pick(': ', '：')}{names.pick('; ', '；').join(clauses)}"


def _style(result: Result) -> str:
    if result.fault:
        return "bold red"
    return "yellow" if result.open else "green"


def _summary(found: Proven, lang: Lang) -> str:
    asked = [t for t in found.told if t.result.check is not Check.NEEDS]
    faults, left = len(found.faults), len(found.open)
    en = f"{found.path}: {counted(len(asked), 'question')}, {counted(faults, 'finding')}, {left} not proven"
    return pick(lang, en, f"{found.path}：{len(asked)}项证明事项，{faults}处发现，{left}项未获证明")


def sentence(result: Result, names: Names) -> str:
    match result.answer:
        case NotProven():
            return names.pick(
                f"not proven: {_about(result, names)} ({why(result.answer, names)})",
                f"未获证明：{_about(result, names)}（{why(result.answer, names)}）",
            )
        case Proved():
            return names.pick(f"proved: {_about(result, names)}", f"已证明：{_about(result, names)}")
        case Refuted():
            if result.fault:
                return names.pick(f"refuted: {_about(result, names)}", f"已否定：{_about(result, names)}")
            return names.pick(f"not so: {_about(result, names)}", f"并非如此：{_about(result, names)}")


def why(answer: NotProven, names: Names) -> str:
    match answer.why:
        case "limit":
            return names.pick("the effort allowed was spent", "已达到允许的求解步数")
        case "history":
            return names.pick(
                f"no history with at most {answer.bound} different records of a kind shows it, and of duties as many "
                "openings and answers; longer ones were not looked at",
                f"每类不同记录不超过{answer.bound}项（义务的发生与履行各不超过该数）的历史均未能显示，更长的历史未作考察",
            )
        case "no act":
            return names.pick("there is no act that it speaks of", "没有其所涉及的行为")
        case _:
            return names.pick("no act that shows it could be built", "未能构造出显示该情形的行为")


def _about(result: Result, names: Names) -> str:
    """The claim that was asked."""
    clause = names.clause(result.clause, result.sentence) if result.clause else ""
    act, who = names.type(result.act) if result.act else "", names.who(result.party) if result.party else ""
    others = listed([names.clause(c) for c in result.others], names.lang)
    en, zh = _claims(result, clause, act, who, others, names)
    return names.pick(en, zh)


def _never_decides(result: Result, clause: str, names: Names) -> tuple[str, str]:
    """A prohibition over an open list never holds for sure, and still stops what the list leaves open."""
    _, found = names.lookup.clauses[result.clause]
    match next((s for s in found.sentences if s.number == result.sentence), None):
        case Grant():
            return f"{clause} never permits anything", f"{clause}从不准许任何行为"
        case Norm():
            return (
                f"{clause} never forbids anything; at most it leaves an act undecided",
                f"{clause}从不禁止任何行为，至多使行为暂不准许",
            )
        case _:
            return f"nothing ever opens what {clause} obliges to", f"没有任何情形使{clause}的义务发生"


def _claims(result: Result, clause: str, act: str, who: str, others: str, names: Names) -> tuple[str, str]:
    match result.check:
        case Check.VACUOUS:
            return f"there is no possible act “{act}” of {who}", f"{who}的“{act}”不存在任何可能的情形"
        case Check.NEVER_APPLIES:
            return f"{clause} applies to no act", f"{clause}不适用于任何行为"
        case Check.NEVER_DECIDES:
            return _never_decides(result, clause, names)
        case Check.NEVER_GRANTED:
            return f"“{act}” by {who} is never allowed", f"{who}的“{act}”从不获准许"
        case Check.ALWAYS_UNKNOWN:
            return f"“{act}” by {who} is always undecided", f"{who}的“{act}”总是暂不准许"
        case Check.NEEDS:
            return (
                f"“{act}” by {who} is never allowed without “{result.name}”",
                f"没有“{result.name}”，{who}的“{act}”从不获准许",
            )
        case Check.PROPERTY:
            return f"property {result.name}", f"证明事项{result.name}"
        case Check.REFINES:
            return (
                f"whatever “{act}” by {who} this allows, {result.name} allows or does not bar",
                f"凡本文件准许{who}的“{act}”，{result.name}亦予准许或者不予禁止",
            )
        case Check.CLASH:
            return (
                f"the permission of {clause} never meets the prohibition of {others}",
                f"{clause}的准许从不与{others}的禁止相遇",
            )
        case Check.DILEMMA:
            then_en, then_zh = _otherwise(result)
            return (
                f"what {clause} obliges {who} to do{then_en} is never barred in every way",
                f"{clause}{then_zh}要求{who}做的事从不因{others}而无从进行",
            )
        case Check.ALWAYS_BARRED:
            return f"whenever {clause} permits, the act is barred", f"凡{clause}准许之时，该行为均被禁止"
        case Check.REDUNDANT:
            return f"without {clause} every verdict is the same", f"没有{clause}，各项判定均不变"
        case Check.IDLE_EXCEPTION:
            return (
                f"without the exception of {clause} every verdict is the same",
                f"没有{clause}的除外情形，各项判定均不变",
            )
        case Check.PARAMETER if result.clause:
            figures = listed([names.parameter(n) for n in result.name.split(", ")], names.lang)
            sentences = listed([names.clause(c) for c in (result.clause, *result.others)], names.lang)
            return (
                f"with the figures {figures} as they are, “{act}” by {who} can meet {sentences}",
                f"按参数{figures}现有的值，{who}的“{act}”能够符合{sentences}",
            )
        case Check.PARAMETER:
            return (
                f"the figure {names.parameter(result.name)} is inside its bounds",
                f"参数{names.parameter(result.name)}在其限度之内",
            )
        case Check.UNMEETABLE:
            then_en, then_zh = _otherwise(result)
            if others:
                return (
                    f"nobody can keep both {clause} and {others}{then_en}",
                    f"{clause}{then_zh}与{others}无人能够同时遵守",
                )
            return f"nobody can do in time what {clause} asks{then_en}", f"{clause}{then_zh}要求的事无人能按时完成"


def _otherwise(result: Result) -> tuple[str, str]:
    """Where it is about what is owed otherwise."""
    return (" as the next step", "的后续义务") if result.name == OTHERWISE else ("", "")


def needs(told: Iterable[Told], names: Names) -> Iterator[str]:
    """For each act what no permission of it does without."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in (t.result for t in told):
        if each.check is Check.NEEDS and isinstance(each.answer, Proved):
            kinds = [each.name] if "." in each.name else []
            word = names.type(each.name) if kinds else names.field(each.name, [each.act])
            found.setdefault((each.act, each.party), []).append(f"“{word}”")
    for (act, party), words in found.items():
        en = f"proved: “{names.type(act)}” by {names.who(party)} is never allowed without {listed(words, 'en')}"
        yield names.pick(en, f"已证明：缺少{'、'.join(words)}之一的，{names.who(party)}的“{names.type(act)}”从不获准许")


__all__ = ["print_proven"]
