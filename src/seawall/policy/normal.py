"""What stays of a definition when layout, comments and order are taken away, and its hash."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from sqlglot.errors import TokenError
from sqlglot.tokens import Tokenizer

_CANONICAL = msgspec.json.Encoder(order="sorted", decimal_format="string")


def normal_condition(text: str) -> list[list[str]] | str:
    r"""The tokens of a condition, so that neither line breaks nor comments make it another one.

    >>> normal_condition("a  >\n 1 -- why") == normal_condition("a > 1")
    True
    >>> normal_condition("a = 'x  y'") == normal_condition("a = 'x y'")
    False
    """
    try:
        tokens = Tokenizer(dialect="duckdb").tokenize(text)
    except TokenError:
        return text
    return [[token.token_type.name, token.text] for token in tokens]


def fingerprint(definition: Any) -> str:
    """SHA-256 in hexadecimal of a definition in canonical JSON.

    >>> fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(_CANONICAL.encode(definition)).hexdigest()
