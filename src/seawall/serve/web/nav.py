"""The pages in the rail, each with the letter that goes there after `g`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.serve.auth.roles import Permission

if TYPE_CHECKING:
    from seawall.serve.auth.model import Person


class Link(NamedTuple):
    """One page of the rail."""

    letter: str
    path: str
    label: str
    permission: Permission


MENU: tuple[tuple[str, tuple[Link, ...]], ...] = (
    (
        "",
        (
            Link("t", "/", "Today", Permission.SEE_DECISIONS),
            Link("v", "/review", "Review", Permission.REVIEW_TASKS),
            Link("d", "/decisions", "Decisions", Permission.SEE_DECISIONS),
            Link("m", "/measure", "Measure", Permission.SEE_MEASURES),
        ),
    ),
    (
        "Decide",
        (
            Link("s", "/strategies", "Strategies", Permission.SEE_STRATEGIES),
            Link("n", "/signals", "Signals", Permission.SEE_STRATEGIES),
            Link("b", "/banks", "Banks", Permission.SEE_STRATEGIES),
            Link("p", "/policies", "Policies", Permission.SEE_POLICIES),
            Link("q", "/questions", "Questions", Permission.RULE_QUESTIONS),
            Link("r", "/project", "Project", Permission.SEE_PROJECT),
        ),
    ),
    (
        "Keep",
        (
            Link("o", "/undos", "Undos", Permission.PAUSE_STRATEGIES),
            Link("y", "/deliveries", "Deliveries", Permission.SEE_DELIVERIES),
            Link("w", "/sweeps", "Sweeps", Permission.SEE_STRATEGIES),
            Link("l", "/dead-letters", "Dead letters", Permission.SEE_DEAD_LETTERS),
            Link("u", "/accounts", "Accounts", Permission.SEE_ACCOUNTS),
            Link("a", "/audit", "Audit", Permission.SEE_AUDIT),
        ),
    ),
)


def menu(person: Person) -> list[tuple[str, list[Link]]]:
    """What one person may open; a group without pages is left out."""
    groups = [(label, [link for link in links if person.may(link.permission)]) for label, links in MENU]
    return [(label, links) for label, links in groups if links]
