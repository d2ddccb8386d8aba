"""The link in a notice: a signed capability for one notice that ends by itself and needs no account.

A token is `notice.KEY.NOTICE.EXPIRES.SIGNATURE`: everything but the signature is plain, and the signature is
an HMAC-SHA256 of it. The ledger keeps the token's digest only; the link is written into a message at the
moment it leaves.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Span
from seawall.core.errors import NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PURPOSE = "notice"
MIN_SECRET = 32
"""Bytes of a key at least."""

_KEY_LINE = re.compile(r"([A-Za-z0-9_-]{1,16}) ([0-9a-fA-F]+)")
_TOKEN = re.compile(
    r"([a-z]+)\.([A-Za-z0-9_-]{1,16})\.([0-9a-f]{32})\.([0-9]{1,17})\.([0-9a-f]{64})", re.ASCII
)
_MARK = "seawall-link:"


class LinkKey(msgspec.Struct, frozen=True):
    """A secret with a name, so that it can be changed while older links still hold."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        """Without the secret."""
        return f"LinkKey({self.id!r})"


class Links:
    """Makes links and reads them back."""

    def __init__(self, keys: Sequence[LinkKey], base_url: str) -> None:
        """Take the keys and the address of the pages.

        Args:
            keys: the newest first, which signs; the others are still believed.
            base_url: of the person's pages, without a slash at the end.

        Raises:
            UsageError: there is no key, or one is too short.
        """
        short = [key.id for key in keys if len(key.secret) < MIN_SECRET]
        if short or not keys:
            raise UsageError(
                f"link key {short[0]!r} can be guessed" if short else "there is no key to sign links with",
                hint=f"a line of the key file is an id and {MIN_SECRET} random bytes or more in hexadecimal",
            )
        self._keys = {key.id: key for key in reversed(keys)}
        self._newest = keys[0]
        self._base = base_url.rstrip("/")

    def claim(self, notice_id: str, *, expires: int) -> str:
        """What a token says, not yet signed: it may be kept, since it opens nothing."""
        return f"{PURPOSE}.{self._newest.id}.{notice_id}.{expires}"

    def sign(self, claim: str) -> str:
        """The token of a claim.

        Raises:
            NotFound: its key was withdrawn.
        """
        key = self._keys.get(claim.split(".")[1])
        if key is None:
            raise NotFound("the key of this link was withdrawn")
        return f"{claim}.{_mac(key, claim)}"

    def url(self, claim: str) -> str:
        """The address of the person's page."""
        return f"{self._base}/n/{self.sign(claim)}"

    def notice_of(self, token: str, *, now: int) -> str:
        """The notice that a token opens.

        Raises:
            NotFound: it is none of ours, for another purpose, or it has expired.
        """
        found = _TOKEN.fullmatch(token)
        key = self._keys.get(found[2]) if found else None
        if found is None or key is None or found[1] != PURPOSE or int(found[4]) <= now:
            raise invalid()
        if not hmac.compare_digest(found[5], _mac(key, token.rpartition(".")[0])):
            raise invalid()
        return found[3]


def invalid() -> NotFound:
    """The same answer whatever is wrong with a link, so that it tells a stranger nothing."""
    return NotFound("this link is not valid, or not any more", hint="open the link in the message once more")


def digest_of(token: str) -> str:
    """What may be kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def mark(claim: str) -> str:
    """Stands in a message that waits, where its link will be.

    >>> claim_in(mark("notice.k1.n.9")), claim_in("anything else"), claim_in(None)
    ('notice.k1.n.9', None, None)
    """
    return _MARK + claim


def claim_in(value: object) -> str | None:
    """The claim behind a mark."""
    return value.removeprefix(_MARK) if isinstance(value, str) and value.startswith(_MARK) else None


def read_keys(path: Path) -> tuple[LinkKey, ...]:
    """Read a key file: one line `id hexadecimal` for each key, the newest first.

    Raises:
        UsageError: there is no such file, or a line is no key.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "the keys of links cannot be read", span=Span(str(path)), hint="`openssl rand -hex 32` makes one"
        ) from error
    return tuple(_key(line, Span(str(path), number)) for number, line in enumerate(lines, 1) if line.strip())


def _key(line: str, span: Span) -> LinkKey:
    found = _KEY_LINE.fullmatch(line.strip())
    if found is None or len(found[2]) % 2:
        raise UsageError(
            "this line is no key",
            span=span,
            hint="write an id, a space and the output of `openssl rand -hex 32`",
        )
    return LinkKey(found[1], bytes.fromhex(found[2]))


def _mac(key: LinkKey, claim: str) -> str:
    return hmac.new(key.secret, f"seawall-link\n{claim}".encode(), hashlib.sha256).hexdigest()
