"""What commands print about witnesses, views of a ledger and time stamps."""

from __future__ import annotations

from smartclause.cli.output import Exit, pick, say
from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import timestamp
from smartclause.evidence.reasons import in_chinese
from smartclause.verbs.answers_witness import seconds, shown
from smartclause.verbs.compare import Agreement, Comparison, View
from smartclause.verbs.stamps import Stamped
from smartclause.verbs.witness import Quorum, WitnessState

ENDS = {
    Agreement.SAME: Exit.YES,
    Agreement.BEGINNING: Exit.YES,
    Agreement.SPLIT: Exit.NO,
    Agreement.BEHIND: Exit.NO,
    Agreement.UNPROVEN: Exit.UNDECIDED,
}


def print_comparison(found: Comparison, lang: Lang) -> None:
    say(_headline(found, lang), "bold red" if ENDS[found.agreement] is Exit.NO else "")
    if found.agreement in (Agreement.SPLIT, Agreement.BEHIND):
        for view in (found.first, found.second):
            _print_view(view, lang)


def _headline(found: Comparison, lang: Lang) -> str:
    one, other, size = found.first, found.second, found.size
    short, long = sorted((one, other), key=lambda view: view.point.size)
    match found.agreement:
        case Agreement.SAME:
            return pick(
                lang,
                f"{one.name} and {other.name} agree at size {size}",
                f"{one.name}与{other.name}一致：均为{size}条记录",
            )
        case Agreement.BEGINNING:
            return pick(
                lang,
                f"{short.name} is the beginning of {long.name}: size {size} of {long.point.size}",
                f"{short.name}是{long.name}的开头：{long.point.size}条记录中的前{size}条",
            )
        case Agreement.SPLIT:
            return pick(
                lang,
                f"SPLIT at size {size}: the keeper signed two different ledgers",
                f"在第{size}条处分裂：保管人签署了两本不同的账本",
            )
        case Agreement.BEHIND:
            return pick(
                lang,
                f"{short.name} is of size {short.point.size}, and {long.name} of size {long.point.size}: "
                f"entries are gone, or {short.name} is an old copy",
                f"{short.name}有{short.point.size}条记录，而{long.name}记有{long.point.size}条：有记录丢失，或者{short.name}是旧副本",
            )
        case Agreement.UNPROVEN:
            return pick(
                lang,
                "no proof joins the two checkpoints; compare with the ledger, or give `smartclause ledger growth`",
                "没有证明把两个检查点连接起来；请与账本比对，或者提供`smartclause ledger growth`的输出",
            )


def _print_view(view: View, lang: Lang) -> None:
    say(f"--- {view.name}")
    say(view.note.rstrip("\n") or pick(lang, "no signed checkpoint covers it", "没有签署的检查点覆盖该处"))


def print_quorum(found: Quorum, size: int, lang: Lang) -> None:
    """`size` of the whole ledger."""
    holds = found.size == size
    cosigned = ", ".join(map(shown, found.last.cosignatures)) if found.last else ""
    missing = ", ".join(map(shown, found.last.missing)) if found.last else ""
    say(pick(lang, f"the quorum of witnesses holds for {found.size} of {size}",
             f"{size}条记录中的{found.size}条达到见证法定数"), "" if holds else "yellow")  # fmt: skip
    say(
        pick(
            lang, f"  last checkpoint cosigned by: {cosigned or 'nobody'}", f"  最近检查点的联署人：{cosigned or '无'}"
        )
    )
    if missing:
        say(pick(lang, f"  not by: {missing}", f"  未联署：{missing}"))


def print_stamp(found: Stamped, lang: Lang) -> None:
    if found.fault is not None:
        say(pick(lang, f"time stamp at size {found.size}: {found.fault.text(lang)}",
                 f"{found.size}条记录上的时间戳：{found.fault.text(lang)}"), "red")  # fmt: skip
    elif found.stamp is not None:
        stamp = found.stamp
        accuracy = pick(lang, "accuracy not stated", "未载明精度")
        if stamp.accuracy is not None:
            accuracy = pick(lang, f"± {stamp.accuracy / 1_000_000:g} s", f"±{stamp.accuracy / 1_000_000:g}秒")
        say(pick(lang, f"the checkpoint of size {found.size} existed at {timestamp(stamp.time)} ({accuracy}), "
                 f"says {stamp.authority}",
                 f"前{found.size}条记录在{timestamp(stamp.time)}（{accuracy}）已经存在，"
                 f"时间戳机构：{stamp.authority}"))  # fmt: skip
    if found.late:
        say(pick(lang, "  yet an entry under it says that it was received later: the ledger's times are wrong",
                 "  但其所涵盖的记录载明的收到时间更晚：账本的时间有误"), "bold red")  # fmt: skip


def print_witness(state: WitnessState, lang: Lang) -> None:
    say(pick(lang, f"witness {state.name}", f"见证人 {state.name}"))
    for held in state.followed:
        if held.note:
            say(pick(lang, f"{held.key.name}: size {held.size} cosigned at {seconds(held.cosigned)}",
                     f"{held.key.name}：于{seconds(held.cosigned)}联署{held.size}条记录"))  # fmt: skip
        else:
            say(pick(lang, f"{held.key.name}: nothing cosigned yet", f"{held.key.name}：尚未联署"))
    for refused in state.refused:
        reason = in_chinese(refused.reason) if lang == "zh" else refused.reason
        say(pick(lang, f"refused at {seconds(refused.seen)}: {reason}",
                 f"于{seconds(refused.seen)}拒绝：{reason}"), "bold red")  # fmt: skip
        for title, note in (
            (pick(lang, "cosigned before", "此前联署"), refused.held),
            (pick(lang, "offered", "所提交"), refused.offered),
        ):
            say(f"--- {title}")
            say(note.rstrip("\n"))
