"""Banks of hashes whose clause exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


def check_hash_banks(draft: Draft, project: Project, found: Diagnostics) -> None:
    """The clause of a bank's entries is one of the project's. What signals name, their kinds check."""
    for file in draft.hash_banks.values():
        if file.clause is None:
            continue
        name, _, id_ = file.clause.value.partition("#")
        policy = project.policies.get(name)
        if policy is None:
            if not draft.is_broken("policies", name):
                hint = did_you_mean(name, project.policies, what="policies")
                found.error("unknown-policy", file.clause.span, f"there is no policy {name!r}", hint=hint)
        elif id_ not in policy.clauses and id_ not in draft.policies[name].broken:
            hint = did_you_mean(id_, policy.clauses, what="its clauses")
            message = f"the policy {name!r} has no clause {id_!r}"
            found.error("unknown-clause", file.clause.span, message, hint=hint)


def banks_named(option: object) -> tuple[str, ...]:
    """The banks that an option names: one, or several with commas between them.

    >>> banks_named("known, partners")
    ('known', 'partners')
    """
    return tuple(name.strip() for name in str(option).split(",") if name.strip())
