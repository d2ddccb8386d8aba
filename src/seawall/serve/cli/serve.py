"""`seawall serve`: the one process with the HTTP API and the console."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import typer
import uvicorn

from seawall.serve.app import make_app
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_live
from seawall.serve.settings import Settings
from seawall.serve.web.render import built

if TYPE_CHECKING:
    import socket

    from seawall.serve.live import Live

GRACE_S = 30


def serve(
    project: Path = typer.Option(Path(), "--project", help="The folder that holds seawall.yml."),
    host: str | None = typer.Option(None, "--host", help="Address to listen on; SEAWALL_HOST else."),
    port: int | None = typer.Option(None, "--port", help="Port to listen on, 0 for a free one."),
) -> None:
    """Serve a safety project: events in, decisions out, and the console.

    Stops gracefully on SIGTERM or Ctrl-C: what was taken is decided and durable.
    """
    settings = Settings()  # pyright: ignore[reportCallIssue]  the environment fills it
    changed = {"host": host or settings.host, "port": settings.port if port is None else port}
    run(project, settings.model_copy(update=changed))


def run(project: Path, settings: Settings) -> None:
    """Serve until somebody stops it."""
    log_to_stderr(settings.log_level)
    live = open_live(project, settings, clock=SystemClock())
    live.start()
    try:
        _Server(live).run()
    finally:
        live.stop()


class _Server(uvicorn.Server):
    def __init__(self, live: Live) -> None:
        self._live = live
        settings = live.settings
        super().__init__(
            uvicorn.Config(
                make_app(live),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=GRACE_S,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.servers:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        typer.echo(f"Seawall serves {self._live.project.name} at http://{shown}:{port}")
        if not built():
            typer.echo("The console's assets are not built: run `make assets`. The HTTP API works without.")
        if self._live.secure and not self._live.settings.secure_cookies:
            typer.echo("Listening beyond this machine: the console needs HTTPS in front, for its cookies.")
        if not self._live.users.all():
            typer.echo(
                "Nobody can sign in yet: `seawall users create --name NAME --role ROLE` makes an account."
            )


def log_to_stderr(level: str) -> None:
    """Write the log as lines of JSON, from a level on."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=typer.get_text_stream("stderr")),
    )
