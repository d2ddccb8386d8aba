"""`https://HOST/...` of hosts that the project names, read so that no answer of theirs leads elsewhere.

A name is resolved once, every address it has must be public, and the connection goes to the address that was
checked: a name that answers differently a moment later changes nothing. The certificate is still checked for
the name. Redirects are followed by hand, each with every check again.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpcore

from seawall.core.media import Refusal
from seawall.ingest.media.addresses import is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TIMEOUT_S = 20.0
"""For all of one file, redirects included."""

_REDIRECTS = 3
_STEP_S = 5.0  # for one connection attempt or one silence of the server
_PORT = 443
_PLAIN = re.compile(r"[\x21-\x7e]{1,4096}")  # no spaces, controls, or letters that a name could hide in
_MOVED = frozenset({301, 302, 303, 307, 308})
_OK = 200


class _Place(NamedTuple):
    host: str
    port: int
    target: str


class _Refused(Exception):
    """Carries why out of the library that connects."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def addresses_of(host: str, port: int) -> list[str]:
    """Every address that a name has now.

    Raises:
        OSError: it has none.
    """
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connect_to(address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
    """A connection to an address, which is no name any more."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=timeout_s)


class HttpsSource:
    """Reads from hosts that are named. Threads may share it: nothing is kept from one file to the next."""

    scheme = "https"

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        lookup: Callable[[str, int], list[str]] = addresses_of,
        connect: Callable[[str, int, float], httpcore.NetworkStream] = connect_to,
        trust: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """Name what may be read.

        Args:
            hosts: names, with `:port` where that is not 443.
            lookup: gives the addresses of a name.
            connect: connects to an address.
            trust: whose certificates are believed; the system's unless given.
            timeout_s: for all of one file.
            timer: seconds that only rise.
        """
        self._hosts = frozenset(host if ":" in host else f"{host}:{_PORT}" for host in hosts)
        self._lookup = lookup
        self._connect = connect
        self._trust = trust
        self._timeout_s = timeout_s
        self._timer = timer

    def read(self, uri: str, *, most: int) -> bytes | Refusal:
        """The body, or why not."""
        deadline = self._timer() + self._timeout_s
        for _ in range(_REDIRECTS + 1):
            place = self._place(uri)
            if isinstance(place, Refusal):
                return place
            try:
                found = self._get(place, most, deadline)
            except _Refused as refused:
                return refused.refusal
            except httpcore.TimeoutException:
                return Refusal("unreachable", "it took too long")
            except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
                return Refusal("unreachable", type(error).__name__)
            if not isinstance(found, str):
                return found
            uri = urljoin(uri, found)
        return Refusal("unreachable", f"more than {_REDIRECTS} redirects")

    def _place(self, uri: str) -> _Place | Refusal:
        """Where an address leads, if that is allowed."""
        if not _PLAIN.fullmatch(uri) or "\\" in uri:
            return Refusal("not_allowed", "the address holds characters that no address needs")
        try:
            parts = urlsplit(uri)
            port = parts.port or _PORT
        except ValueError:
            return Refusal("not_allowed", "the address cannot be read")
        if parts.scheme != self.scheme:
            return Refusal("not_allowed", "only https is read")
        if parts.username is not None or parts.password is not None:
            return Refusal("not_allowed", "the address carries credentials")
        host = (parts.hostname or "").lower()
        if f"{host}:{port}" not in self._hosts:
            return Refusal("not_allowed", "the project does not name this host")
        query = f"?{parts.query}" if parts.query else ""
        return _Place(host, port, f"{parts.path or '/'}{query}")

    def _get(self, place: _Place, most: int, deadline: float) -> bytes | str | Refusal:
        """The body, where a redirect leads, or why not."""
        context = self._trust or ssl.create_default_context()
        backend = _Backend(self._lookup, self._connect, deadline, self._timer)
        url = httpcore.URL(
            scheme=b"https", host=place.host.encode(), port=place.port, target=place.target.encode()
        )
        limits = dict.fromkeys(("connect", "read", "write", "pool"), _STEP_S)
        headers = [("Host", _host_header(place)), ("Accept", "image/*, video/*, audio/*")]
        headers += [("Accept-Encoding", "identity"), ("User-Agent", "seawall")]
        with (
            httpcore.ConnectionPool(ssl_context=context, network_backend=backend, retries=0) as pool,
            pool.stream("GET", url, headers=headers, extensions={"timeout": limits}) as answer,
        ):
            given = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status in _MOVED:
                return given.get(b"location", "")
            if answer.status != _OK:
                return Refusal("unreachable", f"the server answered {answer.status}")
            if given.get(b"content-encoding", "identity") != "identity":
                return Refusal("unsupported", "the body is compressed, though nobody asked for that")
            declared = given.get(b"content-length", "")
            if declared.isdigit() and int(declared) > most:
                return Refusal("too_large", f"{declared} bytes")
            return _body(answer.iter_stream(), most)


def _host_header(place: _Place) -> str:
    return place.host if place.port == _PORT else f"{place.host}:{place.port}"


def _body(chunks: Iterable[bytes], most: int) -> bytes | Refusal:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > most:
            return Refusal("too_large", f"more than {most:,} bytes")
    return bytes(data)


class _Backend(httpcore.NetworkBackend):
    """Connects to checked addresses only, and ends everything at the deadline."""

    def __init__(
        self,
        lookup: Callable[[str, int], list[str]],
        connect: Callable[[str, int, float], httpcore.NetworkStream],
        deadline: float,
        timer: Callable[[], float],
    ) -> None:
        self._lookup = lookup
        self._connect = connect
        self._deadline = deadline
        self._timer = timer

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout, local_address, socket_options  # the deadline is stricter
        addresses = list(dict.fromkeys(self._lookup(host, port)))
        # one private address among public ones is how a name is made to lead inside
        if not addresses or not all(map(is_public, addresses)):
            raise _Refused(Refusal("not_allowed", "the name leads to an address that is not public"))
        fault: Exception = OSError("no address")
        for address in addresses:
            left = min(_STEP_S, self._deadline - self._timer())
            if left <= 0:
                raise httpcore.ConnectTimeout
            try:
                return _Stream(self._connect(address, port, left), self._deadline, self._timer)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as error:
                fault = error
        raise fault

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        del path, timeout, socket_options
        raise _Refused(Refusal("not_allowed", "no local sockets"))

    def sleep(self, seconds: float) -> None:
        del seconds
        raise httpcore.ConnectTimeout  # there are no retries to wait for


class _Stream(httpcore.NetworkStream):
    """A connection that ends at the deadline, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float, timer: Callable[[], float]) -> None:
        self._inner = inner
        self._deadline = deadline
        self._timer = timer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Stream(secured, self._deadline, self._timer)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - self._timer()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)
