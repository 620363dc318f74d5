"""What `test` prints: each scenario, what was found instead, the clauses that none reaches, the thresholds tried."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smartclause.cli.output import counted, pick, say
from smartclause.engines.coverage.measured import Coverage
from smartclause.engines.coverage.told import Telling
from smartclause.engines.mutants.judged import Fate, Score
from smartclause.engines.mutants.told import difference, slip, where
from smartclause.evidence.errors import Lang
from smartclause.logic.contract import Expected
from smartclause.logic.scenario import Run
from smartclause.verbs.beside import Tried
from smartclause.verbs.scenarios import Tested, merged, said
from smartclause.verbs.suggest import Pasteable


def print_tested(tested: Sequence[Tested], lang: Lang) -> None:
    for each in tested:
        for run in each.failed:
            _print_failed(each, run, lang)
        passed, count = len(each.runs) - len(each.failed), len(each.runs)
        say(
            pick(
                lang,
                f"{each.path}: {passed} of {counted(count, 'scenario')} {'holds' if count == 1 else 'hold'}",
                f"{each.path}：{count}个情景中{passed}个成立",
            )
        )
    coverage = merged(tested)
    missed = [clause for clause, states in coverage.items() if not states]
    reached = len(coverage) - len(missed)
    say(pick(lang, f"{reached} of {counted(len(coverage), 'clause')} reached", f"{len(coverage)}条中{reached}条已触及"))
    if missed:
        say(pick(lang, f"not reached: {', '.join(missed)}", f"未触及：{'、'.join(missed)}"), "yellow")


def print_tried(tried: Sequence[Tried], lang: Lang) -> None:
    for each in tried:
        for scenario, instead in each.failed:
            expected = scenario.expected[0].status
            en = f"{scenario.name}: expected {expected}, found {instead}"
            say(pick(lang, en, f"{scenario.name}：应为{expected}，实为{instead}"), "bold red")
    made, failed = sum(t.made for t in tried), sum(len(t.failed) for t in tried)
    reached = sum(t.reached for t in tried)
    say(
        pick(
            lang,
            f"{reached} of {counted(len(tried), 'threshold')} tried; {made - failed} of {counted(made, 'scenario')} "
            f"beside them {'holds' if made == 1 else 'hold'}",
            f"{len(tried)}个界限中{reached}个已检验；界限前后的{made}个情景中{made - failed}个成立",
        )
    )
    missed = [str(t.threshold) for t in tried if not t.reached]
    if missed:
        say(pick(lang, f"not tried: {', '.join(missed)}", f"未检验：{'、'.join(missed)}"), "yellow")


def _print_failed(tested: Tested, run: Run, lang: Lang) -> None:
    say(pick(lang, f"{run.scenario.name}: does not hold", f"{run.scenario.name}：不成立"), "bold red")
    for outcome in run.outcomes:
        if not outcome.holds:
            say(f"  {_place(tested, outcome.expected)}{said(outcome, lang)}")


def _place(tested: Tested, expected: Expected) -> str:
    line = getattr(expected.span, "line", 0)
    return f"{tested.path}:{line}: " if line else ""


def print_coverage(found: Coverage, page: Path | None, lang: Lang) -> None:
    telling = Telling(found, lang)
    say()
    say(pick(lang, f"Coverage of {found.name}", f"{found.name}的覆盖情况"), "bold")
    for figure in telling.figures():
        done = pick(lang, f"{figure.done} of {figure.of}", f"{figure.of}项中{figure.done}项")
        say(f"  {figure.name}{pick(lang, ': ', '：')}{done}", "" if figure.done == figure.of else "yellow")
    for heading, lines in (*telling.gaps(), *telling.proofs()):
        say(heading)
        for line in lines:
            say(f"  - {line}")
    if page is not None:
        say(pick(lang, f"marked in {page}", f"标注见 {page}"))


def print_score(score: Score, lang: Lang) -> None:
    noticed, of = score.told
    same, refused = score.count(Fate.SAME), score.count(Fate.REFUSED)
    say()
    en = f"Mutants of {score.name}: {noticed} of {of} noticed ({score.percentage} %)"
    zh = f"{score.name}的变异：{of}处中{noticed}处被发现（{score.percentage}%）"
    say(pick(lang, en, zh), "bold" if noticed == of else "bold yellow")
    if same or refused:
        en = f"not counted: {same} with the same meaning, {refused} that check refuses"
        say(pick(lang, en, f"不计入：含义相同{same}处，检查即不予接受{refused}处"))
    for each in score.survivors:
        say(f"{where(each.mutant, lang)}{pick(lang, ': ', '：')}{slip(each.mutant, lang)}", "yellow")
        for line in difference(score.file, each.mutant):
            say(f"  {line}", "red" if line.startswith("-") else "green")


def print_suggested(found: Sequence[Pasteable], lang: Lang) -> None:
    """What is told of them is written as comments, so that all of it can be pasted."""
    count = counted(len(found), "scenario")
    say()
    say(
        pick(
            lang, f"# {count} found; keep those that say what was meant", f"# 找到{len(found)}个情景；请保留符合本意的"
        )
    )
    for each in found:
        say()
        for line in each.text.rstrip().splitlines():
            say(line)
