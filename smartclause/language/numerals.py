"""Chinese numerals, used only in list labels, chapter headings and citations of laws; 1 to 9999."""

_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))
CHARACTERS = "〇零一二两三四五六七八九十百千"


def to_chinese(number: int) -> str:
    """12 is 十二, 101 is 一百零一. Raises ValueError outside 1 to 9999."""
    if not 1 <= number <= 9999:
        raise ValueError(f"{number} has no short Chinese numeral")
    written = ""
    gap = False
    rest = number
    for unit, sign in _UNITS:
        count, rest = divmod(rest, unit)
        if count:
            written += ("零" if gap else "") + _DIGITS[count] + sign
            gap = False
        elif written:
            gap = True
    if rest:
        written += ("零" if gap else "") + _DIGITS[rest]
    return written.removeprefix("一") if written.startswith("一十") else written


def from_chinese(text: str) -> int | None:
    """The number, or None where the characters are no numeral. White space means nothing."""
    total = count = 0
    for character in text:
        if character in "〇零" or character.isspace():
            continue
        if character in _DIGITS or character == "两":
            count = 2 if character == "两" else _DIGITS.index(character)
            continue
        unit = next((unit for unit, sign in _UNITS if sign == character), None)
        if unit is None:
            return None
        total += (count or 1) * unit
        count = 0
    return (total + count) or None
