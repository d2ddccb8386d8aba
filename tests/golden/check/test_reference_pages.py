"""The reference says what the code does: its tables are made from it, its examples are a project that checks.

SEAWALL_REGENERATE=1 writes the tables anew.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from seawall.policy.codes import CODES
from seawall.policy.read import load_project
from seawall.policy.reference import code_tables, key_tables
from seawall.signals.kinds import KINDS

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "project-files.md"
CODES_PAGE = ROOT / "docs" / "reference" / "diagnostics.md"

EXAMPLES = {  # the heading on the page, and the file that its first example is
    "seawall.yml": "seawall.yml",
    "events/*.yml": "events/comment.yml",
    "signals/*.yml": "signals/text.yml",
    "features/*.yml": "features/links.yml",
    "lists/**/*.txt": "lists/shorteners.txt",
    "lists/**/*.csv": "lists/spam/terms.csv",
    "definitions/**/*.yml": "definitions/people.yml",
    "policies/**/*.md": "policies/spam/commercial-spam.md",
    "Overlays": "policies/spam/commercial-spam.DE.md",
    "strategies/**/*.yml": "strategies/spam/link_burst.yml",
    "queues/*.yml": "queues/scam.yml",
    "endpoints/*.yml": "endpoints/moderations.yml",
    "tests/**/*.yml": "tests/spam.yml",
}


def first_block(page: str, heading: str) -> str:
    section = page.partition(f"\n## {heading}\n")[2]
    fence, block = re.search(r"^(`{3,})\w*\n(.*?)^\1$", section, re.MULTILINE | re.DOTALL).groups()
    assert fence
    return block


def test_the_examples_are_a_project_with_nothing_to_say_about(tmp_path: Path) -> None:
    for heading, path in EXAMPLES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(first_block(PAGE.read_text(), heading))
    project, diagnostics = load_project(tmp_path, kinds=KINDS)
    assert [(str(each.span), each.message) for each in diagnostics] == []
    assert project is not None
    assert project.policies["spam/commercial-spam"].overlays["DE"]["c2"].severity == "severe"


@pytest.mark.parametrize(
    ("page", "name", "tables"), [(PAGE, "keys", key_tables()), (CODES_PAGE, "codes", code_tables())]
)
def test_the_tables_are_what_the_declarations_say(page: Path, name: str, tables: str) -> None:
    text = page.read_text("utf-8")
    pattern = re.compile(rf"(<!-- {name}: [^\n]*-->\n)(.*?)(<!-- end of {name} -->)", re.DOTALL)
    if os.environ.get("SEAWALL_REGENERATE"):
        text = pattern.sub(lambda found: f"{found[1]}\n{tables}\n{found[3]}", text)
        page.write_text(text, "utf-8")
    assert pattern.search(text)[2].strip() == tables.strip()


def emitted_codes(path: Path) -> set[str]:
    """Every literal that a module passes as a diagnostic's code."""
    codes = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        position = {
            "error": 0,
            "warn": 0,
            "_refuse": 0,
            "Diagnostic": 1,
            "Fault": 2,
            "fault": 1,
            "refusal": 1,
        }.get(name)
        if position is None:
            continue
        given = [
            *node.args[position : position + 1],
            *(each.value for each in node.keywords if each.arg == "code"),
        ]
        codes |= {
            each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
    return codes


def test_every_code_that_is_emitted_is_explained() -> None:
    folders = [ROOT / "src" / "seawall" / name for name in ("policy", "signals")]
    emitted = {code for folder in folders for path in folder.rglob("*.py") for code in emitted_codes(path)}
    assert len(emitted) > 50
    assert not sorted(code for code in emitted if code not in CODES)


def test_every_code_that_is_explained_is_emitted() -> None:
    text = "".join(
        path.read_text() for path in (ROOT / "src" / "seawall").rglob("*.py") if path.name != "codes.py"
    )
    built = {"unknown-signal", "unknown-feature"}  # put together from the folder's name
    assert not sorted(code for code in CODES if f'"{code}"' not in text and code not in built)
