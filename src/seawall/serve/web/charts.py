"""Charts drawn on the server: bars over time as SVG, each bar a link to the rows behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 1000, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 14, 22


class Bar(NamedTuple):
    """One interval: how many, how it is labelled, where its rows are."""

    value: int
    label: str
    href: str
    second: int = 0  # drawn as an outline above: what fired in shadow


class Event(NamedTuple):
    """Something that happened between bars, such as a release."""

    at: float  # position in bars from the left
    label: str


def bars(
    values: Sequence[Bar], *, events: Sequence[Event] = (), every: int = 1, title: str, width: int = WIDTH
) -> Markup:
    """A bar chart; `every` says how many bars lie between two labels, `width` its width beside 180."""
    top = nice_ceiling(max((bar.value + bar.second for bar in values), default=0))
    step = (width - _LEFT - _RIGHT) / max(1, len(values))
    floor = HEIGHT - _BOTTOM
    scale = (floor - _TOP) / top
    parts = [_grid(top, floor, scale, width)]
    for at, bar in enumerate(values):
        x = _LEFT + at * step
        if at % every == 0:
            parts.append(_text(x + step / 2, HEIGHT - 6, bar.label, anchor="middle"))
        if bar.value or bar.second:
            parts.append(_bar(bar, x, step, floor, scale))
    for event in events:
        x = _LEFT + event.at * step
        right = event.at > len(values) * 0.8
        parts.append(
            Markup('<line class="event" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>').format(
                x, _TOP - 8, floor
            )
        )
        parts.append(_text(x + (-4 if right else 4), _TOP, event.label, anchor="end" if right else "start"))
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        width, HEIGHT, title, Markup("").join(parts)
    )


def nice_ceiling(value: float) -> int:
    """The next of 1, 2, 5, 10, 20 ... that is not smaller; at least 2, so that the middle line is whole.

    >>> [nice_ceiling(value) for value in (0, 1, 3, 12, 480, 1000)]
    [2, 2, 4, 20, 500, 1000]
    """
    if value <= 2:
        return 2
    magnitude = 10 ** math.floor(math.log10(value))
    return next(int(step * magnitude) for step in (1, 2, 4, 5, 10) if step * magnitude >= value)


def share(true: int, false: int, null: int, whole: int) -> Markup:
    """How a condition's outcomes split, as one thin bar: true, false, NULL, and the rest not looked at."""
    at = 0.0
    parts = [Markup('<rect class="all" x="0" y="0" width="100" height="9"/>')]
    for name, count in (("true", true), ("false", false), ("null", null)):
        width = 100 * count / whole if whole else 0.0
        if width:
            parts.append(
                Markup('<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="9"/>').format(
                    name, at, width
                )
            )
        at += width
    return Markup(
        '<svg class="share" viewBox="0 0 100 9" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(parts))


def _grid(top: int, floor: float, scale: float, width: int) -> Markup:
    parts: list[Markup] = []
    for value in (0, top // 2, top):
        y = floor - value * scale
        parts.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
                _LEFT, width - _RIGHT, y, y
            )
        )
        parts.append(_text(_LEFT - 6, y + 4, f"{value:,}", anchor="end"))
    return Markup("").join(parts)


def _bar(bar: Bar, x: float, step: float, floor: float, scale: float) -> Markup:
    height = max(1.5, bar.value * scale) if bar.value else 0.0
    shape = Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        x + step * 0.12, floor - height, step * 0.76, height
    )
    if bar.second:
        more = max(1.5, bar.second * scale)
        shape += Markup(
            '<rect class="bar second" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        ).format(x + step * 0.12, floor - height - more, step * 0.76, more)
    told = f"{bar.label}: {bar.value:,} live" + (f", {bar.second:,} in shadow" if bar.second else "")
    return Markup('<a href="{}" aria-label="{}"><title>{}</title>{}</a>').format(bar.href, told, told, shape)


def _text(x: float, y: float, text: str, *, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)
