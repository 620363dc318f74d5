"""All measurements in one run, as a table: `python -m tests.bench`."""

import platform

from rich.console import Console
from rich.table import Table

from tests.bench import alone, decision, evidence, language, tree


def main() -> None:
    rows = [row for part in (language, decision, evidence, tree, alone) for row in part.measure()]
    by_name = {row.name: row for row in rows}
    table = Table(title=f"Python {platform.python_version()}, medians; ratios inside this run")
    for heading in ("measured", "in all, s", "each, µs", "of one", "ratio", "to"):
        table.add_column(heading, justify="left" if heading in ("measured", "of one", "to") else "right")
    for row in rows:
        against = by_name.get(row.against)
        ratio = f"{row.each / against.each:.2f}" if against else ""
        table.add_row(row.name, f"{row.seconds:.3f}", f"{row.each:.2f}", row.unit, ratio, row.against)
    Console(width=130).print(table)


main()
