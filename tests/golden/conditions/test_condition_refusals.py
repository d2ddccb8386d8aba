"""What a person is told: the condition, then every diagnostic with its place, its code and its mend."""

from __future__ import annotations

import os
from pathlib import Path

from seawall.core.diagnostic import Span
from seawall.core.errors import ConditionError
from seawall.core.types import parse_type
from seawall.policy.conditions import Column, Scope, compile_condition
from seawall.policy.model import Bank

CASES = Path(__file__).with_name("refusals.txt")
AT = Span("strategies/x.yml", 4, 3)
FIELDS = {
    "text": "string",
    "link_domain": "string?",
    "account_age_days": "integer",
    "score": "number?",
    "verified": "boolean",
    "posted_at": "timestamp",
    "tags": "list of string",
    "clip": "media?",
}
BANKS = {
    "scam_terms": Bank(name="scam_terms", match="words", entries=("free gift",), version="1", span=Span("x")),
    "hashes": Bank(name="hashes", match="hash", entries=("00ff",), version="1", span=Span("x")),
}
SCOPE = Scope({name: Column(name=name, type=parse_type(type_)) for name, type_ in FIELDS.items()}, BANKS)


def told(text: str) -> str:
    try:
        condition = compile_condition(text, SCOPE, at=AT)
    except ConditionError as refused:
        return "\n".join(
            f"  {each.span.line}:{each.span.column} {each.code}: {each.message}"
            + (f" ({each.hint})" if each.hint else "")
            for each in refused.diagnostics
        )
    return f"  compiles, always {condition.always.value}" if condition.always else "  compiles"


def test_every_refusal_says_where_what_and_the_mend():
    cases = [case.split("\n  ", 1)[0] for case in CASES.read_text().strip().split("\n\n")]
    found = "\n\n".join(f"{case}\n{told(case)}" for case in cases) + "\n"
    if os.environ.get("SEAWALL_REWRITE"):
        CASES.write_text(found)
    assert CASES.read_text() == found
