"""Hashes within a Hamming distance of others, exactly: up to hundreds of millions, which come and go.

In: rows of 64-bit words. Out: `Hits`, what lies within so many bits of each, and how far.
Never: guesses, reads a file, or knows what a hash is of.
"""

from seawall.core.hamming.growing import Growing, View
from seawall.core.hamming.search import Hits, scan, search
from seawall.core.hamming.segment import Segment, as_words, build_segment

__all__ = ["Growing", "Hits", "Segment", "View", "as_words", "build_segment", "scan", "search"]
