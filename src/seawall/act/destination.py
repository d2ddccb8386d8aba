"""Where effects are sent: the operator's list of receivers, with their secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
import yaml

from seawall.core.diagnostic import Span
from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from seawall.act.facts import Key

MIN_SECRET = 24


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """One receiver of effects.

    Attributes:
        name: what the outbox and the command line call it.
        url: where messages are posted, http or https; a redirect is never followed.
        secrets: what messages are signed with, the newest first. A message carries one signature for each,
        so that the
            receiver can change over while both are listed.
        axes: which effects it gets; empty: all.
        timeout_s: how long one attempt may wait for a connection, and for each answer.
        parallel: how many messages may be under way at once.
    """

    name: str
    url: str
    secrets: tuple[str, ...]
    axes: tuple[str, ...] = ()
    timeout_s: float = 10.0
    parallel: int = 8

    def wants(self, key: Key) -> bool:
        """Whether it is told of effects on this key."""
        return not self.axes or key.axis in self.axes


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    secrets: list[str]
    axes: list[str] = []
    timeout_s: float = 10.0
    parallel: int = 8


class _File(msgspec.Struct, forbid_unknown_fields=True):
    destinations: dict[str, _Entry]


def read_destinations(path: Path, *, environ: Mapping[str, str] = os.environ) -> tuple[Destination, ...]:
    """Read the operator's file; no file, no destinations.

    A secret is written `env:NAME` or `file:PATH` (relative to the file), so that the file itself can be
    shown.

    Raises:
        UsageError: the file does not say what it should; the message names the place and the mend.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return ()
    try:
        file = msgspec.convert(yaml.safe_load(text), _File)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(
            f"not a list of destinations: {error}",
            span=Span(str(path)),
            hint="docs/reference/webhooks.md shows one",
        ) from error
    return tuple(
        _destination(name, entry, path, environ) for name, entry in sorted(file.destinations.items())
    )


def _destination(name: str, entry: _Entry, path: Path, environ: Mapping[str, str]) -> Destination:
    problem = _problem(name, entry)
    if problem is not None:
        message, hint = problem
        raise UsageError(f"destination {name!r}: {message}", span=Span(str(path)), hint=hint)
    return Destination(
        name=name,
        url=entry.url,
        secrets=tuple(_secret(name, written, path, environ) for written in entry.secrets),
        axes=tuple(entry.axes),
        timeout_s=entry.timeout_s,
        parallel=entry.parallel,
    )


def _problem(name: str, entry: _Entry) -> tuple[str, str] | None:
    try:
        url = urlsplit(entry.url)
        whole = url.scheme in {"http", "https"} and bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        return f"{entry.url!r} is no address", "write https://host/path"
    checks = (
        (0 < len(name) <= 60, "its name is empty or longer than 60 characters", "give it a short name"),
        (whole, f"{entry.url!r} is no http or https address", "write https://host/path"),
        (url.username is None, "a name or password stands in the address", "signatures say who sends"),
        (bool(entry.secrets), "it has no secret to sign with", "add `secrets: [env:NAME]`"),
        (0 < entry.timeout_s <= 60, "timeout_s must be above 0 and at most 60", "10 is the default"),
        (1 <= entry.parallel <= 64, "parallel must be 1 to 64", "8 is the default"),
    )
    return next(((message, hint) for fine, message, hint in checks if not fine), None)


def _secret(name: str, written: str, path: Path, environ: Mapping[str, str]) -> str:
    kind, _, rest = written.partition(":")
    secret = None
    if kind == "env":
        secret = environ.get(rest)
    elif kind == "file" and (path.parent / rest).is_file():
        secret = (path.parent / rest).read_text().strip()
    if secret is None:
        shown = written if kind in {"env", "file"} else f"{written[:2]}..."  # it may be a secret itself
        raise UsageError(
            f"destination {name!r}: the secret {shown} is not there",
            span=Span(str(path)),
            hint="write env:NAME of a variable that is set, or file:PATH of a file that exists",
        )
    if len(secret) < MIN_SECRET:
        raise UsageError(
            f"destination {name!r}: a secret of {len(secret)} characters can be guessed",
            span=Span(str(path)),
            hint=f"use {MIN_SECRET} or more, for instance from `openssl rand -hex 32`",
        )
    return secret
