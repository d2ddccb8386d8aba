"""What every source of media keeps to, against real files and a real server: no way out, an end to all."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from seawall.core.types import Media
from seawall.ingest.media import Fetched, Fetcher, Refusal
from seawall.ingest.media.source_folder import FolderSource
from seawall.ingest.media.source_https import HttpsSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
HOST, OTHER = "cdn.platform.example", "media.platform.example"
PUBLIC, INSIDE = "8.8.8.8", "169.254.169.254"


def reason(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.reason


# -- folders ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "media"
    (root / "day one").mkdir(parents=True)
    (root / "day one" / "a.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    return root


def test_a_file_below_a_named_folder_is_read(folder: Path) -> None:
    source = FolderSource({"uploads": folder})
    assert source.read("file://uploads/day%20one/a.png", most=1_000) == PNG


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.png", "day%20one/../../secret.png", "%2e%2e/secret.png", "..%2fsecret.png", "./a.png"),
        *("", "/", "/etc/passwd", "day%20one//a.png", "a%00.png", "a.png?x", "%ff.png", "a/" * 40 + "b.png"),
    ],
)
def test_no_spelling_leads_out_of_it(folder: Path, path: str) -> None:
    assert (
        reason(FolderSource({"uploads": folder}).read(f"file://uploads/{path}", most=1_000)) == "not_allowed"
    )


@pytest.mark.parametrize(
    "uri", ["file:///etc/passwd", "file://other/a.png", "file://uploads", "file:uploads/a.png"]
)
def test_no_other_folder_is_there(folder: Path, uri: str) -> None:
    assert reason(FolderSource({"uploads": folder}).read(uri, most=1_000)) == "not_allowed"


def test_links_are_not_followed(folder: Path) -> None:
    (folder / "file.png").symlink_to(folder.parent / "secret.png")
    (folder / "out").symlink_to(folder.parent)
    source = FolderSource({"uploads": folder})
    for path in ("file.png", "out/secret.png"):
        assert reason(source.read(f"file://uploads/{path}", most=1_000)) == "unreachable"


def test_a_pipe_a_folder_and_what_is_too_large_are_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    source = FolderSource({"uploads": folder})
    assert reason(source.read("file://uploads/pipe", most=1_000)) == "not_allowed"
    assert reason(source.read("file://uploads/day%20one", most=1_000)) == "not_allowed"
    assert reason(source.read("file://uploads/day%20one/a.png", most=10)) == "too_large"
    assert reason(source.read("file://uploads/none.png", most=10)) == "unreachable"


def test_the_digest_is_checked_and_the_declared_type_is_not_believed(folder: Path) -> None:
    fetcher = Fetcher([FolderSource({"uploads": folder})], largest=1_000)
    uri, digest = "file://uploads/day%20one/a.png", hashlib.sha256(PNG).hexdigest()
    found = fetcher.fetch(Media(uri, sha256=digest, mime="text/html"))
    assert isinstance(found, Fetched)
    assert (found.format.mime, found.sha256) == ("image/png", digest)
    assert reason(fetcher.fetch(Media(uri, sha256="0" * 64))) == "wrong_digest"
    (folder / "empty.png").touch()
    (folder / "page.png").write_bytes(b"<html><script>alert(1)</script>")
    assert reason(fetcher.fetch(Media("file://uploads/empty.png"))) == "empty_file"
    assert reason(fetcher.fetch(Media("file://uploads/page.png", mime="image/png"))) == "unsupported"
    assert reason(fetcher.fetch(Media("https://cdn.platform.example/a.png"))) == "not_allowed"


# -- https -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for our own two names, made here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName(OTHER)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


class Server:
    """Answers each connection as it is told to, and keeps what it was asked."""

    def __init__(self, certificate: Path) -> None:
        self.asked: list[bytes] = []
        self.answer: Callable[[bytes], Iterator[bytes]] = lambda _: iter((answer(PNG),))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as secured:
                    asked = secured.recv(65_536)
                    self.asked.append(asked)
                    for part in self.answer(asked):
                        secured.sendall(part)
            except OSError:
                plain.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Net:
    """A network in which names lead where the test says, and connections all end at the test's server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.addresses: dict[str, list[str]] = {HOST: [PUBLIC], OTHER: [PUBLIC]}
        self.looked_up: list[str] = []
        self.connected: list[str] = []

    def lookup(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        return self.addresses[host]

    def connect(self, address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
        self.connected.append(f"{address}:{port}")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.server.port, timeout=timeout_s)


@pytest.fixture
def net(certificate: Path) -> Iterator[Net]:
    server = Server(certificate)
    yield Net(server)
    server.close()


def source(net: Net, certificate: Path, *hosts: str, timeout_s: float = 10.0) -> HttpsSource:
    trust = ssl.create_default_context(cafile=certificate)
    return HttpsSource(
        hosts or (HOST,), lookup=net.lookup, connect=net.connect, trust=trust, timeout_s=timeout_s
    )


def test_a_named_host_is_read_with_nothing_of_ours_told(net: Net, certificate: Path) -> None:
    assert source(net, certificate).read(f"https://{HOST}/v/a.png?w=1", most=1_000) == PNG
    (asked,) = net.server.asked
    assert asked.startswith(b"GET /v/a.png?w=1 HTTP/1.1\r\n")
    assert b"Cookie" not in asked
    assert b"Authorization" not in asked
    assert net.connected == [f"{PUBLIC}:443"]


@pytest.mark.parametrize(
    "uri",
    [
        *(
            f"http://{HOST}/a",
            f"https://{HOST}:8443/a",
            f"https://user:word@{HOST}/a",
            f"https://user@{HOST}/a",
        ),
        *("https://127.0.0.1/a", "https://[::1]/a", "https://2130706433/a", "https://localhost/a"),
        *(f"https://{HOST}.evil.example/a", f"https://evil.example/{HOST}", f"https://evil.example#@{HOST}/"),
        *(f"https://{HOST}\\@evil.example/", f"https://evil.example\\.{HOST}/", f"https://{HOST}./a"),
        *(
            f"https://{HOST}/a b",
            f"https://{HOST}/a\r\nX: y",
            "https://ｃdn.platform.example/a",
            "https:///a",
        ),
        *(
            "https://",
            f"https://{HOST}:0x1bb/a",
            f"https://{HOST}:99999/a",
            "gopher://x",
            "file:///etc/passwd",
        ),
    ],
)
def test_no_other_address_is_even_looked_up(net: Net, certificate: Path, uri: str) -> None:
    assert reason(source(net, certificate).read(uri, most=1_000)) == "not_allowed"
    assert net.looked_up == []


@pytest.mark.parametrize(
    "addresses",
    [[INSIDE], ["127.0.0.1"], ["10.0.0.8"], ["::1"], ["::ffff:10.0.0.1"], [PUBLIC, "192.168.1.1"], []],
)
def test_a_name_that_leads_inside_is_not_connected_to(
    net: Net, certificate: Path, addresses: list[str]
) -> None:
    net.addresses[HOST] = addresses
    assert reason(source(net, certificate).read(f"https://{HOST}/a", most=1_000)) == "not_allowed"
    assert net.connected == []


def test_a_name_is_resolved_once_so_rebinding_changes_nothing(net: Net, certificate: Path) -> None:
    answers = iter(([PUBLIC], [INSIDE]))
    net.lookup = lambda host, port: next(answers)  # type: ignore[method-assign]  # the second would lead inside
    assert source(net, certificate).read(f"https://{HOST}/a", most=1_000) == PNG
    assert net.connected == [f"{PUBLIC}:443"]


def test_a_redirect_is_checked_like_the_first_address(net: Net, certificate: Path) -> None:
    def redirect(to: str) -> str | bytes:
        def answered(asked: bytes) -> Iterator[bytes]:
            moved = asked.startswith(b"GET /a ")
            yield answer(b"", f"Location: {to}", status="302 Found") if moved else answer(PNG)

        net.server.answer = answered
        found = source(net, certificate, HOST, OTHER).read(f"https://{HOST}/a", most=1_000)
        return found.reason if isinstance(found, Refusal) else found

    assert redirect(f"https://{OTHER}/b") == PNG
    assert redirect("/b") == PNG
    assert redirect("https://evil.example/b") == "not_allowed"
    assert redirect(f"http://{HOST}/b") == "not_allowed"
    assert redirect("file:///etc/passwd") == "not_allowed"
    assert redirect(f"https://{HOST}/a") == "unreachable"  # round and round
    net.addresses[OTHER] = [INSIDE]
    assert redirect(f"https://{OTHER}/b") == "not_allowed"


def test_a_certificate_for_another_name_is_not_believed(net: Net, certificate: Path) -> None:
    third = "third.platform.example"
    net.addresses[third] = [PUBLIC]
    assert reason(source(net, certificate, third).read(f"https://{third}/a", most=1_000)) == "unreachable"
    untrusting = HttpsSource((HOST,), lookup=net.lookup, connect=net.connect)
    assert reason(untrusting.read(f"https://{HOST}/a", most=1_000)) == "unreachable"


def test_no_body_is_larger_than_asked_for_whatever_it_declares(net: Net, certificate: Path) -> None:
    net.server.answer = lambda _: iter((answer(bytes(5_000)),))
    assert reason(source(net, certificate).read(f"https://{HOST}/a", most=1_000)) == "too_large"

    def endless(_: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        for _ in range(1_000):
            yield bytes(10_000)

    net.server.answer = endless
    assert reason(source(net, certificate).read(f"https://{HOST}/a", most=1_000)) == "too_large"
    net.server.answer = lambda _: iter((answer(PNG, "Content-Encoding: gzip"),))
    assert reason(source(net, certificate).read(f"https://{HOST}/a", most=1_000)) == "unsupported"
    net.server.answer = lambda _: iter((answer(b"no", status="404 Not Found"),))
    assert reason(source(net, certificate).read(f"https://{HOST}/a", most=1_000)) == "unreachable"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_drips_is_left_at_the_deadline(net: Net, certificate: Path, where: str) -> None:
    left = threading.Event()

    @contextmanager
    def until_left() -> Iterator[None]:
        try:
            yield
        finally:
            left.set()

    def drip(_: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if where == "body" else b"")
        with until_left():
            for _ in range(2_000):
                time.sleep(0.02)
                yield b"X" if where == "body" else b"X: y\r\n"

    net.server.answer = drip
    found = source(net, certificate, timeout_s=0.3).read(f"https://{HOST}/a", most=10**6)
    assert reason(found) == "unreachable"
    assert left.wait(10)  # the server saw the connection go


def test_a_server_that_is_not_there_is_unreachable(net: Net, certificate: Path) -> None:
    def refused(address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
        raise httpcore.ConnectError

    net.connect = refused  # type: ignore[method-assign]  # nobody listens
    assert reason(source(net, certificate).read(f"https://{HOST}/a", most=1_000)) == "unreachable"
