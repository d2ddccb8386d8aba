"""Which addresses may be connected to, and what a file is by its first bytes."""

import pytest

from seawall.ingest.media.addresses import is_public
from seawall.ingest.media.sniff import sniff

PRIVATE = (
    *("127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "2002:7f00:0001::", "2002:a9fe:a9fe::1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    *("localhost", "", "0x7f.1", "2130706433", "127.1"),
)
PUBLIC = ("8.8.8.8", "93.184.215.14", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8")


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypisom\0\0", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87", "video/webm"),
        (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0", "audio/mpeg"),
    ],
)
def test_what_is_looked_at(data: bytes, mime: str) -> None:
    found = sniff(data)
    assert found is not None
    assert found.mime == mime


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><video src=x>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd",
        b"ffconcat version 1.0\nfile /etc/passwd",
        b"RIFF\0\0\0\0AVI LIST",
        b"\0\0\0\x18ftypheic\0\0",
        b"\x1a\x45\xdf\xa3\x9fB\x82\x84evil",
        b"BM6\0\0\0",
        b"II*\0",
        b"%!PS-Adobe-3.0 EPSF",
    ],
)
def test_what_is_not(data: bytes) -> None:
    assert sniff(data) is None
