"""The scanner on ASCII words, references to clauses, and letters of other scripts."""

import re
import unicodedata

from smartclause.language import marks
from smartclause.language.lookalike import look_alike
from smartclause.language.scan_literals import LiteralReader
from smartclause.language.words import Entry, Refused, is_chinese, is_ideograph

_HELPS = {
    "duty": ("write `must` for a duty", "义务请写“应当”"),
    "ban": ("write `must not`", "禁止请写“不得”"),
}
_REFUSAL_CODES = {"figure": "L05", "reasonable": "L22", "may_not": "L26", "principle": "L09", "open_list": "L21"}
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


class WordReader(LiteralReader):
    """Reads words by the longest known one, names otherwise."""

    def stray(self, character: str) -> None:
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}:
            self.invisible(self.at, character)
            self.at += 1
            return
        if character.isascii():
            super().stray(character)
            return
        end = self.at
        while (
            end < len(self.text)
            and (self.text[end].isalnum() or self.text[end] == "_")
            and not (is_ideograph(self.text[end]))
        ):
            end += 1
        self.foreign(self.at, max(end, self.at + 1))

    def foreign(self, start: int, end: int) -> None:
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
            meant = self.say(f"the Latin letter `{latin}`", f"拉丁字母“{latin}”")
            if word in self.lexicon.names:
                kind = self.lexicon.names[word]
                meant = self.say(f"the {kind} `{word}`", f"名称“{word}”")
            self.report(
                "L03", place, place + 1, found=odd,
                script=self.say(f"the {script[0]} letter", script[1]), meant=meant,
            )  # fmt: skip
        else:
            self.report("L11", place, place + 1, found=odd)
            word = ""
        if marks.IDENTIFIER.fullmatch(word):
            self.add("NAME", end, word)
        else:
            self.at = end

    def word(self) -> None:
        text = self.text
        match = marks.IDENTIFIER.match(text, self.at)
        assert match is not None
        end = match.end()
        if end < len(text) and not text[end].isascii() and text[end].isalnum() and not is_chinese(text[end]):
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            self.foreign(self.at, end)
            return
        if self._reference(match.group()):
            return
        known = self.known()
        if known is not None and known[1] >= end:
            self.entry(*known)
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
            if self.money(money):
                return
        elif self.language == "zh" and (money := marks.MONEY_BEFORE.match(self.text, self.at)) and self.money(money):
            return
        if self.language == "en" and (spelled := marks.SPELLED_AMOUNT.match(self.text, self.at)):
            count = marks.SPELLED[spelled["number"]]
            word = f"{count} {spelled['unit']}"
            self.report("L06", self.at, spelled.end(), found=spelled.group(), word=word)
            self.add("DURATION", spelled.end(), (count, marks.time_unit(spelled["unit"])))
            return
        self.add("NAME", end, name)

    def _reference(self, word: str) -> bool:
        """`clause 3.5(1)`, at the beginning of a statement `clause 3.5 name`; `art 38(1)`."""
        if self.language != "en":
            return False
        if word == "clause":
            head = self.may_open() and marks.CLAUSE_HEAD["en"].match(self.text, self.at)
            if head:
                self.open_anew()
                self.add("CLAUSE_HEAD", head.end(), head["number"])
                return True
            return self.clause_reference()
        if word in {"art", "article"} and self.tokens and self.in_citation():
            article = marks.ARTICLE["en"].match(self.text, self.at)
            if article:
                self.add("ARTICLE", article.end(), marks.article(article, "en"))
                return True
        return False

    def may_open(self) -> bool:
        return (
            self.opening
            or (bool(self.heading) and not self.named and self.tokens[-1].type in {"ADD", "REPLACE"})
            or self.new_statement()
        )

    def open_anew(self) -> None:
        if not self.opening and self.tokens and self.tokens[-1].type not in {"ADD", "REPLACE"}:
            self.opening, self.heading = True, ""

    def new_statement(self) -> bool:
        """A declaration or heading on a line of its own although the last statement has not ended."""
        at = self.at
        if self.lines.number(at) == self.line_end:
            return False
        return bool(_NEW_STATEMENT[self.language].match(self.text, at))

    def clause_reference(self) -> bool:
        match = marks.CLAUSE_REF[self.language].match(self.text, self.at)
        if match is None:
            return False
        name = match["name"]
        if name and name in self.lexicon.words.anywhere:
            return False
        sentence = int(match["sentence"]) if match["sentence"] else None
        self.add("CLAUSE_REF", match.end(), (match["number"] or name, sentence))
        return True

    def known(self) -> tuple[Entry, int] | None:
        plain = self.lexicon.anywhere.longest(self.text, self.at)
        if not self.opening and self.new_statement():
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

    def entry(self, entry: Entry, end: int) -> None:
        if entry.type == "REFUSED" and isinstance(entry.value, Refused):
            self._refused(entry.value, end)
        elif entry.type == "AMBIGUOUS":
            self._ambiguous(entry, end)
        else:
            self.add(entry.type, end, entry.value)

    def _refused(self, row: Refused, end: int) -> None:
        found = self.text[self.at : end]
        code = _REFUSAL_CODES.get(row.help, "L04")
        help_ = self.say(*_HELPS[row.help]) if row.help in _HELPS else ""
        self.report(code, self.at, end, found=found, help=help_)
        if row.token:
            self.add(row.token, end)
        else:
            self.at = end

    def _ambiguous(self, entry: Entry, end: int) -> None:
        names = sorted(entry.value) if isinstance(entry.value, frozenset) else [str(entry.value)]
        joined = self.say(" or ", "或者").join(self.say(f"`{name}`", f"“{name}”") for name in names)
        self.report("L16", self.at, end, label=self.text[self.at : end], meanings=joined, example=names[0])
        self.add("NAME", end, names[0])
