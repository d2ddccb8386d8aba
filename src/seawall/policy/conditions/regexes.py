"""Regular expressions with RE2, so that no pattern can take more than linear time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import re2 as untyped_re2

if TYPE_CHECKING:
    from collections.abc import Callable

re2: Any = untyped_re2  # it ships no types
MAX_PATTERN = 1_000
OPTIONS = "cilmnps"
_ESCAPES = re.compile(
    r"\\(?:[pP](?:\{\^?(?P<named>[^}]*)\}|(?P<letter>.))|(?P<other>.))|(?P<group>\(\?<)", re.DOTALL
)
_CLASSES = frozenset(
    (
        *(
            "Any",
            "C",
            "Cc",
            "Cf",
            "Co",
            "Cs",
            "Ll",
            "Lm",
            "Lt",
            "Lu",
            "M",
            "Mc",
            "Me",
            "Mn",
            "N",
            "Nd",
            "Nl",
            "No",
        ),
        *("P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "Z", "Zl", "Zp", "Zs"),
        *(
            "Arabic",
            "Armenian",
            "Bengali",
            "Cyrillic",
            "Devanagari",
            "Ethiopic",
            "Georgian",
            "Greek",
            "Hangul",
        ),
        *("Hebrew", "Hiragana", "Inherited", "Katakana", "Khmer", "Lao", "Latin", "Mongolian", "Myanmar"),
        *("Sinhala", "Tamil", "Telugu", "Thai", "Tibetan"),
    )
)
"""Classes of Unicode with the same code points in both builds of RE2; the others have grown since."""


class BadPattern(ValueError):
    """The pattern, its options or its group are not what RE2 in DuckDB takes."""


def compile_pattern(pattern: str, options: str = "") -> Any:
    """A compiled pattern with the options of DuckDB.

    Args:
        pattern: RE2 syntax.
        options: any of `c` case-sensitive, `i` case-insensitive, `l` literal, `s` a dot matches a line feed,
            and `m`, `n`, `p` it does not.

    Raises:
        BadPattern: either is not valid, or not the same in every back end.
    """
    if len(pattern) > MAX_PATTERN:
        msg = f"the pattern is longer than {MAX_PATTERN:,} characters"
        raise BadPattern(msg)
    settings = re2.Options()
    settings.log_errors = False
    settings.max_mem = 8 << 20
    for option in options:
        _set(settings, option)
    if not settings.literal:
        _refuse_what_differs(pattern)
    try:
        return re2.compile(pattern, settings)
    except re2.error as failure:
        raise BadPattern(_reason(failure)) from failure


def _refuse_what_differs(pattern: str) -> None:
    """What RE2 in DuckDB, which is older, does not take or takes differently."""
    for found in _ESCAPES.finditer(pattern):
        name = found["named"] or found["letter"]
        if found["group"] or found["other"] == "C" or (name and name not in _CLASSES):
            hint = "; write the ranges of code points, such as [\\x{4E00}-\\x{9FFF}]" if name else ""
            msg = f"{found.group()} is not the same everywhere{hint}"
            raise BadPattern(msg)


def _set(settings: Any, option: str) -> None:
    match option:
        case "i" | "c":
            settings.case_sensitive = option == "c"
        case "l":
            settings.literal = True
        case "s" | "m" | "n" | "p":
            settings.dot_nl = option == "s"
        case _:
            msg = f"there is no option {option!r}; the options are {', '.join(OPTIONS)}"
            raise BadPattern(msg)


def _reason(failure: Exception) -> str:
    what: Any = failure.args[0] if failure.args else "invalid pattern"
    return what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)


def regexp_matches(pattern: str, options: str = "") -> Callable[[str | None], bool | None]:
    """A test whether a pattern occurs anywhere in a text."""
    compiled = compile_pattern(pattern, options)

    def matches(text: str | None) -> bool | None:
        return None if text is None else compiled.search(text) is not None

    return matches


def regexp_extract(pattern: str, group: int = 0, options: str = "") -> Callable[[str | None], str | None]:
    """The first occurrence of a pattern, or of one group of it; empty if there is none.

    Raises:
        BadPattern: see `compile_pattern`, or the pattern has no such group.
    """
    compiled = compile_pattern(pattern, options)
    if not 0 <= group <= compiled.groups:
        msg = f"the pattern has {compiled.groups} groups, not {group}"
        raise BadPattern(msg)

    def extract(text: str | None) -> str | None:
        if text is None:
            return None
        found = compiled.search(text)
        return (found.group(group) or "") if found else ""

    return extract
