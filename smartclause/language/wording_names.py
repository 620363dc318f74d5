"""Findings about names, imports, priorities and files: codes R."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language.wording import Wording

NAMES: Mapping[str, Wording] = MappingProxyType(
    {
        "R01": Wording(
            "there is no {wanted} named `{name}`",
            "{help}",
            "没有名为“{name}”的{wanted}",
            "{help}",
        ),
        "R02": Wording(
            "`{name}` could mean {meanings}",
            "write the one you mean, for example `{example}`",
            "“{name}”可能指{meanings}",
            "写明所指，例如“{example}”",
        ),
        "R03": Wording(
            "`{name}` is already declared in line {line}",
            "give one of the two another name",
            "“{name}”已在第{line}行声明",
            "给其中之一另取名称",
        ),
        "R04": Wording(
            "`{name}` is a {kind}, and a {wanted} must stand here",
            "write the name of a {wanted}",
            "“{name}”是{kind}，此处应为{wanted}",
            "写{wanted}的名称",
        ),
        "R05": Wording(
            "there is no clause `{name}`",
            "{help}",
            "没有第“{name}”条",
            "{help}",
        ),
        "R06": Wording(
            "these {things} depend on each other in a circle: {cycle}",
            "break the circle at one of them",
            "下列{things}循环依赖：{cycle}",
            "断开其中一处",
        ),
        "R07": Wording(
            "inside these brackets only facts of the `{record}` looked at can be read, and `{name}` is none of them",
            "say `with the same {name}`, or test the act outside the brackets",
            "括号内只能读取所查“{record}”本身的事实，“{name}”不在其中",
            "写“同一{name}”，或者在括号外检验该行为",
        ),
        "R08": Wording(
            "inside these brackets no other records can be looked up",
            "test the other records outside the brackets and join both tests with `and`",
            "括号内不能再查询其他记录",
            "在括号外另行检验，两项检验之间用“且”",
        ),
        "R09": Wording(
            "a {kind} cannot import the {imported} `{name}`",
            "{help}",
            "{kind}不能引用{imported}“{name}”",
            "{help}",
        ),
        "R10": Wording(
            "`{name}` cannot be set: it is neither blank nor given any bounds in `{module}`",
            "set a parameter with `at least`, `at most` or `to be filled in`",
            "“{name}”不能设定：在“{module}”中既非待填，也无上下限",
            "只能设定载有“不少于”“不超过”或者“待填”的参数",
        ),
        "R11": Wording(
            "`{name}` belongs to `{module}`, and another file cannot place it {doing}",
            "declare a concept of your own under it, or change `{module}`",
            "“{name}”属于“{module}”，其他文件不能将其{doing}",
            "在其下声明自己的概念，或者修改“{module}”",
        ),
        "R12": Wording(
            "`{name}` is a type that every contract has by itself",
            "choose another name, for example `{name}_record`",
            "“{name}”是每份合同固有的类型",
            "另取名称，例如“{name}_record”",
        ),
        "R13": Wording(
            "`{name}` is no known rule for counting periods",
            "{help}",
            "没有名为“{name}”的期间计算规则",
            "{help}",
        ),
        "R14": Wording(
            "`{name}` is no known time zone",
            'write a zone of the tz database, for example "Asia/Shanghai"',
            "没有名为“{name}”的时区",
            "写时区数据库中的名称，例如“Asia/Shanghai”",
        ),
        "R15": Wording(
            "`{name}` is not a field of {types}",
            "{help}",
            "“{name}”不是{types}的字段",
            "{help}",
        ),
        "R16": Wording(
            "clause {clause} cannot be set aside here: {why}",
            "{help}",
            "此处不能排除第{clause}条：{why}",
            "{help}",
        ),
        "R17": Wording(
            "the fact `{name}` is shown by `{role}`, a role that nobody declared",
            "declare it: `role {role} …`",
            "事实“{name}”由“{role}”证明，而该角色未经声明",
            "先声明：角色 {role} …",
        ),
        "R18": Wording(
            "`{type}` already has a field `{name}`, so the judgement would be a second fact of that name",
            "give the judgement another name",
            "“{type}”已有字段“{name}”，判断事项不能同名",
            "给判断事项另取名称",
        ),
        "R19": Wording(
            "`{name}` is set twice, to different values",
            "keep one of the two settings",
            "“{name}”被设定两次，且两次不同",
            "只保留其中一处",
        ),
        "R20": Wording(
            "the force ends on {until}, before it begins on {since}",
            "write the earlier day first",
            "生效期间止于{until}，早于起始日{since}",
            "把较早的日期写在前面",
        ),
        "R21": Wording(
            "the file is a {kind}, and {what} cannot stand in it",
            "{help}",
            "本文件是{kind}，不能载有{what}",
            "{help}",
        ),
        "R22": Wording(
            "nothing says who `{party}` of the rule pack `{module}` is, so every act it speaks of is undecided",
            "add `with {party} = …` to the import and name one of your parties",
            "没有写明规则包“{module}”中的“{party}”是谁，其所涉行为一律不明",
            "在引用后写“其中{party}为……”，指明己方当事人",
            severity="warning",
        ),
        "R25": Wording(
            "the party `{name}` keeps its name in `{module}` and cannot be bound",
            "only the parties of a rule pack or of a restricting agreement are bound",
            "“{name}”在“{module}”中保留原名，不能另行指定",
            "只有规则包和限制性协议的当事人可以指定",
        ),
        "R26": Wording(
            "clause {clause} has no sentence {sentence}",
            "it has {count}",
            "第{clause}条没有第{sentence}句",
            "该条共有{count}句",
        ),
        "R27": Wording(
            "the type `{name}` may only be narrower than a type of its own kind, and `{parent}` is {kind}",
            "{help}",
            "“{name}”只能归于同类，而“{parent}”是{kind}",
            "{help}",
        ),
        "R28": Wording(
            "`{name}` already is a field above `{type}`, with another meaning",
            "give the field another name",
            "“{type}”的上位类型已有字段“{name}”，且类型不同",
            "给字段另取名称",
        ),
        "R29": Wording(
            "a sentence cannot ask whether a clause is {status}: nothing reads a verdict",
            "ask for the facts themselves; only `prove` and `then` name the status of a clause",
            "规定不能以条款的“{status}”状态为条件：任何规定都不读取裁断",
            "直接写事实；只有证明事项和情景可以写条款状态",
        ),
        "R30": Wording(
            "clause {clause} owes nothing, so it can never be violated",
            "name a clause with a duty",
            "第{clause}条没有义务，不会处于违反状态",
            "写载有义务的条款",
        ),
        "R31": Wording(
            "the definition `{name}` opens into too many others, or into conditions nested too deeply",
            "write the condition in fewer definitions",
            "定义“{name}”展开后过大，或者嵌套过深",
            "减少定义之间的嵌套",
        ),
        "R32": Wording(
            "the act `{name}` is declared in `{module}`, and only that file says how it goes on",
            "declare a narrower act of your own and give it checkpoints",
            "行为“{name}”由“{module}”声明，只有该文件能写其检查点",
            "另行声明归于它的行为，再写检查点",
        ),
        "R33": Wording(
            "the amendment lacks the line {line}",
            "an amendment names what it amends, by digest, and its first day",
            "修订案缺少{line}一行",
            "修订案应以摘要写明所修订的文本及生效日期",
        ),
        "R34": Wording(
            "the {what} is not that of `{name}` as it stands",
            "that text has {what} {found}; write it if this is the text that the parties agreed",
            "{what}与“{name}”的现有文本不符",
            "该文本的{what}为{found}；确为各方约定的文本的，写此{what}",
        ),
        "R35": Wording(
            "`{name}` is a {kind}, and only a contract or a restricting agreement is amended",
            "give the file a new version instead",
            "“{name}”是{kind}，只有合同和限制性协议可以修订",
            "改为发布该文件的新版本",
        ),
        "R36": Wording(
            "there is no {what} in `{name}`",
            "only what stands there can be replaced or struck, a clause as a whole",
            "“{name}”没有{what}",
            "只能替换或者删去已有的内容，条款须整条处理",
        ),
        "R37": Wording(
            "clause {number} already stands in `{name}`",
            "write `replace clause {number}`, or give the new clause another number",
            "“{name}”已有第{number}条",
            "写“替换第{number}条”，或者改用其他编号",
        ),
        "R38": Wording(
            "the party `{name}` is `{one}` in `{module}` and cannot be `{other}` as well",
            "give it one role, or let another party hold the second",
            "当事人“{name}”在“{module}”中担任“{one}”，不能同时担任“{other}”",
            "只担任一种角色，或者由另一当事人担任",
        ),
        "R39": Wording(
            "`{name}` is a role, and a party of that name could show whatever the role is to show",
            "give the party another name",
            "“{name}”是角色名称，同名的当事人可能代替该角色证明事实",
            "给当事人另取名称",
        ),
        "R40": Wording(
            "`{name}` stands under more than {limit} others, one above the other",
            "leave out levels that no sentence needs",
            "“{name}”之上逐级超过{limit}层",
            "省去规定用不到的层级",
        ),
        "R41": Wording(
            "`{act}` is done by `{doer}`, so a sentence about `{party}` would never apply to it",
            "write the sentence for `{doer}`, or declare an act of `{party}`",
            "“{act}”由“{doer}”实施，关于“{party}”的这一句永远不会适用",
            "把这一句写给“{doer}”，或者声明由“{party}”实施的行为",
        ),
    }
)
