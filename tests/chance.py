"""What a test picks by chance: of one commit the same in every run.

`SMARTCLAUSE_SEED` is the number that all of it starts from, 1 where it is not set. `SMARTCLAUSE_DEEP=1` and
`HYPOTHESIS_PROFILE=nightly` draw a new one, which the head of the run shows: set it to see the same again.
"""

import os
from random import Random, SystemRandom

SEED = "SMARTCLAUSE_SEED"
DEEP = bool(os.environ.get("SMARTCLAUSE_DEEP")) or os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def settle() -> str:
    """The seed of this run; processes that it starts find it in their environment."""
    return os.environ.setdefault(SEED, str(SystemRandom().randrange(2**32) if DEEP else 1))


def chance(*what: object) -> Random:
    """A source of its own for each thing that is picked, so that one test moves no other."""
    return Random("/".join(map(str, (settle(), *what))))
