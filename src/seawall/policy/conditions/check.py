"""Syntax to typed expressions: names are looked up, types agree, and every fault is collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seawall.core.types import Kind
from seawall.policy.conditions import (
    check_calls,
    check_choices,
    check_comparisons,
    check_moments,
    check_values,
    syntax,
)
from seawall.policy.conditions.expr import And, Expr, Or
from seawall.policy.conditions.fault import Fault
from seawall.policy.conditions.typed import BOOLEAN, Typed, as_null_of, named, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.policy.conditions.model import Scope
    from seawall.policy.conditions.syntax import Place, Syntax


def check(tree: Syntax, scope: Scope, path: tuple[str, ...] = ()) -> tuple[Expr | None, Checker]:
    """Type a condition. The expression is None if there is any fault.

    Args:
        tree: as it was written.
        scope: what it may name.
        path: the definition whose condition it is, if it is one's.
    """
    checker = Checker(scope, path=path)
    found = checker.boolean(tree, "a condition")
    return (found.expr if found and not checker.faults else None), checker


@dataclass
class Checker:
    """What one condition is typed against, and the faults found so far.

    `path` are the definitions that are being read, the outermost first; `defined` those that have been.
    """

    scope: Scope
    faults: list[Fault] = field(default_factory=list[Fault])
    path: tuple[str, ...] = ()
    defined: dict[str, Typed] = field(default_factory=dict[str, Typed])
    names: dict[Expr, str] = field(default_factory=dict[Expr, str])

    def beneath(self, definition: str) -> Checker:
        """One for the condition of a definition that is used here."""
        path = (*self.path, definition)
        return Checker(self.scope, path=path, defined=self.defined, names=self.names)

    def fault(self, at: Place, code: str, message: str, hint: str | None = None) -> None:
        """Note a fault and go on."""
        self.faults.append(Fault(at.start, at.end, code, message, hint))

    def typed(self, tree: Syntax) -> Typed | None:
        """Any part, or None after noting why it has no type."""
        return _TYPED_BY[type(tree)](self, tree)

    def boolean(self, tree: Syntax, what: str) -> Typed | None:
        """A part that is true or false."""
        found = self.typed(tree)
        if found is None:
            return None
        found = as_null_of(found, BOOLEAN)
        if plain(found.type) == BOOLEAN:
            return found
        hint = "compare it with something, or write IS NOT NULL"
        self.fault(
            found.at, "type-mismatch", f"{what} must be true or false, but this is {named(found)}", hint
        )
        return None

    def value(self, tree: Syntax, what: str) -> Typed | None:
        """Anything but a bare NULL and a media pointer."""
        found = self.typed(tree)
        if found is None:
            return None
        if found.bare_null:
            self.fault(
                found.at, "null-literal", f"{what} NULL is always NULL", "write IS NULL or IS NOT NULL"
            )
            return None
        if found.kind is Kind.MEDIA:
            message = "a media field can only be asked whether it IS NULL"
            self.fault(found.at, "type-mismatch", message, "use a signal on it")
            return None
        return found


def connective(checker: Checker, tree: syntax.Connective) -> Typed | None:
    """AND or OR over parts that are true or false; a chain of one of them is one node."""
    word = tree.operator.upper()
    parts = [checker.boolean(part, f"each side of {word}") for part in tree.parts]
    known = [part.expr for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    node = And if tree.operator == "and" else Or
    flat = [
        inner
        for part in parts
        if part is not None
        for inner in (part.expr.parts if isinstance(part.expr, node) and not part.named else (part.expr,))
    ]
    return Typed(node(tuple(flat)), tree.at)


_TYPED_BY: Mapping[type[Syntax], Callable[[Checker, Any], Typed | None]] = {
    syntax.Name: check_values.name,
    syntax.Number: check_values.number_literal,
    syntax.Text: check_values.text_literal,
    syntax.Word: check_values.word,
    syntax.Moment: check_values.moment,
    syntax.Interval: check_moments.interval,
    syntax.Listed: check_moments.listed,
    syntax.Unary: check_values.unary,
    syntax.Binary: check_values.binary,
    syntax.Cast: check_values.cast,
    syntax.Index: check_values.index,
    syntax.Connective: connective,
    syntax.Is: check_comparisons.truth_test,
    syntax.In: check_comparisons.member,
    syntax.Between: check_comparisons.between,
    syntax.Like: check_comparisons.like,
    syntax.Choice: check_choices.choice,
    syntax.Function: check_calls.function,
}
