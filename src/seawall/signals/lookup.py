"""The value of a column of a table, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.decision import Reading
from seawall.signals.options import bank_of, column_of
from seawall.signals.values import read_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.ports import Input

ABSENT = Reading(null="absent")


class Lookup:
    """Finds a key as it is written, or a domain by itself and then by its nearest parent."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        bank = bank_of(spec, project.banks)
        column = column_of(spec, bank)
        self._domains = bank.match == "domain"
        rows = {self._key(key): row.get(column, "") for key, row in bank.table.items()}
        self._values = {
            key: Reading(read_as(spec.type.kind, text)) for key, text in rows.items() if text != ""
        }

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The table's value for each key; NULL `absent` where it has none."""
        return [self._find(self._key(str(each.value))) for each in inputs]

    def _key(self, text: str) -> str:
        return text.strip().rstrip(".").lower() if self._domains else text

    def _find(self, key: str) -> Reading:
        found = self._values.get(key)
        while found is None and self._domains and "." in key:
            key = key.partition(".")[2]
            found = self._values.get(key)
        return ABSENT if found is None else found
