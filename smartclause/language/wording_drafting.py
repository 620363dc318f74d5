"""Faults of drafting that need no proof: codes V."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language.wording import Wording

DRAFTING: Mapping[str, Wording] = MappingProxyType(
    {
        "V01": Wording(
            "this duty never becomes due, so it can never be violated",
            "add `within …` or `no later than …`",
            "这项义务永不届满，也就永远不会被违反",
            "写明期间，例如“自发生之日起……日内”或者“最迟于……”",
            severity="lint",
        ),
        "V02": Wording(
            "an old `{lift}` would lift a new `{order}`",
            "record both as states of one event and use `latest … has (…)`",
            "旧的“{lift}”会解除新的“{order}”",
            "把二者记录为同一事件的不同状态，并用“最近一次……符合（……）”",
            severity="lint",
        ),
        "V03": Wording(
            "nothing lets {party} {act}: {clauses} only {limit} it",
            "write `{party} may {act} if …`",
            "没有任何一句准许{party}{act}：{clauses}只是限制",
            "写“如……，{party}可以{act}”",
        ),
        "V04": Wording(
            "this permission rests on the absence of a `{record}`: it holds as long as nobody records one",
            "let the permission rest on a record, for example `latest … has (…)`",
            "这一准许以没有“{record}”的记录为依据：无人记录即成立",
            "以有记录为依据，例如“最近一次……符合（……）”",
            severity="lint",
        ),
        "V05": Wording(
            "who owes `{act}` may do it, whatever it is done with, since nothing says what discharges the duty",
            "say it: `{act} where (…)`",
            "负有“{act}”义务的人即可为之，而没有写明怎样才算履行",
            "写明条件：“{act}（……）”",
            severity="lint",
        ),
        "V06": Wording(
            "{party} may {act} without condition, and clause {clause} forbids it",
            "write `Despite clause {clause}, …`, or give the permission a condition",
            "{party}可以无条件{act}，而第{clause}条予以禁止",
            "写“尽管有第{clause}条的约定，……”，或者给准许加上条件",
            severity="lint",
        ),
        "V07": Wording(
            "{party} must {act}, and clause {clause} forbids it without condition: one of the two is broken",
            "add an exception to clause {clause}, or owe something else",
            "{party}应当{act}，而第{clause}条无条件禁止：必然违反其一",
            "给第{clause}条加上例外，或者改为其他义务",
            severity="lint",
        ),
        "V08": Wording(
            "this sentence weakens clause {clause}",
            "check that the weakening is meant; clause {clause} holds only where this permission does not",
            "本句削弱第{clause}条",
            "确认这是本意：本句准许之处，第{clause}条不再适用",
            severity="lint",
        ),
        "V09": Wording(
            "clause {clause} decides nothing",
            'write a sentence, a `judgement`, or `not encoded "…" because "…"`',
            "第{clause}条不决定任何事项",
            "写一句规定、一项判断事项，或者“未编码“……”，理由是“……””",
            severity="lint",
        ),
        "V10": Wording(
            "while no `{record}` is recorded this is unknown, so every {act} is refused",
            "use `latest {record} … has (…)`",
            "没有“{record}”的记录时，此处不明，所有{act}都不予准许",
            "用“最近一次{record}符合（……）”",
            severity="lint",
        ),
        "V11": Wording(
            "the text says {figure}, and no sentence of clause {clause} uses it",
            "encode it, or mark it with `not encoded`",
            "原文写有{figure}，第{clause}条的规定没有用到",
            "将其编码，或者标明“未编码”",
            severity="lint",
        ),
        "V12": Wording(
            "the sentence says {figure}, and the text of clause {clause} does not",
            "check which of the two is right; a parameter with `interprets` says whose words the figure stands for",
            "规定写有{figure}，第{clause}条的原文没有",
            "核对何者正确；参数可用“用以解释”写明数值所指",
            severity="lint",
        ),
        "V13": Wording(
            "the text names {law}, and clause {clause} does not cite it",
            "add `cites {law}`, or mark it with `not encoded`",
            "原文提到{law}，第{clause}条没有引用",
            "写“依照{law}”，或者标明“未编码”",
            severity="lint",
        ),
        "V14": Wording(
            "the text says `{words}`, and the sentence says `{order}` {figure}",
            "make the two agree: one includes the number, the other does not",
            "原文写“{words}”，规定写“{order}”{figure}",
            "使二者一致：一个包含本数，另一个不包含",
            severity="lint",
        ),
        "V15": Wording(
            "nothing uses `{name}`",
            "use it or delete it",
            "没有任何地方用到“{name}”",
            "使用它，或者删去",
            severity="lint",
        ),
        "V16": Wording(
            "clause {clause} cites {law}, and its text names other places only",
            "check the citation",
            "第{clause}条引用{law}，而原文只提到其他条款",
            "核对引用",
            severity="lint",
        ),
    }
)
