"""Whatever a tree says, joining it ends in findings or in a contract that is read back: never in a stray error."""

from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.language import tree
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.lints import lint
from smartclause.language.load import load
from smartclause.language.names import Program
from smartclause.language.program import link
from smartclause.logic.identity import document_data, read_contract
from tests.language.sample import BASE
from tests.language.test_examples_checked import FOLDER

EVERYTHING = BASE + (
    "unit row.\nlaw L.\nconcept data_kinds.\n"
    "parameter period is 24 hours; at least 1 hour; at most 72 hours.\nparameter most is 5 row until 2026-05-01.\n"
    "parameter list limited to training, marketing.\n"
    "define last means latest consent with the same subject.\n"
    "define few means number of use with the same subject within 24 hours is at most 5 times.\n"
    "clause 1 scope\n  cites L art 1.\n  applies where purpose is not in marketing.\n"
    '  judgement fine by B "is it?".\n'
    "  B may use if all of\n    (a) last.given;\n    (b) last.meant covers this purpose;\n    (c) few;\n"
    "    (d) purpose is in list;\n    (e) fine;\n    (f) total of amount of use in the current month is at most 5.\n"
    "  B must not use if agreed and every consent with the same subject has (given) except if amount exceeds 5.\n"
    "clause 2 notice\n"
    "  When breach where (grave) occurs, B must notify A where (complete) within period from aware_at for the same "
    "incident except if not grave, waived by A, otherwise B must pay within 30 days for the same incident.\n"
    "  B must notify A at least once every 90 days.\n"
    "  B must ensure for each subject that some consent with the same subject within 6 months.\n"
    "clause 3 more\n  Despite clause 1, B may use if amount is below 5.\n"
    "  When clause 2(1) is violated, B must pay within 30 days for the same incident.\n"
    "  B bears 100% of the liability for clause 2.\n"
    "scenario one\n  at 2026-03-01T09:00 consent with subject = \"s1\", given = yes, meant = training.\n"
    "  3 times from 2026-03-01T10:00 every 1 hour B use with subject = \"s1\", purpose = training, not shown agreed.\n"
    "  B is silent since 2026-03-01T10:00.\n  then clause 1 is unknown because agreed.\n  then undecided.\n"
    "prove p never clause 1 is permitted and clause 3 is forbidden.\n"
)  # fmt: skip
VALUES = get_args(tree.Value)
CONDITIONS = get_args(tree.Condition)


@cache
def program(name: str) -> Program:
    found = load(EVERYTHING, name="sample") if name == "sample" else load(FOLDER / f"{name}.clause")
    assert not found.has_errors, [d.message for d in found.diagnostics]
    return Program(found.root, found.trees)


def nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, tree.Node):
        yield node
    parts = (getattr(node, f.name) for f in fields(node)) if isinstance(node, tree.Node) else ()
    for part in parts:
        for item in part if isinstance(part, tuple) else (part,):
            yield from nodes(item)


def exchanged(node: Any, old: Any, new: Any) -> Any:
    """The tree with one node, found by identity, in the place of another."""
    if node is old:
        return new
    if isinstance(node, tuple):
        return tuple(exchanged(item, old, new) for item in node)
    if not isinstance(node, tree.Node):
        return node
    return replace(
        node, **{f.name: exchanged(getattr(node, f.name), old, new) for f in fields(node) if f.name != "span"}
    )


def fits(node: Any, other: Any) -> bool:
    same = type(node) is type(other)
    literals = (tree.Quantity, tree.Money, tree.Text, tree.YesNo)  # these stand only where any value may stand
    values = isinstance(node, literals) and isinstance(other, VALUES)
    tests = type(node) in (tree.Compare, tree.Is, tree.IsIn, tree.Covers, tree.Some, tree.All)
    return same or values or (tests and isinstance(other, CONDITIONS))


def changed(file: tree.File, data: st.DataObject) -> tree.File:
    every = list(nodes(file))
    old = data.draw(st.sampled_from(every[1:]), label="old")
    choices = [other for other in every if fits(old, other)]
    return exchanged(file, old, data.draw(st.sampled_from(choices), label="new"))  # type: ignore[no-any-return]


def try_to_link(name: str, data: st.DataObject) -> None:
    given_program = program(name)
    file = given_program.files[given_program.root]
    for _ in range(data.draw(st.integers(1, 3))):
        file = changed(file, data)
    root = file.header.name.id
    found: list[Diagnostic] = []
    others = {key: each for key, each in given_program.files.items() if key != given_program.root}
    linked = link(Program(root, {**others, root: file}), found)
    if linked is not None:
        lint(linked, found)
        if not any(each.is_error for each in found):
            assert read_contract(document_data(linked.contract)) == linked.contract


@settings(max_examples=60)
@given(st.data())
def test_a_changed_file_ends_in_findings_or_in_a_contract(data: st.DataObject) -> None:
    try_to_link("sample", data)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the example files are not beside this checkout")
@pytest.mark.parametrize("name", ["voice_synthesis", "cn_export", "remedies", "voice_eu", "retention"])
@settings(max_examples=8)
@given(st.data())
def test_a_changed_example_ends_in_findings_or_in_a_contract(name: str, data: st.DataObject) -> None:
    try_to_link(name, data)
