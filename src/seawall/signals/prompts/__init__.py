"""Attacks on language models in what people write to them, and in what they make models read.

In: prompts, outputs, documents. Out: how likely each is an attack, of which family, and where it stands.
Never: asks a model, or learns: patterns that people wrote, each with the weight that they gave it.
"""

from seawall.signals.prompts.attack import PROMPT_ATTACK, Finding, find_attacks, score

__all__ = ["PROMPT_ATTACK", "Finding", "find_attacks", "score"]
