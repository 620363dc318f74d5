"""All checks of `prove` on contracts drawn by lot (`tests.bench.drawn`: generator, mix and seed).

At most 10 seconds for 200 clauses and 60 for 1,000, of the processor's own time in one thread.
"""

from collections import Counter
from collections.abc import Iterator
from time import process_time

from smartclause.engines.prove.checks import checks
from smartclause.engines.prove.prover import Prover
from tests.bench.drawn import contract
from tests.bench.timing import Timed

LIMITS = {200: 10.0, 1_000: 60.0}


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
