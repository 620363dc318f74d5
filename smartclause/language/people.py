"""Who a party is: one role in all files, and no name that would itself be a role (design 2.13)."""

from collections.abc import Iterator, Mapping

from smartclause.language import tree
from smartclause.language.bindings import Bindings
from smartclause.language.names import Names, Program, Sort


def check_people(program: Program, files: Mapping[str, Names], bindings: Bindings) -> None:
    """Facts are shown by a role or a party of that name, so the two never share one."""
    roles = {d.name for names in files.values() for d in names.own.values() if d.sort is Sort.ROLE}
    held: dict[str, tuple[str, str]] = {}
    for module in program.reach(program.root):
        for item, called in _parties(program.files[module], bindings.calls[module]):
            if item.name.id in roles:
                files[module].say.add("R39", item.name.span, name=item.name.id)
            if called == item.name.id:
                _one_role(item, module, files[module], held)


def _parties(file: tree.File, calls: Mapping[str, str]) -> Iterator[tuple[tree.Party, str]]:
    for item in file.items:
        if isinstance(item, tree.Party):
            yield item, calls.get(item.name.id, item.name.id)


def _one_role(item: tree.Party, module: str, names: Names, held: dict[str, tuple[str, str]]) -> None:
    """Whoever holds two roles could show in one of them what the other is to be checked for."""
    for role in item.roles:
        first, where = held.setdefault(item.name.id, (role.id, module))
        if first != role.id:
            names.say.add("R38", role.span, name=item.name.id, one=first, module=where, other=role.id)
