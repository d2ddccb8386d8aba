"""A model's answer to a judgement, or why it cannot be believed."""

from __future__ import annotations

import re

import msgspec

from seawall.signals.judge.model import Judgement, Prompt, Unanswered

_FENCE = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
_REFUSAL = re.compile(
    r"\b(?:i (?:can(?:no|')t|am (?:not able|unable) to|won't)|i'm (?:sorry|unable|not able))\b", re.IGNORECASE
)
_LONGEST_RATIONALE = 1_000


class _Answer(msgspec.Struct):
    check: str
    clause: str | None
    confidence: float
    exception: str | None = None
    quote: str = ""
    rationale: str = ""


def read_answer(text: str, *, prompt: Prompt, content: str, check: str) -> Judgement | Unanswered:
    """Believe an answer only if it holds together.

    It must be one JSON object with the check word, cite clauses that the policy has, and quote words that the
    content has. Anything else is no answer, and a condition on it is NULL.

    >>> prompt = Prompt("", ("c1",), (), "")
    >>> said = '{"check": "k", "clause": "c1", "confidence": 0.9, "quote": "50 coins", "rationale": ""}'
    >>> read_answer(said, prompt=prompt, content="send 50  coins", check="k").clause
    'c1'
    >>> read_answer(said, prompt=prompt, content="a nice day", check="k").detail
    'it quotes words that the content does not have'
    """
    fenced = _FENCE.match(text)
    try:
        answer = msgspec.json.decode(fenced.group(1) if fenced else text, type=_Answer)
    except msgspec.DecodeError as error:
        if _REFUSAL.search(text[:300]):
            return Unanswered("refused", text[:200])
        return Unanswered("malformed", str(error))
    broken = answer.clause if answer.exception is None else None
    span = find_quote(answer.quote, content) if broken is not None else None
    fault = _fault(answer, prompt, check)
    if not fault and broken is not None and span is None:
        fault = "it quotes words that the content does not have"
    if fault:
        return Unanswered("malformed", fault)
    return Judgement(
        clause=broken,
        exception=answer.exception,
        confidence=answer.confidence,
        quote="" if span is None else answer.quote,
        rationale=answer.rationale[:_LONGEST_RATIONALE],
        span=span,
    )


def find_quote(quote: str, content: str) -> tuple[int, int] | None:
    """Where quoted words stand in a text, whatever the case and the white space; None if they do not.

    >>> find_quote("50 coins", "Send 50  Coins!"), find_quote(" ", "a b")
    ((5, 14), None)
    """
    words = [re.escape(word) for word in quote.split()]
    found = re.search(r"\s+".join(words), content, re.IGNORECASE) if words else None
    return None if found is None else found.span()


def _fault(answer: _Answer, prompt: Prompt, check: str) -> str:
    if answer.check != check:
        return "the check word is missing: the answer may be the content's own"
    if not 0.0 <= answer.confidence <= 1.0:
        return f"confidence is {answer.confidence}, not between 0 and 1"
    if answer.clause is not None and answer.clause not in prompt.clauses:
        return f"the policy has no clause {answer.clause[:40]!r}"
    if answer.exception is not None and answer.exception not in prompt.exceptions:
        return f"the policy has no exception {answer.exception[:40]!r}"
    return ""
