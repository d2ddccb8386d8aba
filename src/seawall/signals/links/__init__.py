"""Links: the addresses in a text, also where they are disguised, and what can be said of their domains.

In: texts, and lists of domains. Out: hosts, registrable domains, whom they imitate. Never: opens a link,
resolves a name, or goes to the network: the public suffix list is the edition that tldextract carries.
"""

from seawall.signals.links.find import Link, find_links
from seawall.signals.links.kinds import LINK_KINDS

__all__ = ["LINK_KINDS", "Link", "find_links"]
