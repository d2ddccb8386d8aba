"""Subcommands that are imported when they are called: `seawall --version` need not load a web server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup


class Entry(NamedTuple):
    """One line of a table of subcommands.

    Attributes:
        name: what people type.
        where: `module:function` in this folder, or `module:NAME` of a `typer.Typer` that has subcommands.
        help: the first sentence of its help.
    """

    name: str
    where: str
    help: str


class OnDemand(Mapping[str, TyperCommand | TyperGroup]):
    """The subcommands of a table by name, each imported when it is asked for."""

    def __init__(self, table: tuple[Entry, ...]) -> None:
        self._table = {entry.name: entry for entry in table}

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        """Import one.

        Raises:
            KeyError: there is none of that name.
        """
        found = target(self._table[name])
        shell = typer.Typer(rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            shell.add_typer(found, name=name)
        else:
            shell.command(name)(found)
        return cast("TyperCommand | TyperGroup", typer.main.get_group(shell).commands[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, name: object) -> bool:
        return name in self._table


def target(entry: Entry) -> Any:
    """What an entry stands for."""
    module, _, name = entry.where.partition(":")
    return getattr(import_module(f"seawall.serve.cli.{module}"), name)


class OnDemandGroup(TyperGroup):
    """A group whose subcommands are those of its table."""

    table: ClassVar[tuple[Entry, ...]] = ()

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = cast("Any", OnDemand(self.table))  # it is only read

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 -- typer's signature
        """Names in the order of the table."""
        return [entry.name for entry in self.table]

    def format_commands(self, ctx: object, formatter: Any) -> None:  # noqa: ARG002 -- likewise
        """The part of `--help` that lists them."""
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in self.table])
