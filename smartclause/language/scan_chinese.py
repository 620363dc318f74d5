"""The scanner on Chinese text: the longest known word, titles of laws, misspelt labels."""

import re
from decimal import Decimal

from smartclause.language import marks
from smartclause.language.lookalike import nearest
from smartclause.language.numerals import from_chinese
from smartclause.language.scan_words import WordReader
from smartclause.language.words import Entry, is_ideograph


class ChineseReader(WordReader):
    """Reads text without spaces."""

    def chinese(self) -> None:
        if self.language == "en":
            self._foreign_language()
            return
        if self._chinese_reference():
            return
        known = self.known()
        if known is None:
            self._unknown_run()
            return
        entry, end = known
        if entry.type == "NAME" or end - self.at > 1:
            end = self._overlap(entry, end)
        self.entry(entry, end)

    def _foreign_language(self) -> None:
        end = self.at
        while end < len(self.text) and is_ideograph(self.text[end]):
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
        if character == "条" and self.clause_reference():
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
        if head and self.may_open():
            self.open_anew()
            self.add("CLAUSE_HEAD", head.end(), head["number"])
            return True
        chapter = marks.CHAPTER.match(self.text, self.at)
        if chapter and (self.opening or self.new_statement()):
            self.opening, self.heading = True, ""
            number = int(chapter["number"] or 0) or from_chinese(chapter["chinese"] or "") or 0
            self.add("CHAPTER", chapter.end(), number)
            return True
        if self.tokens and not self.opening and self.in_citation():
            article = marks.ARTICLE["zh"].match(self.text, self.at)
            if article:
                self.add("ARTICLE", article.end(), marks.article(article, "zh"))
                return True
        return self.clause_reference()

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
            and is_ideograph(self.text[end])
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
