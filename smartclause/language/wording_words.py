"""Findings about characters and words: codes L."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language.wording import Wording

WORDS: Mapping[str, Wording] = MappingProxyType(
    {
        "L01": Wording(
            "this quotation is never closed",
            "put `{mark}` at the end of line {line}",
            "这处引号没有收尾",
            "在第{line}行行末补“{mark}”",
        ),
        "L02": Wording(
            "comparison is written in words, not `{found}`",
            "write `{word}`",
            "比较用文字写，不用“{found}”",
            "写“{word}”",
        ),
        "L03": Wording(
            "this `{found}` is {script}, not {meant}",
            "type it again on a Latin keyboard",
            "这里的“{found}”是{script}，不是{meant}",
            "用英文键盘重新输入",
        ),
        "L04": Wording(
            "`{found}` is not a word of this language",
            "{help}",
            "“{found}”不是本语言的用词",
            "{help}",
        ),
        "L05": Wording(
            "`{found}` gives no period that can be checked",
            "write a figure, for example `within 2 hours`, or a parameter with `interprets`",
            "“{found}”没有可以核对的期限",
            "写“自发生之时起2小时内”，或者设参数并用“用以解释”",
        ),
        "L06": Wording(
            "periods and amounts are written in digits, not `{found}`",
            "write `{word}`",
            "期限和数额只用阿拉伯数字",
            "写“{word}”",
        ),
        "L07": Wording(
            "`{found}` is a full-width character",
            "write the half-width `{word}`",
            "“{found}”是全角字符",
            "改用半角“{word}”",
        ),
        "L08": Wording(
            "nothing is called `{found}`",
            "{help}",
            "没有“{found}”这个名称",
            "{help}",
        ),
        "L09": Wording(
            "`{found}` leaves the prohibition without a limit",
            "write the exception: `except if …`",
            "“{found}”使规定没有边界",
            "写明例外：“但……的除外”",
        ),
        "L10": Wording(
            "this invisible character ({name}) can make a text look other than it is",
            "delete it",
            "此处有不可见字符（{name}），会使文本看起来与实际不同",
            "删去该字符",
        ),
        "L11": Wording(
            "the character `{found}` has no meaning here",
            "delete it",
            "字符“{found}”在此没有意义",
            "删去该字符",
        ),
        "L12": Wording(
            "brackets are nested more than {limit} deep",
            "name the inner condition with `define`",
            "括号嵌套超过{limit}层",
            "用“定义”为内层条件命名",
        ),
        "L13": Wording(
            "the file is larger than {limit}",
            "divide it and join the parts with `import`",
            "文件超过{limit}",
            "拆分文件，用“引用”相连",
        ),
        "L14": Wording(
            "`{first}` and `{second}` overlap here",
            "write the name `{name}`, or choose another label",
            "此处“{first}”与“{second}”相互重叠",
            "改写名称“{name}”，或者另取标签",
        ),
        "L15": Wording(
            "the label `{label}` is {what}",
            "choose another label for `{name}`",
            "标签“{label}”{what}",
            "为“{name}”另取标签",
        ),
        "L16": Wording(
            "`{label}` can mean {meanings}",
            "write the name you mean, for example `{example}`",
            "“{label}”可能指{meanings}",
            "写明所指名称，例如“{example}”",
        ),
        "L17": Wording(
            "`{found}` is no date of the calendar",
            "write a day that exists, for example `2026-02-28`",
            "日历上没有“{found}”这一天",
            "写存在的日期，例如“2026年2月28日”",
        ),
        "L18": Wording(
            "`{found}` could be two different days",
            "write the year first: `{word}`",
            "“{found}”可能指两个不同的日子",
            "先写年份：“{word}”",
        ),
        "L19": Wording(
            "periods are not counted in {unit}",
            "write days or months, for example `{word}`",
            "期间不以{unit}计",
            "写日或者个月，例如“{word}”",
        ),
        "L20": Wording(
            "a quotation cannot stand inside a quotation",
            "use `'…'` inside",
            "引号不能套引号",
            "内层改用「」",
        ),
        "L21": Wording(
            "`{found}` leaves open whether the list is closed",
            "write `limited to` for a closed list, `including but not limited to` for an open one",
            "“{found}”使清单是否封闭不清楚",
            "封闭写“限于”，开放写“包括但不限于”",
        ),
        "L22": Wording(
            "`{found}` needs someone who decides it",
            "write a figure, or a `judgement` that says who decides",
            "“{found}”要有人来判断",
            "写明数额，或者用“判断事项”写明由谁判断",
        ),
        "L23": Wording(
            "a period is a whole number, not `{found}`",
            "write it in a smaller unit, for example `90 minutes`",
            "期间只能是整数，不能是“{found}”",
            "改用较小的单位，例如“90分钟”",
        ),
        "L24": Wording(
            "this statement has more than {limit} words",
            "divide it into several",
            "这一句超过{limit}个词",
            "拆成几句",
        ),
        "L25": Wording(
            "the number `{found}` has more than {limit} digits",
            "write fewer digits",
            "数“{found}”超过{limit}位",
            "减少位数",
        ),
        "L26": Wording(
            '`{found}` can mean "is forbidden" or "is free not to"',
            "write `must not`",
            "“{found}”可能指不准，也可能指不必",
            "禁止请写“不得”",
        ),
    }
)
