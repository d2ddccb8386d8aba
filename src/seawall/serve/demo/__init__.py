"""The demo: a project, a simulated day decided for real, sign-ins for every role, stories that end on a page.

In: a folder and a number of events.
Out: a project whose journal and ledger hold that day, sign-ins for every role, and the guide to its stories.
Never: anything that a platform's own day would not go through; only the truth beside it is the demo's own.
"""

from seawall.serve.demo.day import Paths, decide_day, prepare
from seawall.serve.demo.guide import Guide, Page, guide, kept
from seawall.serve.demo.sign_ins import SignIns, sign_ins

__all__ = ["Guide", "Page", "Paths", "SignIns", "decide_day", "guide", "kept", "prepare", "sign_ins"]
