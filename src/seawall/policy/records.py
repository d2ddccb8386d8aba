"""Maps with known keys: the declaration of a file kind is a struct whose fields carry shapes and words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_args, get_origin

import msgspec

from seawall.core.diagnostic import Span
from seawall.policy.near import did_you_mean
from seawall.policy.shapes import UNFIT, Shape, Unfit, unfit
from seawall.policy.words import lowered
from seawall.policy.yaml_nodes import YamlMap, YamlNode, YamlScalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.policy.diagnostics import Diagnostics

R = TypeVar("R", bound="Lines")


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """What every declared map has: the place where it starts, and the places of its keys."""

    span: Span
    keys: dict[str, Span] = {}

    def key(self, name: str) -> Span:
        """Where a key stands, or where the map starts if it has none of that name."""
        return self.keys.get(name, self.span)


@dataclass(frozen=True)
class Key:
    """The shape of what stands under a key, and what the reference says about it.

    `instead` stands in for a required key that is missing or unfit, once that is reported, so that the rest
    of the map can be checked in the same run.
    """

    shape: Shape[Any]
    about: str
    instead: Callable[[Span], Any] | None = None


@dataclass(frozen=True)
class Field:
    """One declared key."""

    name: str  # as written
    attribute: str  # as in the struct
    shape: Shape[Any]
    about: str
    required: bool
    instead: Callable[[Span], Any] | None


@lru_cache(maxsize=128)
def fields_of(struct: type[Lines]) -> tuple[Field, ...]:
    """The declared keys of a struct, in order."""
    return tuple(
        Field(field.encode_name, field.name, key.shape, key.about, field.required, key.instead)
        for field in msgspec.structs.fields(struct)
        for key in _keys(field.type)
    )


def _keys(annotation: Any) -> tuple[Key, ...]:
    if get_origin(annotation) is not Annotated:
        return ()
    return tuple(extra for extra in get_args(annotation)[1:] if isinstance(extra, Key))


@dataclass(frozen=True)
class Record(Generic[R]):
    """A map that has these keys and no others."""

    struct: type[R]
    words: str

    def read(self, node: YamlNode, found: Diagnostics) -> R | Unfit:
        """The struct, or UNFIT if it lacks a key it cannot be read without; whatever is wrong is reported."""
        if not isinstance(node, YamlMap):
            return unfit(node, self, found, hint=f"keys: {', '.join(field.name for field in self._fields)}")
        written = dict[str, tuple[YamlScalar, YamlNode]]()
        for key, value in node.entries:
            written.setdefault(key.text, (key, value))
        self._report_unknown(written, found)
        values: dict[str, Any] = {}
        for field in self._fields:
            value = self._value(field, written, node, found)
            if not isinstance(value, Unfit):
                values[field.attribute] = value
            elif field.instead is not None:
                values[field.attribute] = field.instead(node.span)
        if any(field.required and field.attribute not in values for field in self._fields):
            return UNFIT
        return self.struct(
            **values, span=node.span, keys={name: key.span for name, (key, _) in written.items()}
        )

    @property
    def _fields(self) -> tuple[Field, ...]:
        return fields_of(self.struct)

    def _value(
        self, field: Field, written: dict[str, tuple[YamlScalar, YamlNode]], node: YamlMap, found: Diagnostics
    ) -> Any:
        if field.name not in written:
            if field.required:
                hint = f"add {field.name}: {lowered(field.about)}"
                found.error("missing-field", node.span, f"{self.words} needs {field.name!r}", hint=hint)
            return UNFIT
        key, value = written[field.name]
        if isinstance(value, YamlScalar) and value.value is None and not value.style:
            hint = f"it takes {field.shape.words}" + ("" if field.required else "; or leave the key out")
            found.error("missing-value", key.span, f"{field.name!r} has no value", hint=hint)
            return UNFIT
        return field.shape.read(value, found)

    def _report_unknown(self, written: dict[str, tuple[YamlScalar, YamlNode]], found: Diagnostics) -> None:
        known = {field.name for field in self._fields}
        for name, (key, _) in written.items():
            if name not in known:
                hint = did_you_mean(name, known - written.keys(), what="keys it may have")
                found.error("unknown-field", key.span, f"{self.words} has no key {name!r}", hint=hint)

    def schema(self) -> dict[str, Any]:
        """An object that refuses other properties."""
        properties = {
            field.name: {"description": field.about, **field.shape.schema()} for field in self._fields
        }
        required = [field.name for field in self._fields if field.required]
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            **({"required": required} if required else {}),
        }
