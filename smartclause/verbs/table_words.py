"""Words of the audit of tables, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

REJECTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no type": ("Not judged: {rows} without a type", "未审查：{rows}没有类型"),
        "no time": ("Not judged: {rows} without a time", "未审查：{rows}没有时间"),
        "not of a table": (
            "Not judged: {rows} of the type {detail}, which only a ledger has",
            "未审查：{rows}属于仅账本可有的类型{detail}",
        ),
    }
)
NOT_FOLLOWED: Mapping[str, str] = MappingProxyType(
    {
        "a duty that no record opens": "该义务并非由记录引起",
        "a duty that a breach opens": "该义务由违约引起",
        "a duty with a next step": "该义务附有后续步骤",
        "a duty with a fixed end": "该义务有固定截止时间",
        "a duty whose conditions look back in time, over a table": "该义务的条件涉及此前的记录",
        "a period of days from an instant that the row states": "该义务的期限以日计并自记录所载时刻起算",
        "a clock that only some kinds of rows leave to a role": "起算时刻仅部分类型的记录须由相关角色证明",
        "a period whose length changes more than twice in a day": "期限在一日之内变更超过两次",
        "rows over more than a thousand years": "记录跨越一千年以上",
        "waivers in a table": "豁免须经签名，而表中没有签名",
    }
)
OTHER_DUTY = "其条件无法在表中审查"
REPEATED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "": (
            "Only what changed since the state was kept was judged again: {acts}",
            "仅重新审查保存状态之后有变化的部分：{acts}项行为",
        ),
        "first": ("The state was kept for the first time: every row was judged", "首次保存状态：已审查全部行"),
        "unreadable": (
            "Every row was judged: the state kept before cannot be read",
            "已审查全部行：此前保存的状态无法读取",
        ),
        "contract": ("Every row was judged: the contract is another", "已审查全部行：合同已不同"),
        "settings": (
            "Every row was judged: options, signatures or the program are others",
            "已审查全部行：选项、签署情况或者程序版本已不同",
        ),
        "changed": ("Every row was judged: {detail} has changed", "已审查全部行：{detail}有变动"),
        "gone": ("Every row was judged: {detail} is gone", "已审查全部行：{detail}已不存在"),
        "results": (
            "Every row was judged: the results kept before are not there as they were written",
            "已审查全部行：此前写出的结果已不存在或有变动",
        ),
        "built-in": (
            "Every row was judged: a new row ends a contract or waives a duty",
            "已审查全部行：新的行终止合同或者豁免义务",
        ),
        "earlier": (
            "Every row was judged: it is asked about an earlier instant than before",
            "已审查全部行：所问时刻早于上次",
        ),
    }
)
