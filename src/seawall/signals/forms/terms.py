"""A list of terms in texts, however they are spelled: how many, which, how, and what the list says."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import Kind
from seawall.policy.near import did_you_mean
from seawall.signals.forms.scan import scan_of
from seawall.signals.options import choice_of, column_of, refusal, text_of
from seawall.signals.ports import SignalKind
from seawall.signals.values import read_as

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.core.types import Value
    from seawall.policy.model import Bank, Project, SignalSpec
    from seawall.signals.forms.scan import Found
    from seawall.signals.ports import Input

GIVES: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "matched": frozenset({Kind.BOOLEAN}),
        "count": frozenset({Kind.INTEGER}),
        "term": frozenset({Kind.STRING}),
        "manner": frozenset({Kind.STRING}),
        "column": frozenset({Kind.STRING, Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.HASH}),
    }
)
"""What the option `gives` may be, and the types that go with it."""

MATCHES = ("words", "anywhere")
_SHOWN = 10  # places, in evidence
_ABSENT = Reading(null="absent")


class Terms:
    """One answer about the terms of a list in each text; all such signals of a project share one pass."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        self._bank = _bank(spec, "list", project)
        self._allow = _bank(spec, "allow", project) if "allow" in spec.options else None
        self._gives = choice_of(spec, "gives", tuple(GIVES))
        if spec.type.kind not in GIVES[self._gives] or spec.type.is_list:
            wanted = " or ".join(sorted(GIVES[self._gives]))
            said = f"gives: {self._gives} has the type {wanted}"
            raise refusal(spec, "type-mismatch", said, f"say type: {wanted}")
        self._kind = spec.type.kind
        self._column = column_of(spec, self._bank) if self._gives == "column" else ""
        self._values = _cells(spec, self._bank, self._column) if self._column else {}
        self._languages = {
            term: row["language"] for term, row in self._bank.table.items() if row.get("language")
        }
        self._scan = scan_of(_banks(project))

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The answer for each text; NULL `absent` where there is no term to tell of."""
        found = self._scan.read([str(each.value) for each in inputs])
        return [self._reading(each, one.language) for each, one in zip(found, inputs, strict=True)]

    def _reading(self, found: Sequence[Found], language: str | None) -> Reading:
        held = self._held(found, language) if found else []
        value = self._value(held)
        evidence = tuple(f"characters {one.start} to {one.end}, {one.manner}" for one in held[:_SHOWN])
        if value is None:
            return _ABSENT
        return Reading(value, evidence=evidence)

    def _held(self, found: Sequence[Found], language: str | None) -> list[Found]:
        allowed = (
            [(one.start, one.end) for one in found if one.bank == self._allow.name] if self._allow else []
        )
        return [
            one
            for one in found
            if one.bank == self._bank.name
            and self._languages.get(one.term, language) == language
            and not any(start <= one.start and one.end <= end for start, end in allowed)
        ]

    def _value(self, held: Sequence[Found]) -> Value:
        match self._gives:
            case "matched":
                return bool(held)
            case "count":
                return len({one.term for one in held})
            case "term":
                return held[0].term if held else None
            case "manner":
                return held[0].manner if held else None
            case _:
                values = [value for one in held if (value := self._values.get(one.term)) is not None]
                if self._kind in (Kind.NUMBER, Kind.INTEGER) and values:
                    return max(values, key=_number)
                return values[0] if values else None


def _cells(spec: SignalSpec, bank: Bank, column: str) -> dict[str, Value]:
    cells: dict[str, Value] = {}
    for term, row in bank.table.items():
        try:
            cells |= {term: read_as(spec.type.kind, row[column])} if row.get(column) else {}
        except ValueError:
            said = f"in {bank.name!r} the {column} of {term!r} is {row[column]!r}, no {spec.type.kind}"
            raise refusal(spec, "bad-cell", said, "mend the cell, or say another type") from None
    return cells


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0.0


def _banks(project: Project) -> list[Bank]:
    names = {
        str(spec.options[option])
        for spec in project.signals.values()
        if spec.kind == VARIANTS.name
        for option in ("list", "allow")
        if option in spec.options
    }
    return [
        project.banks[name]
        for name in sorted(names)
        if name in project.banks and project.banks[name].match in MATCHES
    ]


def _bank(spec: SignalSpec, option: str, project: Project) -> Bank:
    name = text_of(spec, option)
    bank = project.banks.get(name)
    if bank is None:
        hint = did_you_mean(name, project.banks, what="lists")
        raise refusal(spec, "unknown-list", f"there is no list {name!r}", hint)
    if bank.match not in MATCHES:
        said = f"the list {name!r} holds no terms: it matches {bank.match}"
        raise refusal(spec, "not-terms", said, "begin the file with: # match: words")
    return bank


VARIANTS = SignalKind(
    "variants",
    frozenset({Kind.STRING}),
    None,
    {"list": True, "gives": True, "column": False, "allow": False},
    Terms,
)
"""The kind that reads terms however they are spelled."""
