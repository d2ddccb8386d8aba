"""A running server on a port of its own, in a thread of this process, for as long as a day lasts."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

from seawall.core.errors import StorageError
from seawall.serve.app import make_app

if TYPE_CHECKING:
    from collections.abc import Generator

    from seawall.serve.live import Live

_PATIENCE_S = 30
_LOOK_S = 0.02


@contextmanager
def serving(live: Live) -> Generator[str]:
    """Serve a process that was started; gives the address.

    Raises:
        StorageError: it did not come up.
    """
    config = uvicorn.Config(
        make_app(live), host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, name="seawall-demo-server", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
        if not server.started:
            raise StorageError("the demo's server did not start", hint="is 127.0.0.1 there, and a port free?")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
