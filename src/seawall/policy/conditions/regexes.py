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


_REWRITES = re.compile(r"\\(?P<escaped>.?)|[^\\]+", re.DOTALL)


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
        return None if text is None else compiled.search(text.encode()) is not None  # bytes: nothing to count

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


def regexp_replace(pattern: str, by: str, options: str = "") -> Callable[[str | None], str | None]:
    r"""The text with the first occurrence of a pattern replaced, or every one with the option `g`.

    Args:
        pattern: see `compile_pattern`.
        by: what stands there instead; `\0` is the occurrence, `\1` to `\9` its groups, `\\` a backslash.
        options: `g`, and those of `compile_pattern`.

    Raises:
        BadPattern: see `compile_pattern`, or `by` names a group that there is none of.

    >>> regexp_replace(r"(\d)\d+", r"\1..", "g")("call +6581, 990"), regexp_replace("x*", "-", "g")("aé")
    ('call +6.., 9..', '-a-é-')
    """
    compiled = compile_pattern(pattern, options.replace("g", ""))
    template = _template(by, compiled.groups)
    once = "g" not in options

    def replaced(text: str | None) -> str | None:
        if text is None:
            return None
        data, parts = text.encode(), list[bytes]()
        at, last = 0, -1  # where to look on, and where the last occurrence ended
        while at <= len(data) and (found := compiled.search(data, at)):
            start, end = found.span()
            parts.append(data[at:start])
            if start == end == last:  # nothing, right behind an occurrence: go on a code point later
                at = start + _width(data[start : start + 1])
                parts.append(data[start:at])
                continue
            parts.extend(part if isinstance(part, bytes) else found.group(part) or b"" for part in template)
            at = last = end
            if once:
                break
        return b"".join((*parts, data[at:])).decode()

    return replaced


def _width(first: bytes) -> int:
    """How many bytes a code point has, by the first of them."""
    return 1 if first < b"\xc0" else 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4


def _template(by: str, groups: int) -> list[bytes | int]:
    """Texts in UTF-8, and the numbers of groups between them."""
    parts: list[bytes | int] = []
    for found in _REWRITES.finditer(by):
        escaped = found["escaped"]
        if escaped is None:
            parts.append(found.group().encode())
        elif escaped == "\\":
            parts.append(b"\\")
        elif escaped.isascii() and escaped.isdigit() and int(escaped) <= groups:
            parts.append(int(escaped))
        else:
            msg = (
                f"the replacement holds \\{escaped}, but the pattern has {groups} groups"
                if escaped.isascii() and escaped.isdigit()
                else "in a replacement a backslash stands before a digit or another backslash"
            )
            raise BadPattern(msg)
    return parts
