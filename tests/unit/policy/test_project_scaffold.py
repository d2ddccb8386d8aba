from __future__ import annotations

from pathlib import Path

import pytest

from seawall.core.errors import StorageError, UsageError
from seawall.policy.read import require_project
from seawall.policy.scaffold import scaffold


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    (folder / "lists").mkdir(parents=True)
    (folder / "seawall.yml").write_text("name: quay\nmarkets: [SG]\n")
    (folder / "lists" / "words.txt").write_text("word\n")
    return folder


def test_a_new_folder_holds_the_whole_starter(starter: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "new"
    assert scaffold(target, starter=starter) == ("lists/words.txt", "seawall.yml")
    assert (target / "lists" / "words.txt").read_text() == "word\n"
    assert [path.name for path in target.parent.iterdir()] == ["new"]


def test_an_empty_folder_is_filled_where_it_is(starter: Path, tmp_path: Path) -> None:
    target = tmp_path / "empty"
    (target / ".git").mkdir(parents=True)
    inode = target.stat().st_ino
    scaffold(target, starter=starter)
    assert target.stat().st_ino == inode
    assert sorted(path.name for path in target.iterdir()) == [".git", "lists", "seawall.yml"]


def test_what_is_there_is_never_touched(starter: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"is not empty: it holds notes\.txt"):
        scaffold(tmp_path / "mine", starter=starter)
    with pytest.raises(UsageError, match="is a project already"):
        scaffold(starter, starter=starter)
    with pytest.raises(UsageError, match="is a file"):
        scaffold(tmp_path / "mine" / "notes.txt", starter=starter)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"


def test_a_failure_leaves_nothing_behind(
    starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "empty"
    target.mkdir()
    rename = Path.rename

    def full_disk(path: Path, to: Path) -> Path:
        if path.name == "seawall.yml":
            raise OSError(28, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(StorageError, match="No space left"):
        scaffold(target, starter=starter)
    assert list(target.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "starter"]


def test_the_starter_that_comes_with_seawall_checks(tmp_path: Path) -> None:
    scaffold(tmp_path / "new")
    assert len(require_project(tmp_path / "new").strategies) >= 25
