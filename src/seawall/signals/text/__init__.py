"""Texts to calibrated probabilities, by models that are files.

In: texts, and the language of each where it is known. Out: `Scores`, a column per head, NULL with a reason
outside the languages that the head is calibrated for. Never: trains, guesses in a language it has not been
measured in, or reads a model whose bytes are not those that were named.
"""

from seawall.signals.text.kind import text_model_kind
from seawall.signals.text.model import Calibration, Head, ModelInfo, Scores
from seawall.signals.text.open import open_model
from seawall.signals.text.ports import Detect, Stage
from seawall.signals.text.scorer import TextModel

__all__ = [
    "Calibration",
    "Detect",
    "Head",
    "ModelInfo",
    "Scores",
    "Stage",
    "TextModel",
    "open_model",
    "text_model_kind",
]
