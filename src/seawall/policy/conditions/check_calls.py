"""Typing of function calls, and of `matches`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions.calls import aggregate_hint, choose, close_functions
from seawall.policy.conditions.check_choices import coalesce, nullif
from seawall.policy.conditions.check_comparisons import literal_text
from seawall.policy.conditions.check_moments import LOCAL, local
from seawall.policy.conditions.expr import Matches, Read
from seawall.policy.conditions.functions import FUNCTIONS
from seawall.policy.conditions.typed import TEXT, Typed, plain
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.conditions import syntax
    from seawall.policy.conditions.check import Checker


def function(checker: Checker, tree: syntax.Function) -> Typed | None:
    """A function by its name, or one of those that type their arguments in their own way."""
    match tree.name:
        case "matches":
            return _matches(checker, tree)
        case "coalesce" | "ifnull":
            return coalesce(checker, tree)
        case "nullif":
            return nullif(checker, tree)
        case name if name in LOCAL:
            return local(checker, tree)
        case _:
            pass
    args = [checker.typed(arg) for arg in tree.args]
    called = FUNCTIONS.get(tree.name)
    if called is None:
        at = tree.name_at
        checker.fault(
            at,
            "unknown-function",
            f"there is no function {tree.name}",
            aggregate_hint(tree.name) or close_functions(tree.name),
        )
        return None
    known = [arg for arg in args if arg is not None]
    if len(known) < len(args):
        return None
    return choose(called, known, tree, checker.faults)


def _matches(checker: Checker, tree: syntax.Function) -> Typed | None:
    if len(tree.args) != 2:
        checker.fault(
            tree.at,
            "bad-arguments",
            "matches takes a field and the name of a list",
            "matches(text, 'terms')",
        )
        return None
    part, name = (
        checker.value(tree.args[0], "matches of"),
        literal_text(checker, tree.args[1], "the name of a list"),
    )
    bank = None if name is None else checker.scope.banks.get(name)
    if name is not None and bank is None:
        hint = did_you_mean(name, checker.scope.banks) or "add it to lists/"
        checker.fault(tree.args[1].at, "unknown-list", f"there is no list {name!r}", hint)
    if part is None or bank is None:
        return None
    if not isinstance(part.expr, Read) or plain(part.type) != TEXT:
        checker.fault(part.at, "type-mismatch", "matches looks at a text field itself, not at an expression")
        return None
    return Typed(Matches(part.expr, bank.name, bank.version, bank), tree.at)
