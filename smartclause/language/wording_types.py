"""Findings about types, units and keys: codes T."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language.wording import Wording

TYPES: Mapping[str, Wording] = MappingProxyType(
    {
        "T01": Wording(
            "{number} what? the period has no unit",
            "write `{number} hours`, `{number} days` or `{number} working days`",
            "{number}后面没有单位",
            "写“{number}小时”“{number}日”或者“{number}个工作日”",
        ),
        "T02": Wording(
            "any `{act}` would discharge any `{trigger}`: nothing says which belongs to which",
            "add `for the same {key}`",
            "任何“{act}”都会使任何“{trigger}”的义务消灭：没有写明如何对应",
            "写“就同一{key}”",
        ),
        "T03": Wording(
            "{left} and {right} do not convert into each other",
            "compare periods of one kind: hours and minutes, days, working days, or months and years",
            "{left}与{right}不能相互换算",
            "只比较同类期间：小时与分钟、日、工作日、月与年",
        ),
        "T04": Wording(
            "`{type}` has no field `{key}`, so it cannot answer for the same one",
            "add the field to `{type}`, or drop the key",
            "“{type}”没有字段“{key}”，无法就同一事项对应",
            "给“{type}”增加该字段，或者删去该键",
        ),
        "T05": Wording(
            "{left} cannot be compared with {right}",
            "{help}",
            "{left}不能与{right}比较",
            "{help}",
        ),
        "T06": Wording(
            "{left} are compared with {right}",
            "{help}",
            "{left}与{right}单位不同",
            "{help}",
        ),
        "T07": Wording(
            "{left} and {right} are amounts in different currencies",
            "write both in one currency",
            "{left}与{right}币种不同",
            "两边使用同一币种",
        ),
        "T08": Wording(
            "{value} lies outside the bounds of `{name}`, {bounds}",
            "write a value inside the bounds",
            "{value}超出“{name}”的范围（{bounds}）",
            "写范围之内的值",
        ),
        "T09": Wording(
            "the bound of `{name}` is {bound}, but its value is {value}",
            "{help}",
            "“{name}”的界限是{bound}，而其值是{value}",
            "{help}",
        ),
        "T10": Wording(
            "`{key}` is {kind}, and only an identifier can tell which record belongs to which",
            "use a field of type `identifier`",
            "“{key}”是{kind}，只有编号才能确定记录之间的对应",
            "使用类型为“编号”的字段",
        ),
        "T11": Wording(
            "the key `{key}` of `{type}` is shown by `{role}`, so a record could be admitted without it",
            "drop `shown by {role}` at the field, or use another key",
            "“{type}”的键“{key}”由“{role}”证明，记录可能缺少该键",
            "删去该字段的证明角色，或者换用其他键",
        ),
        "T12": Wording(
            "`{narrow}` is about {root}, and `{broad}` is not one of them",
            "name a concept under or above {root}",
            "“{narrow}”属于{root}，而“{broad}”不在其中",
            "写{root}的上位或者下位概念",
        ),
        "T13": Wording(
            "the clock starts at `{name}`, which is {kind} and no instant",
            "use a field of type `instant`",
            "期间自“{name}”起算，而它是{kind}，不是时刻",
            "使用类型为“时刻”的字段",
        ),
        "T15": Wording(
            "`{name}` is {kind}, so it does not say yes or no",
            "compare it with something, for example `{name} is …`",
            "“{name}”是{kind}，不是是非",
            "写出与何者比较，例如“{name}为……”",
        ),
        "T16": Wording(
            "{name} is a condition, and a value must stand here",
            "use it without a comparison",
            "{name}是条件，此处应为值",
            "直接写该条件，不作比较",
        ),
        "T17": Wording(
            "a value cannot be given bounds here: {kind} has no order",
            "drop the bounds",
            "{kind}没有大小，不能规定上下限",
            "删去上下限",
        ),
        "T18": Wording(
            "the shares of the liability for clause {clause} add up to {total}%",
            "make them add up to 100%",
            "第{clause}条的责任份额合计为{total}%",
            "使合计为100%",
        ),
        "T19": Wording(
            "`{name}` stands under `{one}` and `{other}`, which are declared disjoint",
            "drop one of the two, or date them so that they do not meet",
            "“{name}”同时归于互斥的“{one}”和“{other}”",
            "删去其中之一，或者用日期使二者不同时成立",
        ),
        "T20": Wording(
            "`{field}` has no least value, so a negative entry could lower the total; 0 is taken",
            "write `at least 0` at the field `{field}` of `{type}`",
            "“{field}”没有下限，负数会使累计值变小；现按0处理",
            "在“{type}”的字段“{field}”写“不少于0”",
            severity="warning",
        ),
        "T21": Wording(
            "`{field}` has no least value, so the total could fall with every record",
            "write a least amount with its currency at the field, for example `at least CNY 0`",
            "“{field}”没有下限，累计值可能因新的记录而变小",
            "在该字段写明带币种的下限，例如“不少于0元”",
        ),
        "T22": Wording(
            "two values of `{name}` hold on {day}",
            "let one end on the day before the other begins",
            "“{name}”在{day}有两个值",
            "使前一个值止于后一个值起始的前一日",
        ),
        "T23": Wording(
            "a lasting duty reads what is recorded, and `{name}` is a fact of one act",
            "test records, for example `some … within …`",
            "持续性义务只读取记录，而“{name}”是某一行为的事实",
            "检验记录，例如“存在……的……”",
        ),
        "T24": Wording(
            "{what} is not {wanted}",
            "{help}",
            "{what}不是{wanted}",
            "{help}",
        ),
        "T25": Wording(
            "`{text}` has white space or letters other than ASCII, so two writers could spell it differently",
            "write an identifier of letters, digits and signs without spaces",
            "“{text}”含有空白或者非ASCII字符，可能有多种写法",
            "编号只用字母、数字和符号，不留空格",
        ),
        "T26": Wording(
            "the second duty is owed for the same `{expected}` as the first, not for `{given}`",
            "write `for the same {expected}`",
            "逾期后的义务与前一义务的键相同，应为“{expected}”，而非“{given}”",
            "写“就同一{expected}”",
        ),
        "T27": Wording(
            "one sentence names the recipients {names}",
            "write one sentence for each recipient",
            "一句话中有多个接收者：{names}",
            "每个接收者各写一句",
        ),
        "T28": Wording(
            "`{time}` does not exist or comes twice in the zone {zone}, where the clocks change",
            "write an instant an hour earlier or later",
            "时区{zone}调整时钟，“{time}”不存在或者出现两次",
            "写前后一小时的时刻",
        ),
        "T29": Wording(
            "nobody can be asked for {count} of {total}",
            "write a number from 1 to {total}",
            "共有{total}项，不能要求{count}项",
            "写1至{total}之间的数",
        ),
        "T30": Wording(
            "the line is repeated {count} times",
            "repeat it at most {most} times, every so many minutes, hours or days",
            "该行重复{count}次",
            "至多重复{most}次，间隔以分钟、小时或者日计",
        ),
        "T31": Wording(
            "nothing here has a `{key}` that could be the same",
            "drop `with the same {key}`, or say what it is judged for, for example `for each {key}`",
            "此处没有可以对应的“{key}”",
            "删去“同一{key}”，或者写明对应事项，例如“就每一{key}”",
        ),
    }
)
