"""What a file is, by its first bytes alone: a name or a declared type is whatever its sender likes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.media import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

_STILL_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_STARTS: Mapping[bytes, Format] = MappingProxyType(
    {
        b"\xff\xd8\xff": Format("image", "image/jpeg", "JPEG"),
        b"\x89PNG\r\n\x1a\n": Format("image", "image/png", "PNG"),
        b"GIF87a": Format("image", "image/gif", "GIF"),
        b"GIF89a": Format("image", "image/gif", "GIF"),
        b"ID3": Format("audio", "audio/mpeg", "mp3"),
        b"OggS": Format("audio", "audio/ogg", "ogg"),
        b"fLaC": Format("audio", "audio/flac", "flac"),
    }
)
_RIFF: Mapping[bytes, Format] = MappingProxyType(
    {b"WEBP": Format("image", "image/webp", "WEBP"), b"WAVE": Format("audio", "audio/wav", "wav")}
)
_MP4 = Format("video", "video/mp4", "mp4")
_QUICKTIME = Format("video", "video/quicktime", "mov")
_WEBM = Format("video", "video/webm", "matroska")
_MATROSKA = Format("video", "video/x-matroska", "matroska")
_MPEG = Format("audio", "audio/mpeg", "mp3")


def sniff(data: bytes) -> Format | None:
    """The format, if it is one that is looked at; SVG, HTML, PDF, archives, playlists and all else are None.

    >>> sniff(b"GIF89a...").mime, sniff(b"<svg onload=alert(1)>"), sniff(b"%PDF-1.7")
    ('image/gif', None, None)
    """
    for start, format_ in _STARTS.items():
        if data.startswith(start):
            return format_
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in _STILL_BRANDS:
            return None
        return _QUICKTIME if brand == b"qt  " else _MP4
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return _ebml(data[:128])
    if len(data) > 3 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2:  # sync bits, layer 3
        return _MPEG
    return None


def _ebml(head: bytes) -> Format | None:
    at = head.find(b"\x42\x82")  # DocType
    if at < 0 or at + 2 >= len(head):
        return None
    wide = 9 - head[at + 2].bit_length()  # bytes of the length that stands before the word
    said = head[at + 2 + wide : at + 10 + wide]
    if said.startswith(b"webm"):
        return _WEBM
    return _MATROSKA if said.startswith(b"matroska") else None
