"""The keys with which links to people are signed: a file of the data folder, made when it is first needed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from seawall.appeal.link import MIN_SECRET, Links, read_keys
from seawall.core.errors import UsageError
from seawall.serve.secret import keep_secret

if TYPE_CHECKING:
    from pathlib import Path

KEY_FILE = "links.keys"


def open_links(data: Path, public_url: str | None) -> Links | None:
    """How links are made and read; None where the server has no address that people could open.

    Args:
        data: the data folder.
        public_url: under which people reach this server.

    Raises:
        UsageError: the address is none, or the key file is damaged.
    """
    if not public_url:
        return None
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"{public_url!r} is no address that people can open",
            hint="set SEAWALL_PUBLIC_URL to something like https://safety.platform.example",
        )
    path = data / KEY_FILE
    keep_secret(path, f"k1 {secrets.token_hex(MIN_SECRET)}\n")
    return Links(read_keys(path), public_url)
