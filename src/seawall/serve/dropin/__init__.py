"""Protocols that others have made, answered by this project's signals and strategies.

In: texts, as clients of OpenAI's moderation endpoint and of Google's Perspective API send them. Out: scores
and flags in the form that those clients read. Never: a score that nothing stands behind, or a text that is
kept without the project saying so.
"""

from seawall.serve.dropin.model import Ask, Scored
from seawall.serve.dropin.texts import Texts

__all__ = ["Ask", "Scored", "Texts"]
