"""The table of subcommands says what each says of itself, and asking for little loads little."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
import typer

from seawall.serve.cli.app import COMMANDS, build
from seawall.serve.cli.on_demand import Entry, target

HEAVY = ("alembic", "duckdb", "fastapi", "pyarrow", "sqlalchemy", "uvicorn")


def _says(entry: Entry) -> str:
    found = target(entry)
    if isinstance(found, typer.Typer):
        return str(found.info.help)
    return " ".join((inspect.getdoc(found) or "").split("\n\n")[0].split())


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_a_line_of_help_is_the_first_sentence_of_what_the_command_says_of_itself(entry: Entry) -> None:
    assert entry.help == _says(entry)


def test_every_subcommand_can_be_built_under_its_own_name() -> None:
    commands = typer.main.get_command(build()).commands
    assert {name: command.name for name, command in commands.items()} == {name: name for name in commands}
    assert [entry.name for entry in COMMANDS] == list(commands)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_question_about_the_whole_loads_no_command(option: str) -> None:
    asked = (
        "import sys; from seawall.serve.cli import main; from contextlib import suppress\n"
        f"sys.argv = ['seawall', {option!r}]\n"
        "with suppress(SystemExit): main()\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"
