"""What every command about banks opens: the project, its ledger, and its banks with what waits."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from seawall.core.errors import NotFound, UsageError
from seawall.policy.near import did_you_mean
from seawall.serve.banks import ask_change, banks_of, named, with_asked
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings
from seawall.serve.wiring import open_project
from seawall.signals.bank import HASH_KINDS, Banks, HashBank, HashKind

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from seawall.policy.model import HashBank as Declared
    from seawall.policy.model import Project
    from seawall.store import Control, Ledger

CLOCK = SystemClock()


@dataclass
class Opened:
    """The banks as they will be once everything that was asked for is in force.

    Attributes:
        project: as its folder says.
        chosen: the banks that the command is about.
        banks: of its data folder.
        waits: changes that no process has taken yet.
    """

    project: Project
    ledger: Ledger
    chosen: list[Declared]
    banks: Banks
    waits: list[Control]

    @property
    def declared(self) -> Declared:
        """The one bank that was named."""
        (one,) = self.chosen
        return one

    @property
    def kind(self) -> HashKind:
        """Of its hashes."""
        return HASH_KINDS[self.declared.hash]

    @property
    def bank(self) -> HashBank | None:
        """What is in it; None: nothing ever was."""
        return self.banks.bank(self.declared.name)

    def clause(self, cited: str) -> str:
        """A clause that the project has.

        Raises:
            UsageError: it has none of that name.
        """
        name, _, id_ = cited.partition("#")
        if cited and (name not in self.project.policies or id_ not in self.project.policies[name].clauses):
            known = [
                f"{policy.name}#{each}"
                for policy in self.project.policies.values()
                for each in policy.clauses
            ]
            raise UsageError(
                f"the project has no clause {cited!r}", hint=did_you_mean(cited, known, what="clauses")
            )
        return cited

    def ask(self, content: bytes, *, by: str, reason: str) -> None:
        """Ask for a change, and see it here already."""
        name = self.declared.name
        control = ask_change(self.ledger, self.banks, name, content, by=by, reason=reason, at=CLOCK.now())
        digest = named(control).digest
        self.banks.prepare(name, digest)
        self.banks.enact(name, digest, write=False)

    def say_what_waits(self) -> None:
        """One line, if changes wait for a server or the next start."""
        if self.waits:
            many = len(self.waits) != 1
            said = f"({len(self.waits):,} change{'s' * many} of banks wait{'s' * (not many)} for a server)"
            typer.echo(said, err=True)


@contextmanager
def opened(root: Path, bank: str | None) -> Generator[Opened]:
    """Everything, for one bank or for all of them.

    Raises:
        NotFound: the project declares no such bank, or none at all.
    """
    project = open_project(root)
    if bank is not None and bank not in project.hash_banks:
        hint = did_you_mean(bank, project.hash_banks, what="banks") or "declare it in banks/NAME.yml"
        raise NotFound(f"the project declares no bank {bank!r}", hint=hint)
    if not project.hash_banks:
        raise NotFound("the project declares no bank", hint="declare one in banks/NAME.yml")
    chosen = list(project.hash_banks.values()) if bank is None else [project.hash_banks[bank]]
    ledger, data = open_ledger(root, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    try:
        banks = banks_of(data)
        waits = with_asked(banks, ledger)
        for one in chosen:
            held = banks.bank(one.name)
            if held is not None and held.kind.name != one.hash:
                message = f"{one.name} holds {held.kind.name} hashes, and its file says {one.hash}"
                raise UsageError(message, hint="give the other kind a bank of its own")
        yield Opened(project, ledger, chosen, banks, waits)
    finally:
        ledger.close()


def number(count: int) -> str:
    """Entries, counted.

    >>> number(1), number(2_000)
    ('1 entry', '2,000 entries')
    """
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def entries(count: int) -> str:
    """The same as what something is said of.

    >>> entries(1), entries(2)
    ('1 entry is', '2 entries are')
    """
    return f"{number(count)} {'is' if count == 1 else 'are'}"


def who() -> str:
    """Who stands at the command line, for the record."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"  # a process without a name, as in some containers
