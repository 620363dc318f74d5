"""Definitions: no circle, and no unknown name even where nothing uses them."""

from collections.abc import Iterator, Mapping

from smartclause.language import tree
from smartclause.language.cycles import circles, printed
from smartclause.language.names import Declared, Names, Sort
from smartclause.language.scenarios import parts
from smartclause.language.wording import Both
from smartclause.logic.contract import BUILT_IN, EventType


def check_definitions(files: Mapping[str, Names], types: Mapping[str, EventType]) -> None:
    known = {d.name: d for names in files.values() for d in names.own.values() if d.sort is Sort.DEFINITION}
    edges = {name: tuple(_used(files[d.module], d.node)) for name, d in known.items()}
    for circle in circles(edges):
        first = known[circle[0]]
        cycle = printed(tuple(name.rpartition(".")[2] for name in circle))
        things = Both("definitions", "定义")
        files[first.module].say.add("R06", _body(first).span, things=things, cycle=cycle)
    fields = frozenset(f.name for t in types.values() for f in t.fields)
    used = {name for names in files.values() for name in _uses(names)}
    for name, declared in known.items():
        if name not in used:
            _check(files[declared.module], _body(declared), fields)


def _body(declared: Declared) -> tree.Node:
    assert isinstance(declared.node, tree.Define)
    return declared.node.body


def _used(names: Names, node: tree.Node) -> Iterator[str]:
    """The definitions that a piece of the file names, in order."""
    for each in spelled(node.body if isinstance(node, tree.Define) else node):
        for meaning in names.meanings(each.id):
            if meaning.sort is Sort.DEFINITION:
                yield meaning.name


def _uses(names: Names) -> Iterator[str]:
    for item in names.program.files[names.module].items:
        yield from _used(names, item)


def spelled(node: object) -> Iterator[tree.Name]:
    """Every name inside; `timers.answer` counts as one name."""
    match node:
        case tree.Name():
            yield node
        case tree.FieldOf(record=tree.Name() as record):
            yield record
            yield tree.Name(f"{record.id}.{node.field.id}", span=node.span)
        case _:
            for part in parts(node):
                yield from spelled(part)


def _check(names: Names, body: tree.Node, fields: frozenset[str]) -> None:
    for name in spelled(body):
        if "." in name.id or name.id in fields or name.id in BUILT_IN or names.meanings(name.id):
            continue
        names.unknown(name, Both("fact or value", "事实或者值"), (*fields, *names.visible))
