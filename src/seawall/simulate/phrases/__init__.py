"""What honest people say, one file per language.

In: nothing. Out: `LANGUAGES`, templates by language code, and `Voices`, pools of ready sentences.
Never: a text that anyone else wrote, or a word that would hurt a reader.
"""

from seawall.simulate.phrases.table import LANGUAGES, Voices

__all__ = ["LANGUAGES", "Voices"]
