"""Why something was refused, in Chinese: the second half of the sentences of `errors`.

The English reason is the key; `{}` stands for what was found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        # canonical JSON
        "the text has half of a surrogate pair": "文本含有不成对的代理项",
        "the text is not in canonical form": "文本不是规范形式",
        "lists and objects are nested deeper than {}": "列表和对象的嵌套超过{}层",
        "the number is outside the range of 53 bits; write it as text": "数值超出53位范围，请写作文本",
        "the text is longer than {} bytes": "文本超过{}字节",
        "the text is not UTF-8": "文本不是UTF-8编码",
        "the text is not JSON": "文本不是JSON",
        "a value of kind {} has no exact form; write it as text": "{}类型的值没有精确写法，请写作文本",
        "a member has a name that is not text": "有成员名不是文本",
        "the number `{}` is not whole; write it as text": "数值`{}`不是整数，请写作文本",
        "the member `{}` is given twice": "成员`{}`重复出现",
        # forms
        "this member is missing": "缺少该成员",
        "this member is not known here": "此处没有该成员",
        "this value has another kind": "值的类型不符",
        "this is none of the values that may stand here": "此处不允许该值",
        "this text does not have its form": "文本不符合其格式",
        "this value is too long, too short or out of range": "值过长、过短或者超出范围",
        "this value does not fit": "值不相符",
        "a member is null or missing": "有成员为null或者缺失",
        "an instant is written 2026-11-21T09:30:00Z, a fraction without trailing zeros": (
            "时刻应写作2026-11-21T09:30:00Z，小数末尾不带零"
        ),
        "a date is written 2026-11-21": "日期应写作2026-11-21",
        "the items must be sorted and without duplicates": "各项应排序且不重复",
        "the {} must be sorted by name and without duplicates": "{}应按名称排序且不重复",
        "the first event, `seq` 0, has no `prev`; every later one has": (
            "首个事件（`seq`为0）没有`prev`，其后各事件均有"
        ),
        "a waiver names its clause in the fact `clause`": "免除记录应在事实`clause`中指明条款",
        "this type carries exactly the facts: {}": "该类型只载明下列事实：{}",
        "the fact `{}` does not have its form": "事实`{}`不符合其格式",
        "entry {} names `{}`, which is no member": "第{}项提到的`{}`不是成员",
        "the entries must be sorted by asset and instant, each once": "各项应按资产和时刻排序且不重复",
        "an entry is nested deeper than {}": "有一项的嵌套超过{}层",
        "a role names keys or an authority that certifies them": "角色应列明密钥或者认证其密钥的机构",
        "a key signs for one party only": "一把密钥只能代表一方签署",
        "two parties are the same person in law": "两方当事人在法律上是同一人",
        "a signer is no party": "有签署人不是当事人",
        "the key number is not the hash of the key": "密钥编号不是该密钥的摘要",
        "a compromise is stated with its beginning and with who declared it": "密钥泄露应同时写明起始时刻和声明人",
        "version 1 has no `previous`; every later one has": "第1版没有`previous`，其后各版均有",
        "the public key is no base64 text": "公钥不是base64文本",
        "an equivocation or cosignature names the earlier entry, an event does not": (
            "矛盾记录和补签记录应指明先前的记录，事件则不指明"
        ),
        # trust stores and their history
        "a key replaces an earlier key of the same party, identity and roles": (
            "新密钥只能替换同一主体、同一身份、同样角色的较早密钥"
        ),
        "a root key holds no other role": "根密钥不得另有其他角色",
        "a certificate chain shows an identity, and the record names none": "证书链用于证明身份，而该记录未载明身份",
        "the root has fewer keys than must sign": "根密钥的数目少于应签署的数目",
        "a version with a root says when it was issued and, from version 2, how it began": (
            "有根的版本应载明签发时刻，自第2版起还应载明第1版"
        ),
        "a root key has no record with the role root": "有根密钥没有角色为root的记录",
        "{} would be both {} and {}": "{}将同时为{}和{}",
        "it has more than {} versions": "版本超过{}个",
        "the envelope is not in its one spelling": "信封不是唯一写法",
        "a version of a signed history names its root": "签名版本史的每一版都应载明其根",
        "the first line is not version 1": "首行不是第1版",
        "it does not follow the version before it": "与前一版本不衔接",
        "it names another version 1": "所载第1版不同",
        "a signature is none of a root key that stands": "有签名不属于有效的根密钥",
        "it was issued before the version before it": "签发时刻早于前一版本",
        "the key is gone": "该密钥已不在其中",
        "it would count before the version was issued": "该密钥将在该版本签发之前即有效",
        "what a key stands for never changes; make a new key": "密钥的归属和范围不得变更，请生成新密钥",
        "a certificate of its chain is gone": "其证书链中有证书缺失",
        "an end that has passed stays": "已届至的终止时刻不得变更",
        "an end before the version was issued; declare a compromise if it must reach back": (
            "终止时刻早于该版本的签发；如须溯及既往，请声明泄露"
        ),
        "a revocation is not taken back or put off": "撤销不得收回或者推迟",
        "a compromise is not taken back or put off": "泄露声明不得收回或者推迟",
        "who declared a compromise stays": "泄露的声明人不得变更",
        "an accepted certificate is gone or counts from another instant": "有已接受的证书缺失或者起算时刻不同",
        "a certificate would count before the version was issued": "有证书将在该版本签发之前即有效",
        # keys
        "it does not have {} bytes": "长度不是{}字节",
        "its point is not spelled canonically": "其曲线点不是规范写法",
        "its point has small order": "其曲线点阶数过小",
        "its point is not on the curve": "其点不在曲线上",
        "its point is outside the group of prime order": "其点不在素数阶群内",
        "it is not spelled canonically": "不是规范写法",
        "it is no public key of a known kind": "不是已知种类的公钥",
        "it is no Ed25519 key": "不是Ed25519密钥",
        "it is no ECDSA key on the curve P-256": "不是P-256曲线上的ECDSA密钥",
        "it is not the key of this ledger": "不是本账本的密钥",
        "a checkpoint is signed with an Ed25519 key": "检查点须用Ed25519密钥签署",
        "it is no acceptable Ed25519 verifier key": "不是可接受的Ed25519验证密钥",
        "a private key needs a passphrase": "私钥须有口令",
        "it is no encrypted private key": "不是加密的私钥",
        "the passphrase is wrong or the file is damaged": "口令错误或者文件已损坏",
        "it is a key of another kind": "是另一种密钥",
        # envelopes
        "it is no object": "不是对象",
        "the type of the content is missing": "缺少内容类型",
        "there must be 1 to {} signatures": "签名数应为1至{}",
        "it is no key number": "不是密钥编号",
        "it is empty or too long for a signature": "签名为空或者过长",
        "base64 text is missing": "缺少base64文本",
        "it is no base64 text": "不是base64文本",
        "it is no base64 text in its exact spelling": "base64文本的写法不精确",
        # files and stores
        "it exists already": "已经存在",
        "it cannot be read": "无法读取",
        "it cannot be written": "无法写入",
        "there is no such ledger": "没有该账本",
        "it may only be read": "只能读取",
        "the disk is full": "磁盘已满",
        "the disk reports a fault": "磁盘报告故障",
        "the file cannot be opened": "无法打开文件",
        "its pages cannot be read": "数据页无法读取",
        "its tables are not those of a ledger": "其中的表不是账本的表",
        "a text in it is not UTF-8": "其中有文本不是UTF-8编码",
        # ledgers
        "its header is missing": "缺少账本头",
        "it has the edition `{}`, and `{}` is read here": "其版式为`{}`，此处读取`{}`",
        "its tree is missing": "缺少哈希树",
        "its tree does not fit its size": "哈希树与其大小不符",
        "a column has another kind of value": "有一列的值类型不符",
        "an entry of unknown kind": "有一条记录种类不明",
        "an entry is missing": "缺少一条记录",
        "a value is out of range": "有值超出范围",
        "a checkpoint has another kind of value": "有检查点的值类型不符",
        "the root of its entries is not the stored root": "由各记录算得的根与所存的根不符",
        "a checkpoint counts {} entries; {} are left": "检查点记有{}条记录，现仅余{}条",
        "its time of receipt is before that of the entry before it": "收到时间早于前一条记录",
        "the first {} entries do not have the root of their checkpoint": "前{}条记录的根与其检查点不符",
        "its columns do not repeat its envelope": "各列与信封内容不一致",
        "it holds an envelope that is not of this ledger": "所载信封不属于本账本",
        "its kind does not fit the entries before it": "其种类与此前的记录不符",
        "{} entries are expected; {} are left": "应有{}条记录，现仅余{}条",
        "a part of its tree is missing": "缺少哈希树的一部分",
        "a stored hash of its tree is not that of its entries": "所存哈希树的哈希值与由各记录算得的不符",
        "its stored hashes are more than those of its entries": "所存哈希值多于各记录所应有",
        "its stored tree does not lead to its checkpoint": "所存哈希树不能导出其检查点的根",
        # checkpoints and proofs
        "the name of its key is empty or has a space or plus sign": "其密钥名为空，或者含有空格或加号",
        "it is no verifier key": "不是验证密钥",
        "the number of the verifier key does not fit it": "验证密钥的编号与其不符",
        "the signature of {} is wrong": "{}的签名不正确",
        "no known key signed it": "没有已知密钥签署",
        "it is not UTF-8": "不是UTF-8编码",
        "it has a control character": "含有控制字符",
        "it has no signatures": "没有签名",
        "it has too many signatures": "签名过多",
        "a signature line cannot be read": "有一行签名无法读取",
        "it does not have three lines": "不足三行",
        "its size is no number": "其大小不是数字",
        "its root is no base64 text": "其根不是base64文本",
        "its root is no hash": "其根不是哈希值",
        "it is not of this ledger, or stands in the place of another": "不属于本账本，或者放在另一检查点的位置",
        "no checkpoint covers this entry yet": "尚无检查点覆盖该记录",
        "it is not a beginning of the ledger": "不是账本的开头部分",
        "it is no proof of an entry": "不是记录的证明",
        "it does not say which entry it proves": "没有说明证明哪条记录",
        "it is of another ledger": "属于另一账本",
        "the proof does not lead to its root": "证明不能导出其根",
        "a line of the proof is no base64 text": "证明中有一行不是base64文本",
        "a line of the proof is no hash": "证明中有一行不是哈希值",
        # time stamps
        "it has another shape": "结构不符",
        "it has too many elements": "元素过多",
        "it is not DER": "不是DER编码",
        "it is cut off": "内容被截断",
        "the authority did not grant it": "时间戳机构未予签发",
        "it is no signed data": "不是签名数据",
        "it is no time stamp": "不是时间戳",
        "it does not have one signer": "签署者不是恰好一个",
        "it has too many certificates": "所含证书过多",
        "a signed attribute does not have one value": "有签名属性的值不是恰好一个",
        "its hash is none of SHA-256, SHA-384 and SHA-512": "其哈希算法不是SHA-256、SHA-384或SHA-512",
        "it has another version": "版本不符",
        "its time is not spelled as it must be": "其时间的写法不合规定",
        "its accuracy is out of range": "其精度超出范围",
        "it has a critical extension that is not known here": "含有此处未知的关键扩展",
        "it stamps other bytes": "所盖的是其他字节",
        "it answers another request": "是对另一请求的答复",
        "its signature is wrong": "签名不正确",
        "its signature covers other content": "签名所覆盖的是其他内容",
        "it does not name the certificate of its signer by its hash": "没有以哈希值指明签署者的证书",
        "its signer is not the certificate that it names by its hash": "签署者不是其以哈希值指明的证书",
        "the certificate of its signer is neither in it nor in the file of roots": (
            "签署者的证书既不在其中，也不在根证书文件中"
        ),
        "it names another authority than its certificate": "所载机构名称与其证书不符",
        "a certificate in it cannot be read": "其中有证书无法读取",
        "a certificate was not valid at its time": "有证书在其时间无效",
        "a certificate has a critical extension that is not known here": "有证书含有此处未知的关键扩展",
        "a certificate has a key that is too short": "有证书的密钥过短",
        "the certificate of its signer is not for time stamps alone": "签署者的证书不是专用于时间戳",
        "the certificate of its signer is not for signatures": "签署者的证书不能用于签名",
        "no chain of certificates leads to a root that you trust": "没有证书链通向您所信任的根证书",
        "the file of root certificates cannot be read": "根证书文件无法读取",
        "the file of root certificates has too many of them": "根证书文件所含证书过多",
        "the file of root certificates has no self-signed one": "根证书文件中没有自签名证书",
        # witnesses
        "it does not say from which size it grew": "没有说明自多少条记录增长而来",
        "its proof has more than 63 hashes": "其证明的哈希值超过63个",
        "a cosignature has another kind of value": "有联署的值类型不符",
        "a time stamp has another kind of value": "有时间戳的值类型不符",
        "it is none of the checkpoints kept in this ledger": "不是本账本所存的检查点",
        "no known witness cosigned it": "没有已知见证人联署",
        "there is no such state of a witness": "没有该见证人状态文件",
        "a ledger is no witness to itself": "账本不能为自己作见证",
        "this ledger is followed with another key": "该账本已以另一密钥被跟踪",
        "this ledger is not followed here": "此处未跟踪该账本",
        "it is not the key of this witness": "不是该见证人的密钥",
        "it counts {} entries; {} were cosigned before": "其记有{}条记录，此前已联署{}条",
        "it has another root for the same {} entries": "对同样的{}条记录给出了另一个根",
        "its proof begins at {} entries; {} were cosigned last": "其证明始于{}条记录，上次联署为{}条",
        "its proof does not join it to the {} entries cosigned before": "其证明未能与此前联署的{}条记录衔接",
        "another process uses it": "另一进程正在使用",
        # cosignatures and policies
        "its time is out of range": "其时间超出范围",
        "its ledger is none of the policy": "其账本不在策略之列",
        "too few of the witnesses of the policy cosigned it": "策略中的见证人联署不足",
        "it has no quorum line": "没有法定数行",
        "it has a second quorum line": "法定数行重复",
        "the same key is that of a ledger and of a witness": "同一密钥既属于账本又属于见证人",
        "it has too many lines": "行数过多",
        "it is no line of a policy": "不是见证策略的行",
        "the same key is given twice": "同一密钥重复出现",
        "a name is used before the line that defines it": "名称在定义之前使用",
        "a name is a member twice": "有名称两次作为成员",
        "its threshold is neither `any`, `all` nor a number up to that of its members": (
            "其门限既不是`any`、`all`，也不是不超过成员数的数字"
        ),
        "a name is defined twice, or is `none`": "名称重复定义，或者为`none`",
        # withheld facts
        "the event did not commit to it": "事件未对其作出承诺",
        "the event states this fact openly too": "事件同时公开载明了该事实",
        "the event committed to two values of it": "事件对该事实承诺了两个值",
        "a vault needs a passphrase": "保管库必须设有口令",
        "it is no vault of this edition": "不是本版本的保管库",
        "it cannot be read or written as a vault": "不能作为保管库读写",
        "a sealed fact is damaged": "有密封的事实已损坏",
        "the key of a subject is damaged": "某一主体的密钥已损坏",
    }
)


def in_chinese(reason: str) -> str:
    """The Chinese reason; where there is none, as for a message of the operating system, the reason itself."""
    if reason in CHINESE:
        return CHINESE[reason]
    for english, chinese in CHINESE.items():
        if "{}" in english:
            pattern = re.escape(english).replace(re.escape("{}"), "(.*)")
            found = re.fullmatch(pattern, reason, re.DOTALL)
            if found is not None:
                return chinese.format(*found.groups())
    return reason
