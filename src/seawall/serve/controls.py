"""What control records come to: who may not act, by which shares signals are bought, under which number."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from seawall.decide.shares import Shares
from seawall.store.held import Held

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.policy.model import Project
    from seawall.store import Control

SHARES = "shares"
"""The kind of control record that freezes how often parts of strategies are true."""

BANK = "bank"
"""The kind of control record that changes a bank; `seawall.serve.banks` reads its target."""


class InForce(msgspec.Struct, frozen=True):
    """Every control record up to one of them, taken together.

    Attributes:
        sequence: number of the last; None: there was none.
        held: strategies that may not act, or that people were called to.
        shares: what the engine goes by when it chooses what to buy.
    """

    sequence: int | None = None
    held: Held = Held()
    shares: Shares = Shares()

    def after(self, controls: Iterable[tuple[int, Control]]) -> InForce:
        """The same with some more, in the order of their numbers."""
        came = list(controls)
        if not came:
            return self
        learned = next((control for _, control in reversed(came) if control.kind == SHARES), None)
        shares = self.shares if learned is None else Shares(learned.shares)
        return InForce(came[-1][0], self.held.after(control for _, control in came), shares)


def effective_version(project: Project, sequence: int | None) -> str:
    """The project's version together with the control records that were in force; the same where none was.

    Lists that are files are part of the project's version already; every change of a bank is a record.
    """
    if sequence is None:
        return project.version
    return hashlib.sha256(f"{project.version}\0{sequence}".encode()).hexdigest()
