"""The past as the fast engines read it agrees with the reference: truth and reasons, at any place, however it came."""

from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.rails.past import Past
from tests.rails.past_cases import Pastmaker, Pasts, answer

pasts = st.integers(0, 2**40).map(lambda seed: Pastmaker(seed).pasts())


def agree(past: Past, case: Pasts) -> None:
    for question in case.questions:
        row = past.row(question.record, question.leaf.party)
        truth, reasons = answer(case.world, question)
        place = (question.leaf, row, question.before, question.now)
        assert past.truth(*place) is truth, question
        assert past.reasons(*place) == reasons, question


@settings(max_examples=300)
@given(pasts)
def test_every_leaf_has_the_truth_and_the_reasons_of_the_reference_at_every_place(case: Pasts) -> None:
    agree(Past.of(case.world), case)
