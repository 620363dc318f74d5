from smartclause.language.names import Names
from smartclause.language.program import Linked


def lint_prose(linked: Linked, names: Names) -> None:
    pass
