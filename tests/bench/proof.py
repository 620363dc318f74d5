"""All checks of `prove` on contracts drawn by lot (`tests.bench.drawn`: generator, mix and seed), and `diff` of two
versions that differ in three figures.

At most 10 seconds for 200 clauses and 60 for 1,000, of the processor's own time in one thread; the comparison of 1,000
clauses at most 2.
"""

import re
from collections import Counter
from collections.abc import Iterator
from time import process_time

from smartclause.engines.prove.checks import checks
from smartclause.engines.prove.difference import difference
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.versions import versions
from smartclause.language.load import load
from tests.bench.drawn import contract, text
from tests.bench.timing import Timed

LIMITS = {200: 10.0, 1_000: 60.0}
COMPARED = {200: 2.0, 1_000: 2.0}
CHANGED = 3


def measure() -> Iterator[Timed]:
    for clauses, most in LIMITS.items():
        drawn = contract(clauses)
        start = process_time()
        results = list(checks(Prover(drawn)))
        spent = process_time() - start
        told = Counter("finding" if r.fault else "not proven" if r.open else "in order" for r in results)
        found = ", ".join(f"{n} {what}" for what, n in sorted(told.items()))
        note = f"{spent:.1f} s of at most {most:.0f}: {'kept' if spent <= most else 'NOT kept'}; {found}"
        yield Timed(f"all checks of {clauses} clauses drawn by lot", spent, len(results), "question", note=note)
    for clauses, most in COMPARED.items():
        yield _compared(clauses, most)


def _compared(clauses: int, most: float) -> Timed:
    old, new = contract(clauses), load(_next_version(text(clauses)), name=f"drawn {clauses}").contract
    if new is None:
        raise SystemExit("the next version of the drawn clauses has errors")
    start = process_time()
    found = difference(versions(old, new))
    spent = process_time() - start
    moved = sum(not c.shift.none for c in found.clauses)
    kept = "kept" if spent <= most else "NOT kept"
    note = f"{spent:.2f} s of at most {most:.0f}: {kept}; {moved} of {clauses} clauses moved, each with an act"
    return Timed(f"two versions of {clauses} clauses compared", spent, clauses, "clause", note=note)


def _next_version(text_: str) -> str:
    """The first figures are one higher."""
    return re.sub(r"(?<=exceeds )(\d+)000 pieces", lambda m: f"{m[1]}001 pieces", text_, count=CHANGED)
