"""The demo: a project, a simulated day lived for real, sign-ins for every role, stories that end on a page.

In: a folder and a number of events.
Out: a project whose journal and ledger hold that day, with a platform that was told, people who looked and
people who answered; sign-ins for every role; the guide to its stories.
Never: a row that did not come through a door. The truth beside the day is the demo's own, and nobody sees it
but the people it plays.

`day.py` runs the day, `platform_http.py` is the platform, `panel.py` those who review, `concerned.py` those
who were acted on, `guide.py` what is told of it. The console reads the guide only.
"""

from seawall.serve.demo.guide import Guide, Page, Step, guide, kept

__all__ = ["Guide", "Page", "Step", "guide", "kept"]
