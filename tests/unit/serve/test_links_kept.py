"""The keys of links: made once, kept from others, the same after every start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from seawall.core.errors import NotFound, UsageError
from seawall.serve.links import KEY_FILE, open_links

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://safety.platform.example"
NOTICE = "0" * 32


def token(data: Path) -> str:
    links = open_links(data, URL)
    assert links
    return links.sign(links.claim(NOTICE, expires=100))


def test_without_an_address_there_are_no_links_and_no_keys(tmp_path: Path) -> None:
    assert open_links(tmp_path, None) is None
    assert not (tmp_path / KEY_FILE).exists()


def test_a_link_outlives_a_restart_and_ends_with_its_key(tmp_path: Path) -> None:
    made = token(tmp_path)
    again = open_links(tmp_path, URL)
    assert again
    assert again.notice_of(made, now=5) == NOTICE
    (tmp_path / KEY_FILE).unlink()
    other = open_links(tmp_path, URL)
    assert other
    with pytest.raises(NotFound):
        other.notice_of(made, now=5)


def test_only_the_owner_reads_the_keys(tmp_path: Path) -> None:
    token(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: token(tmp_path), range(16)))) == 1


@pytest.mark.parametrize("url", ["safety.example", "ftp://x.example", "https://", "https://x.example/?a=1"])
def test_an_address_nobody_can_open_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="address"):
        open_links(tmp_path, url)
