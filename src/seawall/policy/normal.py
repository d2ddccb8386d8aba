"""What stays of a definition when layout, comments and order are taken away, and its hash."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from seawall.policy.conditions.fault import Refused
from seawall.policy.conditions.lex import lex

_CANONICAL = msgspec.json.Encoder(order="sorted", decimal_format="string")


def normal_condition(text: str) -> list[tuple[str, str]] | str:
    r"""The tokens of a condition, so that line breaks and spaces do not make it another one.

    >>> normal_condition("a  >\n 1") == normal_condition("a > 1")
    True
    >>> normal_condition("a = 'x  y'") == normal_condition("a = 'x y'")
    False
    """
    try:
        return [(token.kind.value, token.text) for token in lex(text)]
    except Refused:
        return text  # it does not check, so no version is made of it


def fingerprint(definition: Any) -> str:
    """SHA-256 in hexadecimal of a definition in canonical JSON.

    >>> fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(_CANONICAL.encode(definition)).hexdigest()
