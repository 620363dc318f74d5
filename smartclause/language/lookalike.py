"""Letters of other scripts that look like Latin ones, and the nearest label to a misspelt run."""

import unicodedata
from collections.abc import Iterable

_TWINS = dict(
    zip(
        "АВСЕНІЈКМОРЅТХУаеосрхуіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυκ",
        "ABCEHIJKMOPSTXYaeocpxyijsdhqwABEZHIKMNOPTYXovpuk",
        strict=True,
    )
)
_SCRIPTS = {"CYRILLIC": ("Cyrillic", "西里尔字母"), "GREEK": ("Greek", "希腊字母")}


def look_alike(character: str) -> tuple[tuple[str, str], str] | None:
    """The script in English and Chinese, and the Latin letter the character can be taken for."""
    latin = _TWINS.get(character)
    if latin is None:
        return None
    script = unicodedata.name(character, "").split(" ")[0]
    return _SCRIPTS.get(script, ("foreign", "其他文字的字母")), latin


def distance(first: str, second: str, most: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours; more than `most` counts as most + 1."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        current = [i]
        for j, b in enumerate(second, 1):
            cost = min(row[j] + 1, current[-1] + 1, row[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return row[-1]


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """The nearest known word, if it is near enough to be meant."""
    most = max(1, len(word) // 4)
    best = min(((distance(word, other, most), other) for other in known), default=(most + 1, ""))
    return best[1] if 0 < best[0] <= most else None


def nearest(text: str, unknown: int, labels: Iterable[str]) -> tuple[str, int] | None:
    """The label nearest to a piece that starts the text and covers its unknown beginning; and its length."""
    best: tuple[int, int, str, int] | None = None
    for label in labels:
        most = max(1, len(label) // 4)
        if len(label) < 2:
            continue
        for length in {len(label), len(label) - 1, len(label) + 1}:
            piece = text[:length]
            if length < unknown or len(piece) < length or length < 2:
                continue
            apart = distance(piece, label, most)
            if apart <= most and apart < len(label) - 1 + (len(label) == 2):
                candidate = (apart, abs(length - len(label)), label, length)
                best = min(best, candidate) if best else candidate
    return (best[2], best[3]) if best else None
