"""Shares of the liability for a clause add up to the whole."""

from decimal import Decimal

from smartclause.language.names import Names
from smartclause.language.references import ClauseIndex
from smartclause.logic.contract import Clause, Share

_WHOLE = Decimal(100)


def check_shares(clauses: tuple[Clause, ...], names: Names, index: ClauseIndex) -> None:
    shares = [(clause, s) for clause in clauses for s in clause.sentences if isinstance(s, Share)]
    for target in dict.fromkeys(share.clause for _, share in shares):
        borne = [(clause, share) for clause, share in shares if share.clause == target]
        total = sum((share.percentage for _, share in borne), Decimal(0))
        if total != _WHOLE:
            clause, last = borne[-1]
            span = index.span(clause.id, last.number)
            number = target.partition(".")[2]
            names.say.add("T18", span, clause=number, total=format(total.normalize(), "f"))
