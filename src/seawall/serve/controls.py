"""What control records come to: who is paused, by which shares signals are bought, and under which number."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from seawall.decide.shares import Shares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.policy.model import Project
    from seawall.store import Control

SHARES = "shares"
"""The kind of control record that freezes how often parts of strategies are true."""


class InForce(msgspec.Struct, frozen=True):
    """Every control record up to one of them, taken together.

    Attributes:
        sequence: number of the last; None: there was none.
        paused: strategies that may not act.
        shares: what the engine goes by when it chooses what to buy.
    """

    sequence: int | None = None
    paused: frozenset[str] = frozenset()
    shares: Shares = Shares()

    def after(self, controls: Iterable[tuple[int, Control]]) -> InForce:
        """The same with some more, in the order of their numbers."""
        paused, shares, last = set(self.paused), self.shares, self.sequence
        for sequence, control in controls:
            if control.kind == "pause":
                paused.add(control.target)
            elif control.kind == "resume":
                paused.discard(control.target)
            elif control.kind == SHARES:
                shares = Shares(control.shares)
            last = sequence
        return InForce(last, frozenset(paused), shares)


def effective_version(project: Project, sequence: int | None) -> str:
    """The project's version together with the control records that were in force; the same where none was.

    Banks that are files are part of the project's version already.
    """
    if sequence is None:
        return project.version
    return hashlib.sha256(f"{project.version}\0{sequence}".encode()).hexdigest()
