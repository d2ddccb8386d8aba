"""What the repository contains, and what it must not."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FORBIDDEN_MODULES = {"utils", "helpers", "common", "base", "manager", "misc"}


def _tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name]


def test_no_module_is_a_closet() -> None:
    assert not [path for path in SOURCES if path.stem in FORBIDDEN_MODULES]


def test_files_stay_small_enough_to_hold_one_idea() -> None:
    sizes = {path: path.read_text().count("\n") for path in SOURCES}
    assert not [f"{path}: {size}" for path, size in sizes.items() if size > 500]
    ordered = sorted(sizes.values())
    assert ordered[len(ordered) // 2] <= 160


def test_our_own_modules_are_imported_at_the_top() -> None:
    inner = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner += [
                    f"{path}:{sub.lineno}"
                    for sub in ast.walk(node)
                    if isinstance(sub, ast.ImportFrom) and (sub.module or "").startswith("seawall")
                ]
    assert not inner


def test_locks_and_npm_files_name_no_address() -> None:
    for name in ("locks/core.txt", "locks/dev.txt", "package-lock.json"):
        assert not re.search(r"https?://(?!.*(funding|opencollective|github))", (ROOT / name).read_text()), (
            name
        )


def test_nothing_built_or_vendored_is_committed() -> None:
    tracked = _tracked()
    assert not [path for path in tracked if path.suffix in {".whl", ".onnx", ".mp4", ".jpg"}]
    assert not [path for path in tracked if ".min." in path.name or "node_modules" in path.parts]
    assert not [path for path in tracked if path.exists() and path.stat().st_size > 1_000_000]


def test_time_and_randomness_come_in_as_arguments() -> None:
    calls = re.compile(
        r"datetime\.now\(|datetime\.utcnow\(|time\.time\(|\buuid4\(|\brandom\.(random|choice|randint)\("
    )
    allowed = {"serve"}
    offenders = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in SOURCES
        if path.relative_to(ROOT / "src" / "seawall").parts[0] not in allowed
        for found in calls.finditer(path.read_text())
    ]
    assert not offenders
