"""What is not shown until it is asked for: free text and media, since they may hurt or identify someone."""

from __future__ import annotations

from seawall.core.types import Media, Value

LONGEST_OPEN = 64


def sensitive(value: Value) -> bool:
    """Whether a value is content rather than an identifier, a domain or a figure.

    >>> sensitive("acct_0412"), sensitive("two words"), sensitive(12), sensitive(Media("media://v1"))
    (False, True, False, True)
    """
    if isinstance(value, tuple):
        return any(sensitive(item) for item in value)
    if isinstance(value, str):
        return len(value) > LONGEST_OPEN or any(letter.isspace() for letter in value) or not value.isascii()
    return isinstance(value, Media)


def shape(value: Value) -> str:
    """What can be said of content without showing it.

    >>> shape("two words"), shape(("a", "b c")), shape(Media("media://v1", mime="image/png"))
    ('text, 9 characters', '2 items', 'image/png')
    """
    if isinstance(value, str):
        return f"text, {len(value)} characters"
    if isinstance(value, tuple):
        return f"{len(value)} items"
    return (value.mime or "media") if isinstance(value, Media) else "value"


def plain(value: Value) -> str:
    """A value as it is written in a condition.

    >>> plain(None), plain(True), plain(0.25), plain("a"), plain(("a", 1))
    ('NULL', 'true', '0.25', "'a'", "['a', 1]")
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, tuple):
        return f"[{', '.join(map(plain, value))}]"
    if isinstance(value, Media):
        return value.uri
    return f"{value:g}" if isinstance(value, float) else str(value)
