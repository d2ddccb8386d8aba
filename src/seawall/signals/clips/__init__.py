"""The same video again: cut, encoded anew, mirrored, framed, faster or slower, or partly covered.

In: small grey frames with their times, and a bank of known ones. Out: a `Fingerprint`, each `Match` with
the seconds it spans on both sides, and the signal `known_video`. Never: decodes anything, or keeps a frame.
"""

from seawall.signals.clips.fingerprint import Fingerprint, fingerprint
from seawall.signals.clips.known import Known, KnownVideos, as_item
from seawall.signals.clips.match import Match, match

__all__ = ["Fingerprint", "Known", "KnownVideos", "Match", "as_item", "fingerprint", "match"]
