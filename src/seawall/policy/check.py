"""Everything that must agree between the files of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.checks.cases import check_cases
from seawall.policy.checks.citations import check_citations
from seawall.policy.checks.conditions import check_conditions
from seawall.policy.checks.endpoints import check_endpoints
from seawall.policy.checks.failures import check_failures, check_failures_of_use
from seawall.policy.checks.hash_banks import check_hash_banks
from seawall.policy.checks.inputs import check_inputs
from seawall.policy.checks.lane import check_lane
from seawall.policy.checks.languages import check_languages
from seawall.policy.checks.names import check_names
from seawall.policy.checks.promises import check_promises
from seawall.policy.checks.unused import check_unused

if TYPE_CHECKING:
    from collections.abc import Callable

    from seawall.policy.checks.conditions import Use
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project

CHECKS: tuple[Callable[[Draft, Project, Diagnostics], None], ...] = (
    check_names,
    check_inputs,
    check_citations,
    check_hash_banks,
    check_promises,
    check_lane,
    check_endpoints,
    check_failures,
    check_cases,
)
"""The checks that need no condition."""

CHECKS_OF_USE: tuple[Callable[[list[Use], Draft, Project, Diagnostics], None], ...] = (
    check_languages,
    check_failures_of_use,
    check_unused,
)
"""The checks that need to know what each condition reads."""


def check_project(draft: Draft, project: Project, found: Diagnostics) -> None:
    """Report everything that does not agree; what is reported already is not said again in other words."""
    for check in CHECKS:
        check(draft, project, found)
    uses = check_conditions(draft, project, found)
    for check_use in CHECKS_OF_USE:
        check_use(uses, draft, project, found)
