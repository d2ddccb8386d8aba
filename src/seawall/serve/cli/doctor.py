"""`seawall doctor`: what is set up, what is missing, and the way to get it."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import socket
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from seawall.policy.read import load_project
from seawall.signals import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED, WANTED = "needed", "optional"
MIN_FREE_BYTES = 2**30


def doctor(project: Path = typer.Option(Path(), "--project", help="The safety project to look at.")) -> None:
    """Say what is set up and what is missing; exit 1 when something needed is."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", "part", "found", "the mend"):
        table.add_column(heading, overflow="fold")
    broken = False
    for good, need, part, found, mend in _findings(project):
        mark = "[green]●[/]" if good else ("[bold red]○[/]" if need == NEEDED else "[yellow]◌[/]")
        broken |= not good and need == NEEDED
        table.add_row(mark, part, found, "" if good else mend)
    console.print(table)
    console.print("\n● there   ○ missing and needed   ◌ missing, only needed for what is named", style="dim")
    raise typer.Exit(1 if broken else 0)


Finding = tuple[bool, str, str, str, str]


def _findings(project: Path) -> Iterator[Finding]:
    yield (
        sys.version_info >= (3, 11),
        NEEDED,
        "Python",
        platform.python_version(),
        "install Python 3.11 or newer",
    )
    for package in ("duckdb", "pyarrow", "google-re2", "fastapi", "sqlalchemy"):
        yield _package(package)
    yield _import(
        "psycopg", "PostgreSQL client", "pip install 'seawall[postgres]' to keep the ledger in PostgreSQL"
    )
    yield _port(5432, "PostgreSQL server", "only for a ledger in PostgreSQL; SQLite needs nothing")
    yield _program(
        ("chromium", "chromium-browser", "google-chrome"), "Chromium", "only for the browser tests"
    )
    built = (files("seawall.serve") / "web" / "assets" / "console.css").is_file()
    yield built, NEEDED, "console assets", "built" if built else "not built", "make assets"
    free = shutil.disk_usage(project if project.exists() else Path()).free
    enough = free > MIN_FREE_BYTES
    yield enough, NEEDED, "free disk", f"{free / 2**30:,.1f} GiB", "free at least 1 GiB"
    yield _project(project)


def _package(name: str) -> Finding:
    try:
        return True, NEEDED, name, version(name), ""
    except PackageNotFoundError:
        return False, NEEDED, name, "missing", "make install"


def _import(module: str, part: str, mend: str) -> Finding:
    found = importlib.util.find_spec(module) is not None
    return found, WANTED, part, "installed" if found else "missing", mend


def _port(port: int, part: str, mend: str) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        listens = probe.connect_ex(("127.0.0.1", port)) == 0
    return listens, WANTED, part, f"127.0.0.1:{port}" if listens else "not reachable", mend


def _program(names: tuple[str, ...], part: str, mend: str) -> Finding:
    path = next(filter(None, map(shutil.which, names)), None)
    return path is not None, WANTED, part, path or "missing", mend


def _project(root: Path) -> Finding:
    if not (root / "seawall.yml").is_file():
        return (
            False,
            WANTED,
            "safety project",
            f"no seawall.yml in {root.resolve()}",
            "seawall init DIR, then --project DIR",
        )
    project, diagnostics = load_project(root, kinds=KINDS)
    errors = sum(1 for one in diagnostics if one.severity == "error")
    found = f"{project.name}, {len(project.strategies)} strategies" if project else f"{errors} errors"
    return project is not None, NEEDED, "safety project", found, f"seawall check {root}"
