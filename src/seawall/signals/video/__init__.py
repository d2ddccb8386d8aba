"""What is said in a video or a sound.

In: its sound, 16 kHz mono. Out: words with time codes, as a text that text signals can read. Never: sends
sound anywhere, or loads a model that nobody named.
"""

from seawall.signals.video.speech import Speech

__all__ = ["Speech"]
