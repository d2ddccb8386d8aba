"""The templates of the console, with the filters and functions they may use."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context  # noqa: TC002  Jinja reads it
from markupsafe import Markup

from seawall.core.clock import format_time
from seawall.serve.web import veil, words
from seawall.serve.web.prose import prose

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ASSETS = HERE / "assets"


@cache
def asset(name: str) -> str:
    """The address of a built file; it changes with the file, so that browsers may keep it."""
    path = ASSETS / name
    stamp = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "missing"
    return f"/assets/{name}?v={stamp}"


def built() -> bool:
    """Whether the assets are there."""
    return (ASSETS / "console.css").is_file() and (ASSETS / "console.js").is_file()


@pass_context
def _token(context: Context) -> Markup:
    """The hidden field that every form posts back."""
    person = context["visit"].person
    return Markup('<input type="hidden" name="form_token" value="{}">').format(
        person.form_token if person else ""
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    functions: dict[str, object] = {"asset": asset, "token": _token}
    filters: dict[str, Callable[..., Any]] = {
        "clock": words.clock,
        "number": words.number,
        "percent": words.percent,
        "words": words.words,
        "cost": words.cost,
        "span": words.span,
        "age": words.age,
        "with_query": words.with_query,
        "rfc3339": format_time,
        "prose": prose,
        "plain": veil.plain,
        "sensitive": veil.sensitive,
        "shape": veil.shape,
    }
    cast("dict[str, object]", environment.globals).update(functions)
    cast("dict[str, Callable[..., Any]]", environment.filters).update(filters)
    return environment


TEMPLATES = _environment()
