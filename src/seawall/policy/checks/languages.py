"""A score means something only in the languages its signal was calibrated in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.policy.checks.conditions import Use
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


def check_languages(uses: list[Use], draft: Draft, project: Project, found: Diagnostics) -> None:
    """No strategy asks for a language in which a signal it reads is always NULL."""
    for use in uses:
        if use.strategy is None:
            continue
        languages = draft.strategies[use.strategy].languages
        for name in use.reads:
            signal = project.signals.get(name)
            if signal is None or not signal.languages:
                continue
            for language in languages:
                if language.value not in signal.languages:
                    message = (
                        f"the signal {name!r} is not calibrated for {language.value}, so it is NULL there"
                    )
                    known = ", ".join(signal.languages)
                    hint = f"{name} knows {known}; write another strategy for {language.value}"
                    found.error("language-outside-signal", language.span, message, hint=hint)
