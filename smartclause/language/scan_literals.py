"""The scanner on quotations, list labels, numbers, periods, dates and amounts."""

import re
from datetime import datetime
from decimal import Decimal

from smartclause.language import marks
from smartclause.language.numerals import from_chinese
from smartclause.language.tape import Tape

_COMPARED = {
    ">=": ("at least", "不少于"), "≥": ("at least", "不少于"), "<=": ("at most", "不超过"),
    "≤": ("at most", "不超过"), ">": ("exceeds", "超过"), "<": ("is below", "不满"), "==": ("is", "为"),
    "!=": ("is not", "不为"), "<>": ("is not", "不为"), "≠": ("is not", "不为"),
}  # fmt: skip


class LiteralReader(Tape):
    """Reads what stands for itself."""

    def string(self, opening: str) -> None:
        closing = "”" if opening == "“" else '"'
        end = self.at + 1
        limit = len(self.text)
        while end < limit and self.text[end] not in closing + "\n" and not (opening == "“" == self.text[end]):
            end += 1
        self.check_characters(self.at, end)
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

    def list_label(self) -> bool:
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

    def comparison(self, match: re.Match[str]) -> None:
        english, chinese = _COMPARED[match[1]]
        self.report("L02", match.start(), match.end(), found=match[1], word=self.say(english, chinese))
        self.at = match.end()

    def number(self) -> None:
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
            self.stray(text[self.at])
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
            word = self.say(f"{value} months", f"{value}个月")
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

    def money(self, before: re.Match[str]) -> bool:
        number = marks.NUMBER[self.language].match(self.text, before.end())
        if number is None or before["currency"] not in marks.CURRENCIES:
            return False
        if len(number["amount"]) > marks.MOST_DIGITS:
            return False
        self.add("MONEY", number.end(), (marks.decimal(number), before["currency"]))
        return True

    def in_citation(self) -> bool:
        return self.tokens[self.statement_start].type == "CITES"
