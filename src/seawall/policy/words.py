"""Small words in messages."""

from __future__ import annotations


def a(word: object) -> str:
    """A word with its article.

    >>> a("integer"), a("list of string?")
    ('an integer', 'a list of string?')
    """
    text = str(word)
    return f"{'an' if text[:1] in 'aeio' else 'a'} {text}"


def lowered(sentence: str) -> str:
    """A sentence as the end of another one.

    >>> lowered("The field it reads.")
    'the field it reads'
    """
    return sentence[:1].lower() + sentence[1:].rstrip(".")
