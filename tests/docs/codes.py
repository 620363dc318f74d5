"""The index of all codes, from the headings of their pages: `python -m tests.docs.codes` writes it."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "reference" / "codes"
INDEX = FOLDER / "README.md"
SECTIONS = {
    "L": "Words, signs and figures",
    "P": "Sentences and files",
    "R": "Names, references and imports",
    "T": "Types, units and keys",
    "V": "Faults of drafting",
}
OPENING = """\
# Errors and remarks

What `smartclause check` can say about a clause file. Each code has a page with an example that gives it, what the
author reads, and the sentence in both languages; `…` stands for words of the file. Errors in signed records have
codes of their own: [errors of evidence](../evidence-errors.md), [errors of verbs](../verb-errors.md).
"""


def pages() -> list[Path]:
    return sorted(p for p in FOLDER.glob("*.md") if p.stem[1:].isdigit())


def row(page: Path) -> str:
    title = page.read_text("utf-8").partition("\n")[0].removeprefix("# ").partition(": ")[2]
    return f"| [{page.stem}]({page.name}) | {title.replace('|', chr(92) + '|')} |\n"


def index() -> str:
    parts = [OPENING]
    for letter, title in SECTIONS.items():
        rows = "".join(row(p) for p in pages() if p.stem[0] == letter)
        parts.append(f"## {letter}: {title}\n\n| code | what is wrong |\n|---|---|\n{rows}")
    return "\n".join(parts)


if __name__ == "__main__":
    INDEX.write_text(index(), "utf-8")
