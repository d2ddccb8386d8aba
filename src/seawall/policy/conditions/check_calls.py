"""Typing of function calls, and of `matches`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions.calls import aggregate_hint, choose, close_functions
from seawall.policy.conditions.check_choices import coalesce, nullif
from seawall.policy.conditions.check_comparisons import literal_text
from seawall.policy.conditions.check_moments import LOCAL, local
from seawall.policy.conditions.expr import Constant, Matches, Read
from seawall.policy.conditions.functions import FUNCTIONS
from seawall.policy.conditions.typed import BOOLEAN, INTEGER, TEXT, Typed, plain
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.conditions import syntax
    from seawall.policy.conditions.checker import Checker


_USAGE = {
    "matches": ("matches takes a field and the name of a list", "matches(text, 'terms')"),
    "match_count": ("match_count takes a field and the name of a list", "match_count(text, 'terms')"),
    "near": ("near takes a field, the name of a list and a distance", "near(image_hash, 'known', 8)"),
}


def function(checker: Checker, tree: syntax.Function) -> Typed | None:
    """A function by its name, or one of those that type their arguments in their own way."""
    match tree.name:
        case "matches" | "match_count" | "near":
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
    """A field that is looked at, and the name of a list."""
    how = tree.name
    if len(tree.args) != (3 if how == "near" else 2):
        checker.fault(tree.at, "bad-arguments", *_USAGE[how])
        return None
    part, name = (
        checker.value(tree.args[0], f"{how} of"),
        literal_text(checker, tree.args[1], "the name of a list"),
    )
    distance = _distance(checker, tree.args[2]) if how == "near" else 0
    bank = None if name is None else checker.scope.banks.get(name)
    if name is not None and bank is None:
        hint = did_you_mean(name, checker.scope.banks) or "add it to lists/"
        checker.fault(tree.args[1].at, "unknown-list", f"there is no list {name!r}", hint)
    if part is None or bank is None or distance is None:
        return None
    if not isinstance(part.expr, Read) or plain(part.type) != TEXT:
        checker.fault(part.at, "type-mismatch", f"{how} looks at a text field itself, not at an expression")
        return None
    if how == "near" and (bank.match != "hash" or bank.columns):
        message = f"near looks for hashes, but {name!r} is a list with match: {bank.match}"
        checker.fault(tree.args[1].at, "type-mismatch", message, "write '# match: hash' at its top")
        return None
    type_ = INTEGER if how == "match_count" else BOOLEAN
    return Typed(Matches(part.expr, bank.name, bank.version, bank, type_, how, distance), tree.at)  # type: ignore[arg-type]  one of the three


def _distance(checker: Checker, tree: syntax.Syntax) -> int | None:
    part = checker.value(tree, "the distance")
    if part is None:
        return None
    if (
        not isinstance(part.expr, Constant)
        or plain(part.type) != INTEGER
        or part.expr.value not in range(257)
    ):
        message = "a distance is a whole number of bits from 0 to 256"
        checker.fault(part.at, "bad-arguments", message, "near(image_hash, 'known', 8)")
        return None
    return part.expr.value  # type: ignore[return-value]
