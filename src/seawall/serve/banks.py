"""Changes of banks on their way: a command keeps the file and asks, the process that owns the journal writes.

A change is prepared (read, indexed) before it is recorded, so that one that cannot be read is refused and
nobody waits for one that is large; it is enacted between two batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.errors import Corrupt, UsageError
from seawall.serve.asked import ask, refuse, seal, waiting
from seawall.serve.controls import BANK
from seawall.signals.bank import Banks
from seawall.store import Control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.store import Ledger, Store


class Named(NamedTuple):
    """The bank and the change that a control record is about."""

    bank: str
    digest: str


def named(control: Control) -> Named:
    """What a record of the kind `bank` says.

    >>> named(Control(kind="bank", target="known@0f", by="ann", reason="", at=1)).bank
    'known'
    """
    bank, _, digest = control.target.partition("@")
    return Named(bank, digest)


def changes_in(controls: Iterable[Control]) -> dict[str, list[str]]:
    """The changes of each bank, in the order of the records."""
    found: dict[str, list[str]] = {}
    for control in controls:
        if control.kind == BANK:
            bank, digest = named(control)
            found.setdefault(bank, []).append(digest)
    return found


def banks_of(data: Path) -> Banks:
    """The banks of a data folder, as whoever writes its journal last said they were.

    Raises:
        Corrupt: a change is missing, or is not what its name says.
    """
    return Banks.reading(data / "banks")


def banks_by_journal(store: Store, clock: Clock, controls: list[tuple[int, Control]]) -> Banks:
    """The banks as a journal says, with what was asked for; for the process that owns it, before it decides.

    Args:
        store: whose data folder it is.
        clock: what time it is.
        controls: every control record of the journal; what is taken now is put behind them.

    Raises:
        Corrupt: a change is missing, or is not what its name says.
        StorageError: the disk refuses.
    """
    banks = Banks(store.path / "banks")
    banks.follow(changes_in(control for _, control in controls))

    def record(control: Control) -> int:
        sequence = store.control(control)
        controls.append((sequence, control))
        banks.enact(*named(control))
        return sequence

    BankChanges(store, banks, clock, record=record).take()
    return banks


def ask_change(
    ledger: Ledger, banks: Banks, name: str, content: bytes, *, by: str, reason: str, at: int
) -> Control:
    """Keep a change and ask for it.

    Raises:
        UsageError: it is no change of that bank.
        StorageError: the disk refuses.
    """
    digest = banks.put(name, content)
    control = Control(kind=BANK, target=f"{name}@{digest}", by=by, reason=reason, at=at)
    with ledger.begin() as connection:
        ask(connection, control)
    return control


def with_asked(banks: Banks, ledger: Ledger) -> list[Control]:
    """Let what was asked for be seen in this process already, and nowhere else; gives it."""
    asked = [control for _, control in waiting(ledger, kind=BANK)]
    for control in asked:
        bank, digest = named(control)
        banks.prepare(bank, digest)
        banks.enact(bank, digest, write=False)
    return asked


class BankChanges:
    """Takes what was asked for; one thread calls `turn`, and whoever decides `enact`."""

    def __init__(self, store: Store, banks: Banks, clock: Clock, *, record: Callable[[Control], int]) -> None:
        """Make it.

        Args:
            store: whose ledger is asked.
            banks: what changes.
            clock: what time it is.
            record: writes a control record and hands it to whoever decides; gives its sequence number.
        """
        self._store = store
        self._banks = banks
        self._clock = clock
        self._record = record

    def turn(self) -> None:
        """Prepare and record what was asked for, then merge and keep what is due."""
        self.take()
        self._banks.turn()

    def take(self) -> None:
        """Prepare and record what was asked for; what cannot be read is refused, and the audit says why."""
        for asked, control in waiting(self._store.ledger, kind=BANK):
            bank, digest = named(control)
            now = self._clock.now()
            try:
                self._banks.prepare(bank, digest)
            except (UsageError, Corrupt) as error:
                refuse(self._store.ledger, control, str(error), asked=asked, now=now)
                continue
            sequence = self._record(control)
            seal(self._store.ledger, control, sequence=sequence, asked=asked, now=now)

    def enact(self, control: Control) -> None:
        """Let look-ups see a change that was recorded."""
        self._banks.enact(*named(control))

    def close(self) -> None:
        """Keep everything, so that the next start is quick."""
        self._banks.turn(now=True)
