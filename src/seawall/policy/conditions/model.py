"""What a condition is written against, and what compiling it gives."""

from __future__ import annotations

from typing import Literal

import msgspec

from seawall.core.diagnostic import Diagnostic, Span
from seawall.core.truth import Truth
from seawall.core.types import FieldType
from seawall.policy.conditions.expr import Expr
from seawall.policy.model import Bank, Definition

Source = Literal["envelope", "field", "feature", "signal"]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A name that a condition may read.

    Attributes:
        name: as it is written in conditions.
        type: what it holds; `nullable` if it may be NULL.
        source: where its value comes from; only a signal can be not bought.
        cost_us: microseconds that one value costs, 0 for what the event carries.
        languages: of a text signal, those it is calibrated for; empty means all.
    """

    name: str
    type: FieldType
    source: Source = "field"
    cost_us: float = 0.0
    languages: tuple[str, ...] = ()


class Scope(msgspec.Struct, frozen=True):
    """Everything a condition on one event type may name."""

    columns: dict[str, Column]
    banks: dict[str, Bank] = {}
    market_tz: dict[str, str] = {}
    definitions: dict[str, Definition] = {}


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that parses, types and is exact on every back end.

    Attributes:
        text: as it was written.
        expr: its compiled form.
        at: where its first character stands.
        reads: names of the columns it reads, sorted.
        signals: those of them that are signals, sorted.
        names: parts that have one, from a definition or as an exception.
        definitions: names of the definitions that it is made of, sorted.
        warnings: what a reader of `seawall check` should know.
        always: TRUE if it can be nothing else, FALSE if it can never be TRUE (but FALSE or NULL), else None.
    """

    text: str
    expr: Expr
    at: Span
    reads: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    names: tuple[tuple[Expr, str], ...] = ()
    definitions: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    always: Truth | None = None
