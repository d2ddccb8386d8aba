"""Encrypted copies of files that decisions rest on, by the digest of their content, each until a day.

    evidence/2026-12-26/3f9c...   a folder for the day on which its copies go, a file for each copy

A copy is named by a keyed hash of its digest, so that a lost disk does not tell which known files it held. It
is encrypted in pieces with a key of its own (HKDF-SHA256 of the secret and a salt; AES-256-GCM, the number of
a piece as nonce; head, number and whether it is the last as associated data), so that a player's ranges are
read without the whole, and nothing can be cut off, swapped or changed unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from seawall.core.errors import Corrupt
from seawall.store.failure import storage_error
from seawall.store.files_os import REAL
from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.store.ports import Files

PIECE = 1 << 16
"""Bytes of content in a piece."""

_MAGIC = b"SWE1"
_HEAD = struct.Struct(">4s16sQ32s")  # magic, salt, bytes of content, its MIME type
_TAG = 16
_INFO = b"seawall evidence copy"


class Copy(NamedTuple):
    """A copy that is there.

    Attributes:
        path: where it lies.
        head: its first bytes, which say what follows.
        size: bytes of its content.
        mime: what it is.
        day: on which it goes, as `2026-12-26`.
    """

    path: Path
    head: bytes
    size: int
    mime: str
    day: str


class EvidenceCopies:
    """The copies of one data folder. Threads may share it."""

    def __init__(self, folder: Path, *, secret: bytes, files: Files = REAL) -> None:
        """Open the folder; it is made when the first copy is kept.

        Args:
            folder: for the copies alone.
            secret: what every key is made from; without it no copy can be read again.
            files: the file system.
        """
        self._folder = folder
        self._secret = secret
        self._files = files

    def keep(self, sha256: str, content: bytes, mime: str, *, day: str) -> None:
        """Keep a copy until a day; one that is there stays until the later of both days. Durable.

        Args:
            sha256: of the content, in hexadecimal.
            content: the file.
            mime: what it is.
            day: on which the copy goes.

        Raises:
            StorageError: the disk refuses.
        """
        there = self.find(sha256)
        if there is not None and there.day >= day:
            return
        path = self._folder / day / self._name(sha256)
        try:
            self._files.make_dir(path.parent)
            if there is None:
                replace(self._files, path, self._sealed(content, mime))
            else:
                self._files.rename(there.path, path)
                self._files.sync_dir(path.parent)
        except OSError as error:
            raise storage_error(error, "keeping an evidence copy") from error

    def find(self, sha256: str) -> Copy | None:
        """The copy of a content, if it is there."""
        name = self._name(sha256)
        for day in reversed(self._days()):
            path = self._folder / day / name
            try:
                with path.open("rb") as stream:
                    head = stream.read(_HEAD.size)
            except OSError:
                continue
            if len(head) == _HEAD.size and head.startswith(_MAGIC):
                _, _, size, mime = _HEAD.unpack(head)
                return Copy(path, head, size, mime.rstrip(b"\0").decode("ascii", "replace"), day)
        return None

    def read(self, copy: Copy, start: int, end: int) -> Iterator[bytes]:
        """The content from one byte up to another, piece by piece.

        Raises:
            Corrupt: a piece is not what was written.
            StorageError: the disk refuses.
        """
        key = self._key(copy.head)
        pieces = max(1, -(-copy.size // PIECE))
        try:
            with copy.path.open("rb") as stream:
                for number in range(start // PIECE, -(-end // PIECE)):
                    stream.seek(_HEAD.size + number * (PIECE + _TAG))
                    sealed = stream.read(PIECE + _TAG)
                    plain = _opened(key, copy.head, number, sealed, last=number == pieces - 1)
                    first = number * PIECE
                    yield plain[max(0, start - first) : end - first]
        except OSError as error:
            raise storage_error(error, "reading an evidence copy") from error

    def remove(self, sha256: str) -> bool:
        """Remove a copy at once, whatever its day; False if there was none.

        Raises:
            StorageError: the disk refuses.
        """
        there = self.find(sha256)
        if there is None:
            return False
        try:
            self._files.remove(there.path)
            self._files.sync_dir(there.path.parent)
        except OSError as error:
            raise storage_error(error, "removing an evidence copy") from error
        return True

    def drop(self, *, today: str) -> list[str]:
        """Remove the copies whose day has come; gives the days.

        Raises:
            StorageError: the disk refuses; what was removed stays removed.
        """
        gone = [day for day in self._days() if day <= today]
        try:
            for day in gone:
                for name in self._files.names(self._folder / day):
                    self._files.remove(self._folder / day / name)
                self._files.remove_dir(self._folder / day)
        except OSError as error:
            raise storage_error(error, "dropping evidence copies") from error
        return gone

    def _days(self) -> list[str]:
        return sorted(self._files.names(self._folder)) if self._folder.is_dir() else []

    def _name(self, sha256: str) -> str:
        return hmac.new(self._secret, b"name " + sha256.encode(), hashlib.sha256).hexdigest()

    def _key(self, head: bytes) -> AESGCM:
        salt = _HEAD.unpack(head)[1]
        return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=_INFO).derive(self._secret))

    def _sealed(self, content: bytes, mime: str) -> list[bytes]:
        head = _HEAD.pack(_MAGIC, secrets.token_bytes(16), len(content), mime.encode("ascii")[:32])
        key = self._key(head)
        starts = range(0, max(1, len(content)), PIECE)
        return [
            head,
            *(
                key.encrypt(
                    _nonce(number),
                    content[start : start + PIECE],
                    _bound(head, number, last=number == len(starts) - 1),
                )
                for number, start in enumerate(starts)
            ),
        ]


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # a key seals one copy only


def _bound(head: bytes, number: int, *, last: bool) -> bytes:
    return head + struct.pack(">Q?", number, last)


def _opened(key: AESGCM, head: bytes, number: int, sealed: bytes, *, last: bool) -> bytes:
    try:
        return key.decrypt(_nonce(number), sealed, _bound(head, number, last=last))
    except InvalidTag as error:
        raise Corrupt(
            "a piece of an evidence copy is not what was written",
            hint="the copy or the secret of the data folder was changed; fetch the file anew",
        ) from error
