"""Looking at files: from bytes to frames and sound, in a process of its own with limits of its own.

In: a fetched file. Out: what was seen in it (`Seen`), or the word for why not (`Refusal`). Never: decodes in
the caller's process, believes a header, keeps metadata, or lets a hostile file end anything but itself.
"""

from seawall.signals.media.decoder import Decoder
from seawall.signals.media.model import Frame, Limits, Look, Seen

__all__ = ["Decoder", "Frame", "Limits", "Look", "Seen"]
