"""A language model applies a written policy to one text.

In: a policy as it holds in a market, and a text. Out: the clause it breaks, how sure the model is, the words
that break it and why; or the reason why there is no answer. Never: takes the text for an instruction,
believes an answer that does not hold together, or calls anybody who is not configured.
"""

from seawall.signals.judge.judge import Judge, judge_kind
from seawall.signals.judge.model import Endpoint, Judgement, Unanswered

__all__ = ["Endpoint", "Judge", "Judgement", "Unanswered", "judge_kind"]
