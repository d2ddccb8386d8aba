"""What the typing of one condition shares: what may be named, what was found wrong, and how to go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seawall.core.types import Kind
from seawall.policy.conditions.expr import Expr
from seawall.policy.conditions.fault import Fault
from seawall.policy.conditions.typed import BOOLEAN, Typed, as_null_of, named, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.policy.conditions.model import Scope
    from seawall.policy.conditions.syntax import Place, Syntax


@dataclass
class Checker:
    """What one condition is typed against, and the faults found so far.

    `by` types each kind of syntax; `path` are the definitions that are being read, the outermost first;
    `defined` those that have been.
    """

    scope: Scope
    by: Mapping[type[Syntax], Callable[[Checker, Any], Typed | None]]
    faults: list[Fault] = field(default_factory=list[Fault])
    path: tuple[str, ...] = ()
    defined: dict[str, Typed] = field(default_factory=dict[str, Typed])
    names: dict[Expr, str] = field(default_factory=dict[Expr, str])

    def beneath(self, definition: str) -> Checker:
        """One for the condition of a definition that is used here."""
        path = (*self.path, definition)
        return Checker(self.scope, self.by, path=path, defined=self.defined, names=self.names)

    def fault(self, at: Place, code: str, message: str, hint: str | None = None) -> None:
        """Note a fault and go on."""
        self.faults.append(Fault(at.start, at.end, code, message, hint))

    def typed(self, tree: Syntax) -> Typed | None:
        """Any part, or None after noting why it has no type."""
        return self.by[type(tree)](self, tree)

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
