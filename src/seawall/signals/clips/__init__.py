"""The same video again: cut, encoded anew, mirrored, framed, faster or slower, or partly covered.

In: small grey frames with their times. Out: a `Fingerprint`, a `Bank` of those that are known, and each
`Match` with the seconds it spans on both sides. Never: decodes anything, or says what to do about a match.
"""

from seawall.signals.clips.bank import Bank, Reference
from seawall.signals.clips.fingerprint import Fingerprint, fingerprint
from seawall.signals.clips.match import Match, match

__all__ = ["Bank", "Fingerprint", "Match", "Reference", "fingerprint", "match"]
