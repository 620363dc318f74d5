"""The policy of `policies/use.clause` as users of other engines write it: compiled once, asked event by event.

They come with the extra `bench`; one that is not installed is left out with the reason.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.bench.timing import Skipped
from tests.bench.uses import HARMLESS, LICENSED, MOST, SENSITIVE, TRAINING, Facts


@dataclass(frozen=True)
class Peer:
    """`few`: slow enough that a tenth of the events is plenty."""

    name: str
    may: Callable[[Facts], bool]
    few: bool = False


def _texts(values: frozenset[str]) -> str:
    return json.dumps(sorted(values))


CEDAR_PERMIT = f"""
permit (principal, action == Action::"use", resource) when {{
  {_texts(TRAINING)}.contains(context.purpose) &&
  (context.consent || context.anonymised) &&
  {_texts(LICENSED)}.contains(context.licence) &&
  !context.opted_out &&
  ({_texts(HARMLESS)}.contains(context.data_kind) || context.encrypted) &&
  (!context.abroad || context.cleared) &&
  context.volume <= {MOST}
}};
"""
CEDAR_FORBID = f"""
permit (principal, action == Action::"use", resource);
forbid (principal, action, resource) unless {{ {_texts(TRAINING)}.contains(context.purpose) }};
forbid (principal, action, resource) unless {{ context.consent || context.anonymised }};
forbid (principal, action, resource) unless {{ {_texts(LICENSED)}.contains(context.licence) }};
forbid (principal, action, resource) when {{ context.opted_out }};
forbid (principal, action, resource) when {{
  {_texts(SENSITIVE)}.contains(context.data_kind) && !context.encrypted
}};
forbid (principal, action, resource) when {{ context.abroad }} unless {{ context.cleared }};
forbid (principal, action, resource) unless {{ context.volume <= {MOST} }};
"""
CEL = f"""
facts.purpose in {_texts(TRAINING)} && (facts.consent || facts.anonymised) && facts.licence in {_texts(LICENSED)}
&& !facts.opted_out && !(facts.data_kind in {_texts(SENSITIVE)} && !facts.encrypted)
&& !(facts.abroad && !facts.cleared) && facts.volume <= {MOST}
""".strip().replace("\n", " ")
ZEN = f"""
purpose in {_texts(TRAINING)} and (consent or anonymised) and licence in {_texts(LICENSED)}
and not opted_out and not (data_kind in {_texts(SENSITIVE)} and not encrypted)
and not (abroad and not cleared) and volume <= {MOST}
""".strip().replace("\n", " ")
REGO = f"""
package policy

default allow := false

allow if {{
  input.purpose in {_texts(TRAINING)}
  agreed
  input.licence in {_texts(LICENSED)}
  not input.opted_out
  not exposed
  not sent_abroad
  input.volume <= {MOST}
}}
agreed if input.consent
agreed if input.anonymised
exposed if {{
  input.data_kind in {_texts(SENSITIVE)}
  not input.encrypted
}}
sent_abroad if {{
  input.abroad
  not input.cleared
}}
"""


def peers() -> Iterator[Peer | Skipped]:
    makers: tuple[tuple[str, str, Callable[[str], Peer]], ...] = (
        ("cedarpy", "permit when", partial(_cedar, CEDAR_PERMIT)),
        ("cedarpy", "forbid guards", partial(_cedar, CEDAR_FORBID)),
        ("zen-engine", "expression", _zen),
        ("common-expression-language", "CEL in Rust", _cel),
        ("cel-python", "CEL in Python", _cel_python),
        ("regopy", "Rego", _rego),
    )
    for package, style, make in makers:
        name = f"{package}, {style}"
        try:
            version(package)
        except PackageNotFoundError:
            yield Skipped(name, f"{package} is not installed: pip install 'smartclause[bench]'")
        else:
            yield make(name)


def _cedar(policy: str, name: str) -> Peer:
    cedarpy: Any = import_module("cedarpy")
    policies = cedarpy.PolicySet.from_str(policy)
    entities = cedarpy.Entities.from_json_str("[]")
    asked = {"principal": 'User::"B"', "action": 'Action::"use"', "resource": 'Data::"d"'}

    def may(facts: Facts) -> bool:
        return bool(cedarpy.is_authorized({**asked, "context": facts}, policies, entities).allowed)

    return Peer(name, may)


def _zen(name: str) -> Peer:
    expression: Any = import_module("zen").compile_expression(ZEN)
    return Peer(name, lambda facts: expression.evaluate(facts) is True)


def _cel(name: str) -> Peer:
    program: Any = import_module("cel").compile(CEL)
    return Peer(name, lambda facts: program.execute({"facts": facts}) is True)


def _cel_python(name: str) -> Peer:
    celpy: Any = import_module("celpy")
    environment = celpy.Environment()
    program = environment.program(environment.compile(CEL))
    return Peer(name, lambda facts: bool(program.evaluate({"facts": celpy.json_to_cel(facts)})), few=True)


def _rego(name: str) -> Peer:
    regopy: Any = import_module("regopy")
    built = regopy.Interpreter()
    built.add_module("policy.rego", REGO)
    bundle = built.build("allowed = data.policy.allow", ["policy/allow"])
    asked = regopy.Interpreter()

    def may(facts: Facts) -> bool:
        asked.set_input(facts)
        found = asked.query_bundle(bundle)
        return found.binding("allowed").value is True

    return Peer(name, may)


@dataclass(frozen=True)
class Missing:
    """Of permitted events with one deciding fact left out: how many are still allowed, how many end in an error."""

    cases: int
    allowed: int
    errors: int

    @property
    def note(self) -> str:
        errors = f", {self.errors:,} errors" if self.errors else ""
        return f"one fact missing: {self.allowed:,} of {self.cases:,} still allowed{errors}"


def missing(may: Callable[[Facts], bool], cases: list[Facts]) -> Missing:
    allowed = errors = 0
    for facts in cases:
        try:
            allowed += may(facts)
        except Exception:  # each engine has its own kinds
            errors += 1
    return Missing(len(cases), allowed, errors)
