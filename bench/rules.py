"""Rules that every engine can say: comparisons, sets, NULL tests and pieces of text, 3 to 6 in each rule.

A predicate is (field, operator, constant). Where a field is NULL no comparison with it holds.
"""

from __future__ import annotations

import random

from workload import CLIENTS, LANGUAGES, LURES, MARKETS

Predicate = tuple[str, str, object]


def rules(count: int, *, seed: int = 7) -> list[list[Predicate]]:
    """Rules, each a conjunction."""
    rng = random.Random(seed)
    words = sorted({word for lure in LURES for word in lure.split() if word.isascii() and len(word) > 4})
    drawn: list[list[Predicate]] = []
    for _ in range(count):
        pool: list[Predicate] = [
            ("account_age_days", "<", rng.choice((7, 14, 30, 90))),
            ("followers", "<", rng.choice((10, 50, 500))),
            ("following", ">", rng.choice((100, 1_500))),
            ("reports_30d", ">=", rng.choice((1, 2))),
            ("mentions", ">=", rng.choice((1, 3))),
            ("spam_score", ">", rng.choice((0.5, 0.8, 0.9))),
            ("toxicity", ">=", rng.choice((0.5, 0.8, 0.9))),
            ("market", "in", rng.sample(MARKETS, 4)),
            ("language", "in", rng.sample(LANGUAGES, 4)),
            ("client", "==", rng.choice(CLIENTS)),
            ("link_domain", "null", False),
            ("device_hash", "null", False),
            ("verified", "==", False),
            ("text", "contains", rng.choice(words)),
        ]
        drawn.append(rng.sample(pool, rng.choice((3, 4, 5, 6))))
    return drawn


def sql(rule: list[Predicate]) -> str:
    """A rule as a condition of Seawall.

    >>> sql([("market", "in", ["SG", "MY"]), ("link_domain", "null", False)])
    "market IN ('SG', 'MY') AND link_domain IS NOT NULL"
    """
    return " AND ".join(_sql(*predicate) for predicate in rule)


def _sql(field: str, operator: str, constant: object) -> str:
    match operator, constant:
        case "null", True:
            return f"{field} IS NULL"
        case "null", _:
            return f"{field} IS NOT NULL"
        case "in", list(values):
            return f"{field} IN ({', '.join(map(_literal, values))})"
        case "contains", str(text):
            return f"contains({field}, {_literal(text)})"
        case "==", bool(wanted):
            return field if wanted else f"NOT {field}"
        case _:
            return f"{field} {'=' if operator == '==' else operator} {_literal(constant)}"


def _literal(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
