"""From characters to tokens: the longest known word, literals, references, list labels.

Never raises on text; what it cannot read becomes a finding, and a token stands in where one can.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from smartclause.language import marks
from smartclause.language.diagnostic import Diagnostic, Language, Lines
from smartclause.language.lexicon import Lexicon
from smartclause.language.lookalike import look_alike, nearest
from smartclause.language.numerals import from_chinese
from smartclause.language.tokens import Comment, Scanned, Token
from smartclause.language.wording_words import WORDS
from smartclause.language.words import Entry, Refused, is_chinese

DEEPEST = 32
MOST_DENIALS = 4
MOST_TOKENS = 250_000
LONGEST_STATEMENT = 20_000
MOST_FINDINGS = 100

_HEADS = {
    "CONTRACT", "AGREEMENT", "RULES", "VOCABULARY", "AMENDMENT", "PART", "CHAPTER", "CLAUSE_HEAD",
    "SCENARIO", "ORIGINAL",
}  # fmt: skip
_NAMED_HEADS = _HEADS - {"PART", "CHAPTER", "ORIGINAL"}
_MARKS = {
    "。": "STOP", ";": "SEMI", "；": "SEMI", ":": "COLON", "：": "COLON", ",": "COMMA", "，": "COMMA",
    "、": "SEP", "(": "LPAR", "（": "LPAR", ")": "RPAR", "）": "RPAR", "=": "EQUALS", "＝": "EQUALS",
}  # fmt: skip
_COMPARISON = re.compile(r"(>=|<=|==|!=|<>|≥|≤|≠|>|<)")
_COMPARED = {
    ">=": ("at least", "不少于"), "≥": ("at least", "不少于"), "<=": ("at most", "不超过"),
    "≤": ("at most", "不超过"), ">": ("exceeds", "超过"), "<": ("is below", "不满"), "==": ("is", "为"),
    "!=": ("is not", "不为"), "<>": ("is not", "不为"), "≠": ("is not", "不为"),
}  # fmt: skip
_HELPS = {
    "duty": ("write `must` for a duty", "义务请写“应当”"),
    "ban": ("write `must not`", "禁止请写“不得”"),
}
_REFUSAL_CODES = {"figure": "L05", "reasonable": "L22", "may_not": "L26", "principle": "L09", "open_list": "L21"}
_LABEL_START = {
    "en": re.compile(r"(?:zh|en)\b\s*[\"“]|version\b|[\"“]"),
    "zh": re.compile(r"(?:中文|英文)\s*[\"“]|版本|[\"“]"),
}
_NEW_STATEMENT = {
    "en": re.compile(
        r"(?:law|role|unit|party|concept|act|unrestricted\s+act|occurrence|parameter|define|judgement|prove"
        r"|scenario)\s+[A-Za-z_]\w*\s+(?:zh|en)\s*[\"“]|clause\s+[0-9.]*[0-9]\s+[A-Za-z_]\w*\s+(?:zh|en)\s*[\"“]"
        r"|part\s+[0-9]+\s+(?:zh|en)\b|at\s+[0-9]{4}-|then\s+(?:clause|allowed|refused|undecided)\b"
        r"|import\s+[A-Za-z_][\w.]*\s+version\b|(?:When|Despite|Subject\s+to)\b"
    ),
    "zh": re.compile(
        r"(?:法律|角色|计量单位|当事人|概念|行为|无须授权的行为|事件|参数|定义|判断事项|证明事项|情景)\s*"
        r"[A-Za-z_]\w*\s*(?:中文|英文)|第\s*[0-9.]+\s*条\s*[A-Za-z_]|第\s*[一二三四五六七八九十百]+\s*章"
        r"|引用\s*[A-Za-z_]|则第|于[0-9]{4}年"
    ),
}  # fmt: skip
_DROP_COMMA_BEFORE = {
    "AND", "OR", "EXCEPT_IF", "OTHERWISE", "SINCE", "BECAUSE", "BECAUSE_AT_LEAST", "WAIVED_BY", "FROM",
    "TIME_STAMPED", "WITNESSED", "BUT", "STATING", "BY", "AS", "ALIAS", "IN_WHICH", "REASON", "HAS",
    "INTERPRETS", "UNDER", "AT_LEAST", "AT_MOST", "WITH", "FROM_MOMENT", "FROM_DAY", "MATCHES",
}  # fmt: skip


class _Stop(Exception):  # noqa: N818
    """The rest of the text is not worth reading."""


def scan(text: str, lines: Lines, lexicon: Lexicon) -> tuple[Scanned, list[Diagnostic]]:
    """All tokens and comments of the text, with the findings on the way."""
    scanner = _Scanner(text, lines, lexicon)
    with suppress(_Stop):
        scanner.run()
    return Scanned(tuple(_joined(scanner.tokens)), tuple(scanner.comments)), scanner.found


class _Scanner:
    def __init__(self, text: str, lines: Lines, lexicon: Lexicon) -> None:
        self.text = text
        self.lines = lines
        self.lexicon = lexicon
        self.language: Language = lexicon.language
        self.at = 0
        self.tokens: list[Token] = []
        self.comments: list[Comment] = []
        self.found: list[Diagnostic] = []
        self.opening = True
        self.heading = ""
        self.named = False
        self.depth = 0
        self.denials = 0
        self.statement_start = 0
        self.line_end = 0

    # ---- the loop

    def run(self) -> None:
        limit = len(self.text)
        while self.at < limit:
            character = self.text[self.at]
            if character.isspace() and character not in "\x1c\x1d\x1e\x1f\x85\x0b\x0c":
                self.at += 1
                continue
            self._begin_statement()
            self._one(character)
            if len(self.tokens) > MOST_TOKENS:
                self.report("L13", self.at, self.at + 1, limit=self._say(f"{MOST_TOKENS} words", f"{MOST_TOKENS}个词"))
                raise _Stop
            if len(self.tokens) - self.statement_start > LONGEST_STATEMENT:
                self.report("L24", self.at, self.at + 1, limit=LONGEST_STATEMENT)
                raise _Stop

    def _begin_statement(self) -> None:
        """A heading has no full stop: it ends where no label, name or version goes on."""
        if not self.heading or self.text[self.at] in "#.。":
            return
        if self.heading in _NAMED_HEADS and not self.named:
            return
        if self.tokens[-1].type in {"PART", "VERSION", "ZH", "EN", "ADD", "REPLACE"}:
            return
        if not _LABEL_START[self.language].match(self.text, self.at):
            self.opening, self.heading = True, ""

    def _one(self, character: str) -> None:
        if character == "#":
            self._comment()
        elif character in '"“':
            self._string(character)
        elif character == ".":
            self._full_stop()
        elif character.isascii() and character.isdigit():
            self._number()
        elif character.isascii() and (character.isalpha() or character == "_"):
            self._word()
        elif character in "(（" and self._list_label():
            pass
        elif character in _MARKS:
            self._mark(character)
        elif "\u4e00" <= character <= "\u9fff" or character in "《〇":
            self._chinese()
        elif match := _COMPARISON.match(self.text, self.at):
            self._comparison(match)
        else:
            self._stray(character)

    # ---- emitting

    def add(self, type_: str, end: int, value: object = None) -> None:
        start = self.at
        span = self.lines.span(start, end)
        first = span.line != self.line_end
        self.line_end = span.end_line
        if self.opening:
            self.statement_start = len(self.tokens)
            self.depth = 0
        self._count_denials(type_)
        self.tokens.append(Token(type_, self.text[start:end], value, span, self.opening, first))
        self._follow(type_)
        self.at = end

    def _count_denials(self, type_: str) -> None:
        self.denials = self.denials + 1 if type_ == "NOT" else 0
        if self.denials > MOST_DENIALS:
            self.report("L12", self.at, self.at + 1, limit=MOST_DENIALS)
            raise _Stop

    def _follow(self, type_: str) -> None:
        if type_ == "STOP":
            self.opening, self.heading = True, ""
        elif self.opening and type_ in {"ADD", "REPLACE"}:
            self.opening, self.heading, self.named = False, "CLAUSE_HEAD", False
        elif self.opening:
            self.opening = False
            self.heading = type_ if type_ in _HEADS else ""
            self.named = False
        elif self.heading and type_ == "NAME":
            self.named = True

    def report(self, code: str, start: int, end: int, **words: object) -> None:
        if len(self.found) >= MOST_FINDINGS:
            raise _Stop
        wording = WORDS[code]
        said = {name: str(word) for name, word in words.items()}
        sentence, help_ = (wording.zh, wording.zh_help) if self.language == "zh" else (wording.en, wording.en_help)
        self.found.append(
            Diagnostic(
                code, "error", sentence.format(**said), self.lines.span(start, end), help_.format(**said),
                self.language,
            )
        )  # fmt: skip

    def _say(self, english: str, chinese: str) -> str:
        return chinese if self.language == "zh" else english

    # ---- comments, quotations, marks

    def _comment(self) -> None:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        comment = self.text[self.at + 1 : end].strip()
        self._check_characters(self.at, end)
        alone = self.lines.number(self.at) != self.line_end
        self.comments.append(Comment(comment, alone, self.at))
        self.at = end

    def _string(self, opening: str) -> None:
        closing = "”" if opening == "“" else '"'
        end = self.at + 1
        limit = len(self.text)
        while end < limit and self.text[end] not in closing + "\n" and not (opening == "“" == self.text[end]):
            end += 1
        self._check_characters(self.at, end)
        if end < limit and self.text[end] == closing:
            self.add("STRING", end + 1, self.text[self.at + 1 : end])
            return
        if end < limit and self.text[end] == "“":
            self._nested(end)
            return
        line = self.lines.number(self.at)
        self.report("L01", self.at, self.at + 1, mark=closing, line=line)
        self.add("STRING", end, self.text[self.at + 1 : end])

    def _nested(self, inner: int) -> None:
        """Goes on after the last closing mark of the line: that is where the quotation was meant to end."""
        self.report("L20", inner, inner + 1)
        line_end = self.text.find("\n", inner)
        line_end = len(self.text) if line_end < 0 else line_end
        first = self.text.find("”", inner, line_end)
        second = self.text.find("”", first + 1, line_end) if first >= 0 else -1
        end = max(first, second) + 1 or line_end
        self.add("STRING", end, "")

    def _check_characters(self, start: int, end: int) -> None:
        piece = self.text[start:end]
        if piece.isascii() and piece.isprintable():
            return
        for offset, character in enumerate(piece):
            if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"} and character not in "\t\r":
                self._invisible(start + offset, character)

    def _invisible(self, at: int, character: str) -> None:
        name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
        self.report("L10", at, at + 1, name=name)

    def _full_stop(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        previous = self.tokens[-1] if self.tokens else None
        joined = (
            following.isascii()
            and (following.isalpha() or following == "_")
            and previous is not None
            and previous.span.end == self.at
            and previous.type != "STRING"
        )
        self.add("DOT" if joined else "STOP", self.at + 1)

    def _mark(self, character: str) -> None:
        if character in "(（":
            self.depth += 1
            if self.depth > DEEPEST:
                self.report("L12", self.at, self.at + 1, limit=DEEPEST)
                raise _Stop
        elif character in ")）":
            self.depth -= 1
        self.add(_MARKS[character], self.at + 1)

    def _list_label(self) -> bool:
        number = marks.NUMBER_LABEL.match(self.text, self.at)
        if number:
            self.add("NUMBER_LABEL", number.end(), int(number["label"]))
            return True
        letter = marks.LETTER_LABEL[self.language].match(self.text, self.at)
        if letter:
            label = letter["label"]
            value = from_chinese(label) if self.language == "zh" else ord(label) - ord("a") + 1
            self.add("LETTER_LABEL", letter.end(), value)
            return True
        return False

    def _comparison(self, match: re.Match[str]) -> None:
        english, chinese = _COMPARED[match[1]]
        self.report("L02", match.start(), match.end(), found=match[1], word=self._say(english, chinese))
        self.at = match.end()

    def _stray(self, character: str) -> None:
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}:
            self._invisible(self.at, character)
            self.at += 1
            return
        if character.isascii():
            self.report("L11", self.at, self.at + 1, found=character)
            self.at += 1
            return
        end = self.at
        while (
            end < len(self.text)
            and (self.text[end].isalnum() or self.text[end] == "_")
            and not ("\u4e00" <= self.text[end] <= "\u9fff")
        ):
            end += 1
        self._foreign(self.at, max(end, self.at + 1))

    def _foreign(self, start: int, end: int) -> None:
        """A run with letters or digits of another script: look-alikes are an attack on signed text."""
        run = self.text[start:end]
        plain = unicodedata.normalize("NFKC", run)
        odd = next(character for character in run if not character.isascii())
        place = start + run.index(odd)
        twin = look_alike(odd)
        if plain != run and plain.isascii():
            self.report("L07", start, end, found=run, word=plain)
            if len(plain) == len(run):  # read it as meant, from the same place
                self.text = self.text[:start] + plain + self.text[end:]
                return
            word = plain
        elif twin is not None:
            script, latin = twin
            word = "".join((look_alike(c) or ("", c))[1] for c in run)
            meant = self._say(f"the Latin letter `{latin}`", f"拉丁字母“{latin}”")
            if word in self.lexicon.names:
                kind = self.lexicon.names[word]
                meant = self._say(f"the {kind} `{word}`", f"名称“{word}”")
            self.report(
                "L03", place, place + 1, found=odd,
                script=self._say(f"the {script[0]} letter", script[1]), meant=meant,
            )  # fmt: skip
        else:
            self.report("L11", place, place + 1, found=odd)
            word = ""
        if marks.IDENTIFIER.fullmatch(word):
            self.add("NAME", end, word)
        else:
            self.at = end

    # ---- numbers

    def _number(self) -> None:
        text, language = self.text, self.language
        if self.tokens and self.tokens[-1].type == "VERSION":
            match = marks.VERSION.match(text, self.at)
            assert match is not None
            self.add("VERSION_NUMBER", match.end(), match.group())
            return
        if self._date():
            return
        number = marks.NUMBER[language].match(text, self.at)
        if number is None:  # a digit that is not 0-9
            self._stray(text[self.at])
            return
        if len(number["amount"]) > marks.MOST_DIGITS:
            self.report("L25", self.at, number.end(), found=number["amount"][:8] + "…", limit=marks.MOST_DIGITS)
            self.add("NUMBER", number.end(), Decimal(0))
            return
        value = marks.decimal(number)
        if percent := marks.PERCENT.match(text, number.end()):
            self.add("PERCENTAGE", percent.end(), value)
        elif period := marks.PERIOD[language].match(text, number.end()):
            self._period(value, period.end(), marks.time_unit(period["unit"]))
        elif refused := marks.REFUSED_UNIT[language].match(text, number.end()):
            word = self._say(f"{value} months", f"{value}个月")
            self.report("L19", self.at, refused.end(), unit=refused["unit"], word=word)
            self.add("DURATION", refused.end(), (1, "month"))
        elif language == "zh" and (money := marks.MONEY_AFTER.match(text, number.end())):
            self.add("MONEY", money.end(), (value, marks.CHINESE_CURRENCIES[money["currency"]]))
        else:
            end = number.end()
            while end > self.at and text[end - 1].isspace():
                end -= 1
            self.add("NUMBER", end, value)

    def _period(self, value: Decimal, end: int, unit: str) -> None:
        if value != int(value):
            self.report("L23", self.at, end, found=self.text[self.at : end])
        self.add("DURATION", end, (int(value), unit))

    def _date(self) -> bool:
        for pattern, read in ((marks.ISO, marks.iso), (marks.CHINESE_DATE, marks.chinese_date)):
            match = pattern.match(self.text, self.at)
            if match is None:
                continue
            try:
                value = read(match)
            except ValueError:
                self.report("L17", self.at, match.end(), found=match.group())
                value = (
                    datetime(2000, 1, 1)
                    if match.groupdict().get("time") or match.groupdict().get("h")
                    else datetime(2000, 1, 1).date()
                )
            self.add("INSTANT" if isinstance(value, datetime) else "DATE", match.end(), value)
            return True
        if match := marks.AMBIGUOUS_DATE.match(self.text, self.at):
            word = f"{match['y']}-{int(match['a']):02}-{int(match['b']):02}"
            if self.language == "zh":
                word = f"{match['y']}年{int(match['a'])}月{int(match['b'])}日"
            self.report("L18", self.at, match.end(), found=match.group(), word=word)
            self.add("DATE", match.end(), datetime(2000, 1, 1).date())
            return True
        return False

    # ---- words

    def _word(self) -> None:
        text = self.text
        match = marks.IDENTIFIER.match(text, self.at)
        assert match is not None
        end = match.end()
        if end < len(text) and not text[end].isascii() and text[end].isalnum() and not is_chinese(text[end]):
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            self._foreign(self.at, end)
            return
        if self._reference(match.group()):
            return
        known = self._known()
        if known is not None and known[1] >= end:
            self._entry(*known)
            return
        self._identifier(match.group(), end)

    def _identifier(self, name: str, end: int) -> None:
        if name in self.lexicon.aliases:
            qualified = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)", re.ASCII).match(self.text, end)
            follows_path = self.tokens and self.tokens[-1].type in {"IMPORT", "AS_STRICT", "AMENDS", "DOT"}
            if qualified and not follows_path:
                self.add("NAME", qualified.end(), f"{name}.{qualified[1]}")
                return
        if self.language == "en" and (money := marks.MONEY_BEFORE.match(self.text, self.at)):
            if self._money(money):
                return
        elif self.language == "zh" and (money := marks.MONEY_BEFORE.match(self.text, self.at)) and self._money(money):
            return
        if self.language == "en" and (spelled := marks.SPELLED_AMOUNT.match(self.text, self.at)):
            count = marks.SPELLED[spelled["number"]]
            word = f"{count} {spelled['unit']}"
            self.report("L06", self.at, spelled.end(), found=spelled.group(), word=word)
            self.add("DURATION", spelled.end(), (count, marks.time_unit(spelled["unit"])))
            return
        self.add("NAME", end, name)

    def _money(self, before: re.Match[str]) -> bool:
        number = marks.NUMBER[self.language].match(self.text, before.end())
        if number is None or before["currency"] not in marks.CURRENCIES:
            return False
        if len(number["amount"]) > marks.MOST_DIGITS:
            return False
        self.add("MONEY", number.end(), (marks.decimal(number), before["currency"]))
        return True

    def _reference(self, word: str) -> bool:
        """`clause 3.5(1)`, at the beginning of a statement `clause 3.5 name`; `art 38(1)`."""
        if self.language != "en":
            return False
        if word == "clause":
            head = self._may_open() and marks.CLAUSE_HEAD["en"].match(self.text, self.at)
            if head:
                self._open_anew()
                self.add("CLAUSE_HEAD", head.end(), head["number"])
                return True
            return self._clause_reference()
        if word in {"art", "article"} and self.tokens and self._in_citation():
            article = marks.ARTICLE["en"].match(self.text, self.at)
            if article:
                self.add("ARTICLE", article.end(), marks.article(article, "en"))
                return True
        return False

    def _may_open(self) -> bool:
        return (
            self.opening
            or (bool(self.heading) and not self.named and self.tokens[-1].type in {"ADD", "REPLACE"})
            or self._new_statement()
        )

    def _open_anew(self) -> None:
        if not self.opening and self.tokens and self.tokens[-1].type not in {"ADD", "REPLACE"}:
            self.opening, self.heading = True, ""

    def _new_statement(self) -> bool:
        """A declaration or heading on a line of its own although the last statement has not ended."""
        at = self.at
        if self.lines.number(at) == self.line_end:
            return False
        return bool(_NEW_STATEMENT[self.language].match(self.text, at))

    def _clause_reference(self) -> bool:
        match = marks.CLAUSE_REF[self.language].match(self.text, self.at)
        if match is None:
            return False
        name = match["name"]
        if name and name in self.lexicon.words.anywhere:
            return False
        sentence = int(match["sentence"]) if match["sentence"] else None
        self.add("CLAUSE_REF", match.end(), (match["number"] or name, sentence))
        return True

    def _in_citation(self) -> bool:
        return self.tokens[self.statement_start].type == "CITES"

    def _known(self) -> tuple[Entry, int] | None:
        plain = self.lexicon.anywhere.longest(self.text, self.at)
        if not self.opening and self._new_statement():
            self.opening, self.heading = True, ""
        if self.opening:
            opening = self.lexicon.opening.longest(self.text, self.at)
            if opening and (plain is None or opening[1] >= plain[1]) and self._opens(opening[0]):
                return opening
        return plain

    def _opens(self, entry: Entry) -> bool:
        """Words free as names elsewhere open only what their statement can be."""
        if entry.type in {"ADD", "REPLACE", "STRIKE"}:
            word = "clause" if self.language == "en" else "(?:第|条款)"
            return bool(re.compile(rf"\S+?\s*{word}|\w+\s+{word}").match(self.text, self.at))
        return True

    def _entry(self, entry: Entry, end: int) -> None:
        if entry.type == "REFUSED" and isinstance(entry.value, Refused):
            self._refused(entry.value, end)
        elif entry.type == "AMBIGUOUS":
            self._ambiguous(entry, end)
        else:
            self.add(entry.type, end, entry.value)

    def _refused(self, row: Refused, end: int) -> None:
        found = self.text[self.at : end]
        code = _REFUSAL_CODES.get(row.help, "L04")
        help_ = self._say(*_HELPS[row.help]) if row.help in _HELPS else ""
        self.report(code, self.at, end, found=found, help=help_)
        if row.token:
            self.add(row.token, end)
        else:
            self.at = end

    def _ambiguous(self, entry: Entry, end: int) -> None:
        names = sorted(entry.value) if isinstance(entry.value, frozenset) else [str(entry.value)]
        joined = self._say(" or ", "或者").join(self._say(f"`{name}`", f"“{name}”") for name in names)
        self.report("L16", self.at, end, label=self.text[self.at : end], meanings=joined, example=names[0])
        self.add("NAME", end, names[0])

    # ---- Chinese

    def _chinese(self) -> None:
        if self.language == "en":
            self._foreign_language()
            return
        if self._chinese_reference():
            return
        known = self._known()
        if known is None:
            self._unknown_run()
            return
        entry, end = known
        if entry.type == "NAME" or end - self.at > 1:
            end = self._overlap(entry, end)
        self._entry(entry, end)

    def _foreign_language(self) -> None:
        end = self.at
        while end < len(self.text) and "\u4e00" <= self.text[end] <= "\u9fff":
            end += 1
        run = self.text[self.at : end]
        help_ = "this file is written in English: use the name or an English label"
        self.report("L08", self.at, end, found=run, help=help_)
        self.add("NAME", end, "unknown")

    def _chinese_reference(self) -> bool:
        character = self.text[self.at]
        if character == "《":
            return self._law_title()
        if character == "第":
            return self._numbered()
        if character == "条" and self._clause_reference():
            return True
        if character == "共" and (times := marks.TIMES.match(self.text, self.at)):
            self.add("TIMES", times.end(), int(times["times"]))
            return True
        return False

    def _law_title(self) -> bool:
        match = marks.LAW_TITLE.match(self.text, self.at)
        if match is None:
            self.report("L01", self.at, self.at + 1, mark="》", line=self.lines.number(self.at))
            self.at += 1
            return True
        title = "".join(match["title"].split())
        known = {"".join(label.split()): name for label, name in self.lexicon.laws.items()}
        self.add("LAW_TITLE" if title not in known else "NAME", match.end(), known.get(title, title))
        return True

    def _numbered(self) -> bool:
        head = marks.CLAUSE_HEAD["zh"].match(self.text, self.at)
        if head and self._may_open():
            self._open_anew()
            self.add("CLAUSE_HEAD", head.end(), head["number"])
            return True
        chapter = marks.CHAPTER.match(self.text, self.at)
        if chapter and (self.opening or self._new_statement()):
            self.opening, self.heading = True, ""
            number = int(chapter["number"] or 0) or from_chinese(chapter["chinese"] or "") or 0
            self.add("CHAPTER", chapter.end(), number)
            return True
        if self.tokens and not self.opening and self._in_citation():
            article = marks.ARTICLE["zh"].match(self.text, self.at)
            if article:
                self.add("ARTICLE", article.end(), marks.article(article, "zh"))
                return True
        return self._clause_reference()

    def _overlap(self, entry: Entry, end: int) -> int:
        """Two readings: the chosen word, or a known word that ends inside it and one that goes beyond."""
        for inside in range(self.at + 1, end):
            other = self.lexicon.anywhere.longest(self.text, inside)
            if other is None or other[1] <= end or not (entry.is_label or other[0].is_label):
                continue
            if "".join(self.text[self.at : inside].split()) in self.lexicon.known:
                first = "".join(self.text[self.at : end].split())
                second = "".join(self.text[inside : other[1]].split())
                name = str(entry.value if entry.is_label else other[0].value)
                self.report("L14", self.at, other[1], first=first, second=second, name=name)
                return other[1]
        return end

    def _unknown_run(self) -> None:
        if amount := marks.CHINESE_AMOUNT.match(self.text, self.at):
            self._chinese_amount(amount)
            return
        end = self.at + 1
        while (
            end < len(self.text)
            and end - self.at < 40
            and "\u4e00" <= self.text[end] <= "\u9fff"
            and self.lexicon.anywhere.longest(self.text, end) is None
        ):
            end += 1
        best = nearest(self.text[self.at : self.at + 40], end - self.at, self.lexicon.labels)
        if best is None:
            found = self.text[self.at : end]
            self.report("L08", self.at, end, found=found, help="先声明这个名称，或者改用已有的词")
            self.add("NAME", end, "unknown")
            return
        label, length = best
        found = self.text[self.at : self.at + length]
        self.report("L08", self.at, self.at + length, found=found, help=f"是否指“{label}”？")
        entry = self.lexicon.labels[label]
        end = self.at + length
        self.add("NAME" if entry.type == "AMBIGUOUS" else entry.type, end, entry.value)

    def _chinese_amount(self, amount: re.Match[str]) -> None:
        number = from_chinese(amount["number"]) or 0
        unit = amount["unit"]
        self.report("L06", self.at, amount.end(), found=amount.group(), word=f"{number}{unit}")
        if unit.endswith("元"):
            self.add("MONEY", amount.end(), (Decimal(number), "CNY"))
        else:
            self.add("DURATION", amount.end(), (number, marks.time_unit(unit)))


def _joined(tokens: list[Token]) -> list[Token]:
    """Drops the marks that mean nothing and joins a colon with the kind of list it announces."""
    result: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        after = following.type if following is not None and not following.opening else ""
        if token.type == "COMMA" and after in _DROP_COMMA_BEFORE:
            continue
        if token.type == "SEMI" and after in {"LETTER_LABEL", "NUMBER_LABEL", "OTHERWISE"}:
            continue
        if token.type == "COLON" and after in {"LETTER_LABEL", "NUMBER_LABEL"}:
            token = replace(token, type="LETTERS_FOLLOW" if after == "LETTER_LABEL" else "NUMBERS_FOLLOW")
        result.append(token)
    return result
