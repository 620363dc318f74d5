"""Periods that are compared must convert: between hours and days a comparison would stay unknown for ever.

The units of a name are those of its values and of its bounds; where it has neither, nothing is known of them.
"""

from collections.abc import Iterator
from itertools import product

from smartclause.language.literals import shown_period
from smartclause.language.names import Names
from smartclause.language.views import View, World, field_of
from smartclause.language.vocabulary import bare
from smartclause.language.wording import Both
from smartclause.logic.contract import FieldType, ParameterValue
from smartclause.logic.counting import Duration, convertible
from smartclause.logic.terms import Const, Expression, Field, LatestField, Parameter, Value


def inconvertible(
    left: Expression, right: Expression, view: View, world: World, names: Names
) -> tuple[Both, Both] | None:
    """The first two periods of the two sides that do not convert, as a finding names them."""
    for one, other in product(_periods(left, view, world), _periods(right, view, world)):
        if not convertible(one.unit, other.unit):
            return _shown(one, left, names), _shown(other, right, names)
    return None


def _periods(side: Expression, view: View, world: World) -> list[Duration]:
    return [value for value in _known(side, view, world) if isinstance(value, Duration)]


def _known(side: Expression, view: View, world: World) -> Iterator[Value | None]:
    match side:
        case Const():
            yield side.value
        case Parameter():
            yield from _of_parameter(world.parameters.get(side.name))
        case Field():
            for kind in view.types:
                yield from _of_field(field_of(kind, side.name))
        case LatestField():
            latest = world.types.get(side.query.event)
            yield from _of_field(field_of(latest, side.name) if latest else None)
        case _:
            return


def _of_parameter(known: ParameterValue | None) -> Iterator[Value | None]:
    if known is not None:
        yield from (dated.value for dated in known.values)
        yield from (known.low, known.high)


def _of_field(known: FieldType | None) -> Iterator[Value | None]:
    if known is not None:
        yield from (known.low, known.high)


def _shown(period: Duration, side: Expression, names: Names) -> Both:
    """The period, and the name it stands for."""
    said = shown_period(period)
    if not isinstance(side, Parameter | Field | LatestField):
        return said
    name = bare(side.name)
    label = names.say.labels.get(name, name)
    return Both(f"{said.en} (`{label}`)", f"{said.zh}（“{label}”）")
