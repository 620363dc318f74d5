"""What `decide` prints: the decision, what each file says and why, what is missing, what to keep in mind."""

from __future__ import annotations

from smartclause.cli.output import COLOUR_OF, pick, say, say_all
from smartclause.engines.prose import explain_reasons, explain_verdict, word
from smartclause.engines.report_words import note
from smartclause.evidence.errors import Lang
from smartclause.logic.truth import Truth
from smartclause.verbs.decide import Answer


def print_answer(answer: Answer, lang: Lang) -> None:
    decision, members = answer.decision, answer.judged.members
    if answer.what_if or len(members) != 1:
        say(word(decision, lang), COLOUR_OF[decision])
    if answer.what_if:
        would = word(answer.judged.decision, lang)
        say(
            pick(
                lang,
                f"A what-if, on which nobody may act: it would be {would}.",
                f"仅为推演，不得据以行事：推演结果为{would}。",
            )
        )
    lookup = answer.bundle.lookup
    for name, verdict in members:
        if len(members) > 1:
            say(f"{name}:")
        first, *rest = explain_verdict(lookup, verdict, lang, records=answer.records, sets=answer.sets).splitlines()
        say(first, COLOUR_OF[verdict.decision])
        say_all(rest)
    if not members:
        for what, bring in explain_reasons(lookup, answer.judged.open, lang):
            say(pick(lang, f"{what}; to bring: {bring}", f"{what}；需补：{bring}") if bring else what)
    if answer.judged.truth is Truth.UNKNOWN and not answer.sets.sets and not answer.sets.cut:
        say(pick(lang, "Nothing that can be shown would allow this.", "没有任何可以出示的事实能使其获得准许。"))
    finality = pick(lang, "final", "终局") if answer.final else pick(lang, "provisional", "暂定")
    say(pick(lang, f"This answer is {finality}.", f"本答复为{finality}。"))
    say_all(dict.fromkeys(note(n.kind, n.detail, lang) for n in answer.notes))
