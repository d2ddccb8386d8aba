"""YAML as it stands on the page: values that know their place."""

from __future__ import annotations

import math
import re

import msgspec

from seawall.core.diagnostic import Span

Plain = None | bool | int | float | str

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,40}")
_OTHER_BASE = re.compile(r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_LONGEST_NUMBER = 400


class YamlScalar(msgspec.Struct, frozen=True):
    """A text, and the value it stands for in YAML 1.2's core schema."""

    text: str
    value: Plain
    span: Span
    style: str = ""  # "" plain, "'", '"', "|" or ">"


class YamlList(msgspec.Struct, frozen=True):
    """Items in order."""

    items: tuple[YamlNode, ...]
    span: Span
    size: int = 1


class YamlMap(msgspec.Struct, frozen=True):
    """Keys, each once and always text, with their values, in the order written."""

    entries: tuple[tuple[YamlScalar, YamlNode], ...]
    span: Span
    size: int = 1


YamlNode = YamlScalar | YamlList | YamlMap


def size_of(node: YamlNode) -> int:
    """How many values a node holds, with every alias counted as often as it is used."""
    return 1 if isinstance(node, YamlScalar) else node.size


def name_of(node: YamlNode) -> str:
    """What a reader would call it.

    >>> name_of(YamlScalar("no", "no", Span("x.yml")))
    "the text 'no'"
    """
    match node:
        case YamlList():
            return "a list"
        case YamlMap():
            return "a map of keys"
        case YamlScalar(value=None):
            return "nothing"
        case YamlScalar(value=bool()):
            return f"the boolean {node.text}"
        case YamlScalar(value=int() | float()):
            return f"the number {node.text[:40]}"
        case YamlScalar():
            return f"the text {shorten(node.text)!r}"


def shorten(text: str, width: int = 40) -> str:
    """The first of a long text.

    >>> shorten("a" * 50, 5)
    'aaaa…'
    """
    return text if len(text) <= width else text[: width - 1] + "…"


def resolve(text: str) -> Plain:
    """The value of a plain scalar in YAML 1.2's core schema, in which `no` is a text and `012` is twelve.

    >>> [resolve(text) for text in ("NO", "off", "true", "~", "012", "0x1F", "1e3", "2026-01-01")]
    ['NO', 'off', True, None, 12, 31, 1000.0, '2026-01-01']
    """
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _NUMBER.fullmatch(text):
        return float(text)
    if infinite := _INFINITE.fullmatch(text):
        return -math.inf if infinite[1] == "-" else math.inf
    return math.nan if text in _NAN else text
