"""Every example in a docstring of the source runs, and says what it says it does."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
PROMPT = ">>> "


def _modules() -> list[str]:
    """Only those with an example are imported: Alembic's `env.py`, for one, runs migrations when it is."""
    found = [path for path in SRC.rglob("*.py") if PROMPT in path.read_text()]
    return sorted(".".join(path.relative_to(SRC).with_suffix("").parts) for path in found)


@pytest.mark.parametrize("name", _modules())
def test_the_examples_of_a_module_hold(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    written = Path(str(module.__file__)).read_text().count(PROMPT)
    done = doctest.testmod(module)
    assert not done.failed, capsys.readouterr().out
    assert done.attempted == written, f"{written - done.attempted} examples of {name} are never run"
