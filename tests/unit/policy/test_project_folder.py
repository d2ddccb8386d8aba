from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from seawall.core.errors import ProjectError
from seawall.policy.diagnostics import Diagnostics
from seawall.policy.folder import MIB, read_folder
from seawall.policy.read import load_project, require_project

BASE = Path(__file__).resolve().parents[2] / "golden" / "check" / "base"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "project")
    return tmp_path / "project"


def codes(root: Path) -> list[str]:
    return [each.code for each in load_project(root)[1]]


def test_a_link_out_of_the_folder_is_refused(project: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("queue: stolen\n")
    (project / "queues" / "link.yml").symlink_to(tmp_path / "secret.yml")
    (project / "strategies" / "all").symlink_to("/")
    (project / "lists" / "gone.txt").symlink_to("nowhere")
    assert codes(project) == ["leaves-folder"] * 3


def test_a_link_within_the_folder_is_a_file(project: Path) -> None:
    (project / "lists" / "again.txt").symlink_to(project / "lists" / "shorteners.txt")
    assert codes(project) == ["unused"]


def test_links_in_a_circle_end(project: Path) -> None:
    (project / "strategies" / "up").symlink_to(project)
    (project / "lists" / "self.txt").symlink_to("self.txt")
    assert codes(project) == ["leaves-folder", "misplaced-file"]


def test_what_is_no_ordinary_file_is_not_waited_for(project: Path) -> None:
    os.mkfifo(project / "queues" / "pipe.yml")
    assert codes(project) == ["unreadable"]


def test_a_folder_named_like_a_file_is_a_folder(project: Path) -> None:
    (project / "queues" / "more.yml").mkdir()
    assert codes(project) == []


def test_a_file_beyond_its_limit_is_not_read(project: Path) -> None:
    with (project / "queues" / "big.yml").open("wb") as file:
        file.truncate(MIB + 1)
    assert codes(project) == ["too-large"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(project: Path) -> None:
    (project / "queues" / "spam.yml").chmod(0)
    assert "unreadable" in codes(project)


def test_a_folder_that_is_no_project_says_how_to_make_one(tmp_path: Path) -> None:
    _, [nothing] = load_project(tmp_path)
    assert (nothing.code, nothing.hint) == ("no-project", f"make a project with: seawall init {tmp_path}")
    _, [nowhere] = load_project(tmp_path / "nowhere")
    assert nowhere.code == "no-project"


def test_a_file_name_that_is_no_text_is_passed_over(project: Path) -> None:
    Path(os.fsdecode(os.fsencode(project) + b"/queues/\xff.yml")).write_text("queue: x\n")
    assert codes(project) == []


def test_the_data_folder_is_no_part_of_the_project(project: Path) -> None:
    (project / ".seawall" / "queues").mkdir(parents=True)
    (project / ".seawall" / "queues" / "x.yml").write_text("no: project\n")
    (project / "data" / "deep").mkdir(parents=True)
    (project / "data" / "deep" / "x.yml").write_text("no: project\n")
    files = read_folder(project, Diagnostics())
    assert not [file.path for file in files if "x.yml" in file.path]


def test_who_needs_a_project_gets_every_error(project: Path) -> None:
    (project / "queues" / "spam.yml").write_text("queue: spam\n")
    with pytest.raises(ProjectError) as caught:
        require_project(project)
    assert [each.code for each in caught.value.diagnostics] == ["missing-field"] * 3
    assert str(caught.value).startswith("queues/spam.yml:1:1: a queue needs")
