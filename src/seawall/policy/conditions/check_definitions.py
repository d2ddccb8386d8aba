"""A name that stands for a sub-condition: read where it is defined, told where it is used."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from seawall.policy.conditions.expr import walk
from seawall.policy.conditions.fault import Fault, Refused, locate
from seawall.policy.conditions.parse import parse
from seawall.policy.conditions.typed import Typed

if TYPE_CHECKING:
    from seawall.policy.conditions import syntax
    from seawall.policy.conditions.checker import Checker
    from seawall.policy.model import Definition

MOST_PARTS = 2_000
"""Of one definition, once those that it uses are spelled out."""


def defined(checker: Checker, tree: syntax.Name, definition: Definition) -> Typed | None:
    """The sub-condition in the place of its name."""
    name = definition.name
    if name in checker.path:
        path = " reads ".join((*checker.path[checker.path.index(name) :], name))
        checker.fault(tree.at, "cycle", f"these definitions are made of each other: {path}", "write one out")
        return None
    known = checker.defined.get(name)
    if known is None:
        inner = checker.beneath(name)
        try:
            known = inner.boolean(parse(definition.when), f"the definition {name}")
        except Refused as refused:
            inner.faults.append(refused.fault)
        if (
            known is not None
            and not inner.faults
            and len(list(islice(walk(known.expr), MOST_PARTS + 1))) > MOST_PARTS
        ):
            message = f"{name} comes to more than {MOST_PARTS:,} parts once it is spelled out"
            inner.faults.append(Fault(0, 1, "too-long", message, "use a list, or a feature"))
        if known is None or inner.faults:
            _told(checker, tree, definition, inner.faults)
            return None
        checker.defined[name] = known
        checker.names.setdefault(known.expr, name)
    return Typed(known.expr, tree.at, named=True)


def _told(checker: Checker, tree: syntax.Name, definition: Definition, faults: list[Fault]) -> None:
    first = min(faults, key=lambda fault: fault.start)
    told = locate(first, definition.when, definition.when_span)
    code = "cycle" if first.code == "cycle" else "bad-definition"
    message = f"{definition.name} cannot stand here: {first.message}"
    checker.fault(tree.at, code, message, f"what is wrong stands at {told.span}")
