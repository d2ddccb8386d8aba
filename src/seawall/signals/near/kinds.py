"""The kinds `near_text` and `near_meaning`: what came near a text before it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.core.types import FieldType, Kind
from seawall.signals.near.groups import Groups
from seawall.signals.near.meaning import Meanings
from seawall.signals.near.model import Limits, Neighbour
from seawall.signals.near.sketch_rensa import Sketches
from seawall.signals.options import bank_of, choice_of, column_of, count_of, refusal
from seawall.signals.ports import SignalKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.policy.model import Bank, Project, SignalSpec
    from seawall.signals.near.model import Embed, Index
    from seawall.signals.ports import Input

HOURS = 24
TEXTS = 50_000
LEAST_LETTERS = 20
PERCENT = 70
"""Of similarity, from which texts belong together; see `Sketches` for what it means."""

_HOUR_US = 3_600_000_000
_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "similarity": FieldType(Kind.NUMBER),
        "size": FieldType(Kind.INTEGER),
        "group": FieldType(Kind.HASH),
        "first_seen": FieldType(Kind.TIMESTAMP),
        "known": FieldType(Kind.STRING),
    }
)
_OPTIONS = ("hours", "texts", "percent", "least_letters")
_SHORT = Reading(null="too_short")
_ABSENT = Reading(null="absent")
_WARMING = Reading(null="warming")


class NearMemory:
    """What is remembered for all signals that look at the same texts in the same way."""

    def __init__(self, spec: SignalSpec, index: Index, limits: Limits) -> None:
        self.on = frozenset(spec.on)
        self.input = spec.input
        self.reach_us = limits.window_us
        self._groups = Groups(index, limits)
        self._known_from: int | None = None

    def begin(self, time: int, *, complete: bool) -> None:
        """Nothing was seen before a time; whether there was nothing, or nobody looked."""
        if self._known_from is None:
            self._known_from = time - (self.reach_us if complete else 0)

    def observe(self, inputs: Sequence[Input]) -> list[Neighbour | Reading]:
        """What is told of each text in its turn, or why nothing is."""
        self.begin(inputs[0].ts, complete=False)
        found = self._groups.observe(*_texts(inputs))
        return [self._judged(one, each) for one, each in zip(found, inputs, strict=True)]

    def look(self, inputs: Sequence[Input]) -> list[Neighbour | Reading]:
        """The same without remembering."""
        found = self._groups.look(*_texts(inputs))
        return [self._judged(one, each) for one, each in zip(found, inputs, strict=True)]

    def _judged(self, found: Neighbour | None, each: Input) -> Neighbour | Reading:
        if found is None:
            return _SHORT
        if found.size <= 1 and (self._known_from is None or each.ts - self._known_from < self.reach_us):
            return _WARMING  # nothing is known of what nobody saw
        return found


class Near:
    """One answer about what came near each text."""

    def __init__(self, spec: SignalSpec, project: Project, embed: Embed | None = None) -> None:
        self._gives = choice_of(spec, "gives", tuple(_TYPES))
        wanted = _TYPES[self._gives]
        if (spec.type.kind, spec.type.is_list) != (wanted.kind, wanted.is_list):
            said = f"gives: {self._gives} has the type {wanted}"
            raise refusal(spec, "type-mismatch", said, f"say type: {wanted}")
        percent = count_of(spec, "percent", PERCENT)
        if percent > 100:
            raise refusal(spec, "unknown-option", f"percent is {percent}", "a whole number from 1 to 100")
        limits = Limits(
            count_of(spec, "hours", HOURS) * _HOUR_US, count_of(spec, "texts", TEXTS), percent / 100
        )
        least = count_of(spec, "least_letters", LEAST_LETTERS)
        self._known = (
            _Known(spec, bank_of(spec, project.banks), limits, least, embed)
            if self._gives == "known"
            else None
        )
        self._make = lambda: NearMemory(spec, _index(limits.texts, least, embed), limits)
        self._memory: NearMemory | None = None
        told = ",".join(f"{name}={spec.options.get(name)}" for name in _OPTIONS)
        self.memory_key = (
            None if self._known else f"{spec.kind} {spec.version} {sorted(spec.on)} {spec.input} {told}"
        )

    def memory(self) -> NearMemory:
        """A new memory."""
        return self._make()

    def share(self, memory: object) -> None:
        """Remember where another one does."""
        assert isinstance(memory, NearMemory)
        self._memory = memory

    def told(self, found: object) -> Reading:
        """The answer, of what the memory says."""
        if isinstance(found, Reading):
            return found
        assert isinstance(found, Neighbour)
        value = getattr(found, self._gives)
        evidence = (f"group {found.group}, {found.size} in the window, similarity {found.similarity:.2f}",)
        return Reading(value, evidence=evidence)

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The answer for texts that are not part of the stream: sweeps, or what is asked later."""
        if self._known is not None:
            return self._known.read(inputs)
        if self._memory is None:
            return [_WARMING] * len(inputs)
        return [self.told(one) for one in self._memory.look(inputs)]


class _Known:
    """Texts of a list, such as those of campaigns: which one a text is near to."""

    def __init__(self, spec: SignalSpec, bank: Bank, limits: Limits, least: int, embed: Embed | None) -> None:
        column = column_of(spec, bank)
        self._nearness = limits.nearness
        self._index = _index(max(1, len(bank.entries)), least, embed)
        self._values = [bank.table[entry][column] for entry in bank.entries]
        for place, sketch in enumerate(self._index.prepare(bank.entries)):
            if sketch is not None:
                self._index.put(place, sketch)

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        texts, _ = _texts(inputs)
        return [_SHORT if sketch is None else self._of(sketch) for sketch in self._index.prepare(texts)]

    def _of(self, sketch: object) -> Reading:
        found = self._index.nearest(sketch)
        if found is None or found[1] < self._nearness:
            return _ABSENT
        return Reading(self._values[found[0]], evidence=(f"similarity {found[1]:.2f}",))


def _index(texts: int, least: int, embed: Embed | None) -> Index:
    return Sketches(texts, least=least) if embed is None else Meanings(texts, embed, least=least)


def _texts(inputs: Sequence[Input]) -> tuple[list[str], list[int]]:
    return [str(each.value) for each in inputs], [each.ts for each in inputs]


_ALL = {"gives": True, "list": False, "column": False, **dict.fromkeys(_OPTIONS, False)}

NEAR_TEXT = SignalKind("near_text", frozenset({Kind.STRING}), None, _ALL, Near, remembers=True)
"""The kind about near copies."""


def near_meaning(embed: Embed) -> SignalKind:
    """The kind about texts of near meaning.

    Args:
        embed: the encoder. Cosines of encoders differ, so `percent` belongs to the encoder.
    """

    def build(spec: SignalSpec, project: Project) -> Near:
        return Near(spec, project, embed)

    return SignalKind("near_meaning", frozenset({Kind.STRING}), None, _ALL, build, remembers=True)
