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
        "a row of a time outside the years 1 to 9999": "有记录的时间在公元1年至9999年之外",
        "a date outside the years 1 to 9999": "有日期在公元1年至9999年之外",
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
        "duties": (
            "Every row was judged: what is allowed depends on what is owed or was missed",
            "已审查全部行：行为是否获准取决于应履行或者未履行的义务",
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
