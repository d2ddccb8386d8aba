"""Text to tokens, by the lexical rules of DuckDB (which are PostgreSQL's)."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum

from seawall.policy.conditions.fault import Fault, Refused


class TokenKind(StrEnum):
    """What a token is, before anybody asks what it means."""

    NAME = "name"
    QUOTED = "quoted name"
    TEXT = "text"
    NUMBER = "number"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `text` is its value, without quotes; `start` and `end` are offsets of characters."""

    kind: TokenKind
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return "the end" if self.kind is TokenKind.END else f"{self.text!r}"


_PATTERN = re.compile(
    r"""
      (?P<space>[ \t\r\n\f\v]+)
    | (?P<comment>--[^\n]*|/\*)
    | (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<number>(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<single>[(),\[\]])
    | (?P<operator>::|[-+*/<>=~!@\#^&|`?%]+)
    """,
    re.VERBOSE,
)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_LETS_A_SIGN_END_IT = frozenset("~!@#^&|`?%")
_OPERATORS = frozenset(
    ("+", "-", "*", "/", "//", "%", "||", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "::")
)


def lex(text: str) -> list[Token]:
    """Split a condition into tokens, the last one being the end.

    Raises:
        Refused: a character, comment or operator that the language does not have.

    >>> [token.text for token in lex("a >= 'it''s' -- no")]
    Traceback (most recent call last):
    ...
    seawall.policy.conditions.fault.Refused: a comment hides part of a condition
    >>> [token.text for token in lex("a>=-1 AND b = 'it''s'")]
    ['a', '>=', '-', '1', 'AND', 'b', '=', "it's", '']
    """
    unwritable = _UNWRITABLE.search(text)
    if unwritable:
        at = unwritable.start()
        raise Refused(Fault(at, at + 1, "syntax", "this character cannot be stored as text", "remove it"))
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        found = _PATTERN.match(text, position)
        if found is None:
            raise Refused(_stray(text, position))
        if found.lastgroup != "space":
            tokens.append(_token(found))
            position = tokens[-1].end
        else:
            position = found.end()
    tokens.append(Token(TokenKind.END, "", len(text), len(text)))
    _refuse_glued(tokens)
    return tokens


def _token(found: re.Match[str]) -> Token:
    start, end, raw = found.start(), found.end(), found.group()
    match found.lastgroup:
        case "text":
            return Token(TokenKind.TEXT, raw[1:-1].replace("''", "'"), start, end)
        case "quoted":
            return Token(TokenKind.QUOTED, raw[1:-1].replace('""', '"'), start, end)
        case "number":
            return Token(TokenKind.NUMBER, raw, start, end)
        case "name":
            return Token(TokenKind.NAME, raw, start, end)
        case "single":
            return Token(TokenKind.OPERATOR, raw, start, end)
        case "comment":
            raise Refused(
                Fault(
                    start,
                    end,
                    "comment",
                    "a comment hides part of a condition",
                    "say it in `describes:` instead",
                )
            )
        case _:
            return _operator(raw, start)


def _operator(raw: str, start: int) -> Token:
    """As long as it can be; a sign at its end belongs to the operand unless a rarer character is in it."""
    for comment in ("--", "/*"):
        raw = raw.split(comment, 1)[0] or raw
    while len(raw) > 1 and raw[-1] in "+-" and not _LETS_A_SIGN_END_IT & set(raw):
        raw = raw[:-1]
    end = start + len(raw)
    if raw not in _OPERATORS:
        hint = (
            f"write a space: {raw[:-1]} {raw[-1]}"
            if raw[:-1] in _OPERATORS
            else "see docs/reference/conditions.md"
        )
        raise Refused(Fault(start, end, "unknown-operator", f"there is no operator {raw!r}", hint))
    return Token(TokenKind.OPERATOR, raw, start, end)


def _stray(text: str, position: int) -> Fault:
    character = text[position]
    if character in "'\"":
        what = "text" if character == "'" else "quoted name"
        return Fault(position, len(text), "syntax", f"this {what} does not end", f"close it with {character}")
    hints = {";": "a condition is one expression", ".": "names have no prefix"}
    message = f"the character {character!r} has no meaning here"
    return Fault(position, position + 1, "syntax", message, hints.get(character))


def _refuse_glued(tokens: list[Token]) -> None:
    """A word that touches a number or a quote (`1e`, `x'ab'`, `E'..'`) is not what it seems to be."""
    words = (TokenKind.NAME, TokenKind.NUMBER)
    for left, right in itertools.pairwise(tokens):
        touches = left.end == right.start and right.kind is not TokenKind.END
        literal = (*words, TokenKind.TEXT, TokenKind.QUOTED)
        if touches and left.kind in literal and right.kind in literal:
            raise Refused(
                Fault(
                    left.start,
                    right.end,
                    "syntax",
                    "two words touch here",
                    "put a space or an operator between them",
                )
            )
