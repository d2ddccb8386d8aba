"""Undocumented means broken: every setting, command, error and route has its line in the reference."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import typer

from seawall.core import errors
from seawall.serve.cli.app import build
from seawall.serve.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def _tree(error: type[errors.SeawallError]) -> list[type[errors.SeawallError]]:
    return [error, *(sub for child in error.__subclasses__() for sub in _tree(child))]


def _commands(group: object, path: str = "seawall") -> list[str]:
    found = []
    for name, command in getattr(group, "commands", {}).items():
        found.append(f"{path} {name}")
        found += _commands(command, f"{path} {name}")
    return found


def test_every_setting_is_documented() -> None:
    page = (REFERENCE / "settings.md").read_text()
    missing = [name for name in Settings.model_fields if f"`SEAWALL_{name.upper()}`" not in page]
    assert not missing


def test_no_setting_is_documented_that_does_not_exist() -> None:
    page = (REFERENCE / "settings.md").read_text()
    documented = set(re.findall(r"^\| `SEAWALL_([A-Z_]+)`", page, re.MULTILINE))
    assert documented == {name.upper() for name in Settings.model_fields}


def test_every_command_is_documented() -> None:
    page = (REFERENCE / "cli.md").read_text()
    commands = _commands(typer.main.get_command(build()))
    assert len(commands) > 8
    assert not [name for name in commands if f"`{name}" not in page]


def test_every_error_code_is_documented() -> None:
    page = (REFERENCE / "errors.md").read_text()
    codes = {error.code for error in _tree(errors.SeawallError)}
    assert not [code for code in sorted(codes) if f"`{code}`" not in page]


PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_package_has_a_sign_on_its_door() -> None:
    for init in (ROOT / "src" / "seawall").glob("*/__init__.py"):
        sign = ast.get_docstring(ast.parse(init.read_text())) or ""
        assert "In:" in sign, f"{init} does not say what comes in"
        assert "Out:" in sign, f"{init} does not say what goes out"
        assert "Never" in sign or "Only" in sign, f"{init} does not say what it never does"
