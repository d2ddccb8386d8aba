"""Every story, with its share of all events; what is left over is everyday life."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from seawall.simulate.stories.asking_first import asking_first
from seawall.simulate.stories.at_the_wheel import at_the_wheel
from seawall.simulate.stories.brigade import brigade
from seawall.simulate.stories.cry_for_help import cry_for_help
from seawall.simulate.stories.double_your_coins import double_your_coins
from seawall.simulate.stories.everyday import everyday
from seawall.simulate.stories.follower_shop import follower_shop
from seawall.simulate.stories.fundraiser import fundraiser
from seawall.simulate.stories.guaranteed_returns import guaranteed_returns
from seawall.simulate.stories.minor_on_live import minor_on_live
from seawall.simulate.stories.model import Story
from seawall.simulate.stories.pile_on import pile_on
from seawall.simulate.stories.re_upload import re_upload
from seawall.simulate.stories.scam_links import scam_links
from seawall.simulate.stories.spam_ring import spam_ring
from seawall.simulate.stories.unsupported_language import unsupported_language
from seawall.simulate.stories.vape_seller import vape_seller
from seawall.simulate.stories.viral_trend import viral_trend
from seawall.simulate.stories.warning_others import warning_others

EVERYDAY = Story("everyday", 1.0, everyday, None, "honest people of twelve markets in eleven languages")

STORIES = (
    Story("double_your_coins", 0.008, double_your_coins, "fraud/scams#c1", "one scam template in many wordings"),
    Story("scam_links", 0.010, scam_links, "fraud/scams#c2", "phishing lures in four languages"),
    Story("unsupported_language", 0.006, unsupported_language, "fraud/scams#c2", "the same lures in Vietnamese and Thai"),
    Story("guaranteed_returns", 0.003, guaranteed_returns, "fraud/scams#c3", "promises of sure profit"),
    Story("spam_ring", 0.020, spam_ring, "spam/commercial-spam#c1", "rings that rotate accounts and vary their words"),
    Story("pile_on", 0.006, pile_on, "harassment/bullying#c2", "many against one"),
    Story("minor_on_live", 0.004, minor_on_live, "minor-safety/live#c1", "hosts who are too young"),
    Story("at_the_wheel", 0.003, at_the_wheel, "dangerous-acts/driving#c1", "hosts who drive"),
    Story("cry_for_help", 0.002, cry_for_help, "wellbeing/self-harm#c1", "people who need help"),
    Story("brigade", 0.006, brigade, "integrity/false-reporting#c1", "false reports against an innocent creator"),
    Story("follower_shop", 0.003, follower_shop, "integrity/manipulation#c1", "shops for followers"),
    Story("vape_seller", 0.002, vape_seller, "regulated/goods#c1", "vapes on order"),
    Story("re_upload", 0.003, re_upload, "adult/nudity#c1", "removed clips that come back"),
    Story("viral_trend", 0.012, viral_trend, None, "a harmless trend that looks like a burst of spam"),
    Story("fundraiser", 0.002, fundraiser, None, "a school's families who share one link"),
    Story("warning_others", 0.003, warning_others, None, "people who quote a scam to warn of it"),
    Story("asking_first", 0.0003, asking_first, None, "newcomers who quote a scam to ask whether it is real"),
    EVERYDAY,
)  # fmt: skip


def counts(events: int) -> dict[str, int]:
    """How many events each story makes; they add up to exactly `events`.

    >>> sum(counts(12_345).values())
    12345
    """
    told = {story.name: round(events * story.share) for story in STORIES if story is not EVERYDAY}
    return {**told, EVERYDAY.name: events - sum(told.values())}
