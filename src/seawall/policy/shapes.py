"""What a value in a project file may look like: read it, explain it, and give its JSON Schema."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from seawall.core.diagnostic import Span
from seawall.policy.near import did_you_mean
from seawall.policy.yaml_nodes import Plain, YamlList, YamlMap, YamlNode, YamlScalar, name_of, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.policy.diagnostics import Diagnostics

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MICROS: Mapping[str, int] = {
    "us": 1,
    "ms": 1_000,
    **dict.fromkeys(("s", "second", "seconds"), 1_000_000),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60_000_000),
    **dict.fromkeys(("h", "hour", "hours"), 3_600_000_000),
    **dict.fromkeys(("d", "day", "days"), 86_400_000_000),
    **dict.fromkeys(("w", "week", "weeks"), 604_800_000_000),
}
"""Microseconds in each unit of time a project file may use."""

_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?) ?([a-z]+)")
_INT64 = 2**63


class At(msgspec.Struct, Generic[T], frozen=True):
    """A value and the place where it was written."""

    value: T
    span: Span


class Entry(msgspec.Struct, Generic[T], frozen=True):
    """One key of an open map, and what stands under it."""

    key: At[str]
    value: T


class Unfit(Enum):
    """What reading gives where a value does not fit; the reason has been reported."""

    UNFIT = "unfit"


UNFIT = Unfit.UNFIT


class Shape(Protocol[T_co]):
    """One form that a value may have."""

    @property
    def words(self) -> str:
        """What a reader calls it: `a duration`, `a list of markets`."""
        ...

    def read(self, node: YamlNode, found: Diagnostics) -> T_co | Unfit:
        """The value, or UNFIT once the reason has been reported."""
        ...

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""
        ...


def unfit(node: YamlNode, shape: Shape[object], found: Diagnostics, *, hint: str | None = None) -> Unfit:
    """Report that a value has the wrong form."""
    found.error("wrong-type", node.span, f"expected {shape.words}, found {name_of(node)}", hint=hint)
    return UNFIT


@dataclass(frozen=True)
class Text:
    """A text, of a certain pattern where one is given."""

    words: str = "a text"
    pattern: str | None = None
    hint: str | None = None

    def read(self, node: YamlNode, found: Diagnostics) -> At[str] | Unfit:
        """Numbers count as text, since `version: 3` is one; booleans and nothing do not."""
        if not isinstance(node, YamlScalar) or node.value is None or isinstance(node.value, bool):
            return unfit(node, self, found)
        text = node.text.strip()
        if not text:
            return unfit(node, self, found, hint="it is empty")
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            found.error("bad-value", node.span, f"{shorten(text)!r} is not {self.words}", hint=self.hint)
            return UNFIT
        return At(text, node.span)

    def schema(self) -> dict[str, Any]:
        """A string; numbers too where no pattern forbids them."""
        if self.pattern is None:
            return {"type": ["string", "number"]}
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True)
class Condition:
    """A condition's text, whose scalar is kept whole so that its characters can be found again."""

    words: str = "a condition"

    def read(self, node: YamlNode, found: Diagnostics) -> YamlScalar | Unfit:
        """The scalar itself."""
        if not isinstance(node, YamlScalar) or not isinstance(node.value, str | bool):
            return unfit(node, self, found)
        if not node.text.strip():
            return unfit(node, self, found, hint="it is empty")
        return node

    def schema(self) -> dict[str, Any]:
        """A string: editors cannot check more."""
        return {"type": ["string", "boolean"]}


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: str
    options: tuple[str, ...]

    def read(self, node: YamlNode, found: Diagnostics) -> At[str] | Unfit:
        """The word."""
        if not isinstance(node, YamlScalar) or node.value is None:
            return unfit(node, self, found, hint=f"one of {', '.join(self.options)}")
        if node.text not in self.options:
            hint = did_you_mean(node.text, self.options, what="one of")
            found.error("bad-value", node.span, f"{shorten(node.text)!r} is not {self.words}", hint=hint)
            return UNFIT
        return At(node.text, node.span)

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Boolean:
    """true or false."""

    words: str = "true or false"

    def read(self, node: YamlNode, found: Diagnostics) -> At[bool] | Unfit:
        """Only YAML 1.2's own words; `yes` and `on` are text."""
        if isinstance(node, YamlScalar) and isinstance(node.value, bool):
            return At(node.value, node.span)
        return unfit(node, self, found)

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Number:
    """A finite number above `above` (not equal), or from `least` on, and up to `most`."""

    words: str
    above: float = -math.inf
    most: float = math.inf
    least: float = -math.inf
    hint: str | None = None

    def read(self, node: YamlNode, found: Diagnostics) -> At[float] | Unfit:
        """As a double."""
        if not isinstance(node, YamlScalar) or isinstance(node.value, bool | str | None):
            return unfit(node, self, found)
        inside = self.above < node.value <= self.most and node.value >= self.least
        if not inside or abs(node.value) == math.inf:
            message = f"{shorten(node.text)} is not {self.words}"
            found.error("bad-value", node.span, message, hint=self.hint)
            return UNFIT
        return At(float(node.value), node.span)

    def schema(self) -> dict[str, Any]:
        """A number with its bounds."""
        bounds = {"exclusiveMinimum": self.above, "minimum": self.least, "maximum": self.most}
        return {"type": "number"} | {key: bound for key, bound in bounds.items() if math.isfinite(bound)}


@dataclass(frozen=True)
class Duration:
    """A length of time in microseconds, at least `least` and at most `most`."""

    words: str = "a duration"
    least: int = 1_000_000
    most: int = 36_500 * 86_400_000_000

    def read(self, node: YamlNode, found: Diagnostics) -> At[float] | Unfit:
        """Microseconds; a fraction of one only where `least` is below one."""
        match = _DURATION.fullmatch(node.text.strip()) if isinstance(node, YamlScalar) else None
        if match is None:
            return unfit(
                node, self, found, hint="a number and a unit: 40 us, 2 ms, 90s, 10 minutes, 24h, 7 days"
            )
        unit = MICROS.get(match[2])
        if unit is None:
            hint = did_you_mean(match[2], MICROS, what="units")
            found.error("bad-value", node.span, f"{match[2]!r} is no unit of time", hint=hint)
            return UNFIT
        micros = Decimal(match[1]) * unit
        if not self.least <= micros <= self.most:
            found.error("bad-value", node.span, f"{match[0]} is out of range for {self.words}")
            return UNFIT
        return At(float(micros), node.span)

    def schema(self) -> dict[str, Any]:
        """A string with its unit."""
        units = "|".join(sorted(MICROS, key=len, reverse=True))
        return {"type": "string", "pattern": rf"^\d+(\.\d+)? ?({units})$"}


@dataclass(frozen=True)
class Anything:
    """A plain value, or lists and maps of them, as JSON has them: what test events hold."""

    words: str = "a value"
    scalar: bool = False

    def read(self, node: YamlNode, found: Diagnostics) -> At[Any] | Unfit:
        """The value without its places."""
        if self.scalar and (not isinstance(node, YamlScalar) or node.value is None):
            return unfit(node, self, found)
        return At(_plain(node), node.span)

    def schema(self) -> dict[str, Any]:
        """Whatever JSON has."""
        return {"type": ["string", "number", "boolean"]} if self.scalar else {}


def _plain(node: YamlNode) -> Plain | list[Any] | dict[str, Any]:
    match node:
        case YamlScalar():
            return node.value
        case YamlList():
            return [_plain(item) for item in node.items]
        case YamlMap():
            return {key.text: _plain(value) for key, value in node.entries}


@dataclass(frozen=True)
class ListOf(Generic[T]):
    """Items in order; one item may stand alone."""

    item: Shape[T]
    words: str
    may_be_empty: bool = False
    key: Callable[[T], object] | None = None  # what makes two items the same; None: repeats are fine
    keep_fit: bool = False  # go on with the items that fit once the others are reported

    def read(self, node: YamlNode, found: Diagnostics) -> tuple[T, ...] | Unfit:
        """Every item, or UNFIT if one of them is."""
        if isinstance(node, YamlScalar) and node.value is None:
            return unfit(node, self, found, hint="[] is an empty list" if self.may_be_empty else None)
        nodes = node.items if isinstance(node, YamlList) else (node,)
        if not nodes and not self.may_be_empty:
            return unfit(node, self, found, hint="it is empty")
        items = [self.item.read(each, found) for each in nodes]
        self._report_repeats(nodes, items, found)
        fit = tuple(item for item in items if not isinstance(item, Unfit))
        return fit if len(fit) == len(items) or self.keep_fit else UNFIT

    def _report_repeats(
        self, nodes: tuple[YamlNode, ...], items: list[T | Unfit], found: Diagnostics
    ) -> None:
        seen: set[object] = set()
        for node, item in zip(nodes, items, strict=True):
            if self.key is None or isinstance(item, Unfit):
                continue
            identity = self.key(item)
            if identity in seen:
                found.error(
                    "duplicate-item", node.span, f"{identity} stands twice in this list", hint="keep one"
                )
            seen.add(identity)

    def schema(self) -> dict[str, Any]:
        """One item or an array of them."""
        item = self.item.schema()
        least = {} if self.may_be_empty else {"minItems": 1}
        return {"anyOf": [item, {"type": "array", "items": item, **least}]}


@dataclass(frozen=True)
class MapOf(Generic[T]):
    """Names of the writer's choosing, with a value under each."""

    key: Text
    value: Shape[T]
    words: str
    may_be_empty: bool = True
    keep_fit: bool = False  # go on with the entries that fit once the others are reported

    def read(self, node: YamlNode, found: Diagnostics) -> tuple[Entry[T], ...] | Unfit:
        """Every entry in the order written, or UNFIT if a key or value does not fit."""
        if not isinstance(node, YamlMap):
            return unfit(node, self, found)
        if not node.entries and not self.may_be_empty:
            return unfit(node, self, found, hint="it is empty")
        pairs = [(self.key.read(key, found), self.value.read(value, found)) for key, value in node.entries]
        entries = tuple(
            Entry(key, value)
            for key, value in pairs
            if not isinstance(key, Unfit) and not isinstance(value, Unfit)
        )
        return entries if len(entries) == len(pairs) or self.keep_fit else UNFIT

    def schema(self) -> dict[str, Any]:
        """An object whose property names have a pattern."""
        names = {"propertyNames": {"pattern": f"^(?:{self.key.pattern})$"}} if self.key.pattern else {}
        least = {} if self.may_be_empty else {"minProperties": 1}
        return {"type": "object", "additionalProperties": self.value.schema(), **names, **least}
