"""Findings about the order of words, and about files and imports: codes P."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language.wording import Wording

TEXT: Mapping[str, Wording] = MappingProxyType(
    {
        "P01": Wording(
            "the text cannot go on with `{found}`",
            "{help}",
            "此处不能接“{found}”",
            "{help}",
        ),
        "P02": Wording(
            "the sentence in line {line} has no end",
            "put {marks} after `{last}`",
            "第{line}行的句子没有结束",
            "在“{last}”之后加{marks}",
        ),
        "P03": Wording(
            "`and` and `or` are mixed without brackets",
            "write `(x and y) or z`, or a list `any of (a) … (b) …`",
            "“且”与“或者”混用而没有括号",
            "写“（x，且y）或者z”，或者分项列出",
        ),
        "P04": Wording(
            "`{found}` is a reserved word",
            "choose another name, for example `{example}`",
            "“{found}”是保留字",
            "另取名称，例如“{example}”",
        ),
        "P05": Wording(
            "unknown word `{found}`",
            "did you mean `{suggestion}`?",
            "没有“{found}”这个词",
            "是否指“{suggestion}”？",
        ),
        "P06": Wording(
            "`{found}` could be letters or a number",
            "label items `(a)`, `(b)`, inner items `(1)`, `(2)`",
            "“{found}”可能是字母，也可能是数字",
            "分项写（一）、（二），下一层写（1）、（2）",
        ),
        "P07": Wording(
            "the list items go `{found}` where `{wanted}` is due",
            "number the items without gaps",
            "分项到此应为“{wanted}”，却写了“{found}”",
            "分项依次编号",
        ),
        "P08": Wording(
            "{announced} announced and one follows",
            "{help}",
            "预告了{announced}处列项，其后只列出1处",
            "{help}",
        ),
        "P09": Wording(
            "a list is announced here, and none follows",
            "write the items after a colon before the full stop",
            "已写“下列”，却没有列项",
            "把句号改为“：”，在句末列项",
        ),
        "P10": Wording(
            "the exception has no end",
            "put `{word}` before the full stop",
            "“但”字之后缺少“的除外”",
            "在句号前补“的除外”",
        ),
        "P11": Wording(
            "a period in {unit} starts {wanted}",
            "write `{word}`",
            "以{unit}计的期间{wanted}起算",
            "改为“{word}”",
        ),
        "P12": Wording(
            "{what} belongs to a duty, not to a permission or prohibition",
            "delete it, or write a condition with `if`",
            "{what}只能写在义务中",
            "删去，或者用“如……，”写成条件",
        ),
        "P13": Wording(
            "{what} stands outside {where}",
            "write it after the heading of {where}",
            "{what}不在{where}之内",
            "写在{where}的标题之后",
        ),
        "P14": Wording(
            "the file does not begin with its kind, name and version",
            "begin with, for example, `contract my_contract version 1.0.0`",
            "文件开头没有种类、名称和版本",
            "开头写明，例如“合同 my_contract 版本 1.0.0”",
        ),
        "P15": Wording(
            "a no form cannot stand here",
            "write the yes form `{word}`",
            "此处不能用否定形式",
            "写肯定形式“{word}”",
        ),
        "P16": Wording(
            "there is no file for `{path}`",
            "looked for {places}",
            "找不到“{path}”的文件",
            "查找过{places}",
        ),
        "P17": Wording(
            "the imports go round in a circle: {cycle}",
            "remove one of them",
            "引用形成循环：{cycle}",
            "删去其中一处引用",
        ),
        "P18": Wording(
            "imports are nested deeper than {limit}",
            "import fewer files through each other",
            "引用层数超过{limit}",
            "减少层层引用",
        ),
        "P19": Wording(
            "more than {limit} files are imported",
            "import fewer files",
            "引用的文件超过{limit}个",
            "减少引用",
        ),
        "P20": Wording(
            "the file of `{path}` lies outside the folders of contracts",
            "copy it into the folder, links may not lead out of it",
            "“{path}”的文件在合同文件夹之外",
            "把文件复制到文件夹内，链接不得指向外部",
        ),
        "P21": Wording(
            "the file of `{path}` is not the one that the lock file pins",
            "review the change, then write the lock file anew",
            "“{path}”的文件与锁定文件记载的不同",
            "核对改动后重新生成锁定文件",
        ),
        "P22": Wording(
            "the file of `{path}` says that it is `{found}`",
            "rename one of the two",
            "“{path}”的文件自称为“{found}”",
            "改正其中一处名称",
        ),
        "P23": Wording(
            "the file of `{path}` cannot be read as UTF-8 text",
            "save it as UTF-8",
            "“{path}”的文件不是UTF-8文本",
            "存为UTF-8编码",
        ),
        "P24": Wording(
            "this statement belongs to {where}",
            "move it there",
            "此句只能写在{where}中",
            "移至该处",
        ),
        "P25": Wording(
            "too many findings, the rest is not shown",
            "mend these first",
            "问题过多，其余不再列出",
            "先改正以上各项",
        ),
        "P27": Wording(
            "there is no law called `{found}` here",
            'declare it: `law NAME zh "{found}" en "…".`',
            "此处没有声明《{found}》",
            "先声明：法律 名称 中文“{found}” 英文“…”。",
        ),
        "P26": Wording(
            "two of the files that are read together are called `{name}`",
            "rename one of them",
            "一起读取的文件中有两个名为“{name}”",
            "为其中之一改名",
        ),
        "P28": Wording(
            "`{name}` in brackets is a list label, so it cannot be a name",
            "choose a longer name, for example `{name}_value`",
            "“{name}”加括号即为分项标号，不能作名称",
            "另取较长的名称，例如“{name}_value”",
        ),
    }
)
