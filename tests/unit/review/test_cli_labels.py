"""`seawall labels import`: all rows or none, again without harm, and written into the audit chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from seawall.core.errors import UsageError
from seawall.review.tables import LABELS
from seawall.serve.cli.app import build
from seawall.store.audit import acts
from seawall.store.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "surface,subject,violates,clause\ncomment,c1,true,spam/links#c1\nvideo,v2,false,\n"


@pytest.fixture
def ledger_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("SEAWALL_LEDGER_URL", url)
    monkeypatch.setenv("SEAWALL_DATA", str(tmp_path / "data"))
    return url


def _import(file: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        build(),
        ["labels", "import", str(file), "--source", "audit", "--project", str(file.parent), *more],
        catch_exceptions=False,
    )
    return result.exit_code, result.output


def test_labels_are_kept_once_and_the_chain_says_so(ledger_url: str, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert _import(file) == (0, "2 new labels of audit, 0 were there already\n")
    ledger = Ledger.open(ledger_url)
    with ledger.read() as connection:
        kept = connection.execute(select(LABELS).order_by(LABELS.c.subject)).mappings().all()
        (act,) = acts(connection)
    assert [(row["subject"], row["violates"], row["provenance"]) for row in kept] == [
        ("c1", True, "import:audit"),
        ("v2", False, "import:audit"),
    ]
    assert (act.act, act.target) == ("labels.import", "audit")
    ledger.close()


def test_one_bad_row_keeps_all_out_and_is_named(ledger_url: str, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(GOOD + "comment,c3,perhaps,\n", encoding="utf-8")
    status, output = _import(file)
    assert status == 1
    assert "labels.csv:4 (violates): violates is true or false, not 'perhaps'" in output
    assert "1 of 3 rows are no labels; nothing was kept" in output
    assert not (tmp_path / "ledger.db").exists()


def test_a_dry_run_keeps_nothing(ledger_url: str, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert _import(file, "--dry-run") == (0, "2 labels are sound; nothing was kept\n")
    assert not (tmp_path / "ledger.db").exists()


def test_a_file_that_is_no_text_is_refused(ledger_url: str, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_bytes(b"surface,subject\xff")
    with pytest.raises(UsageError, match="not UTF-8 at byte 15"):
        _import(file)
