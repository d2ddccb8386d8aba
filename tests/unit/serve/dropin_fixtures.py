"""A project that answers both protocols, by lists that are short enough to know by heart."""

from __future__ import annotations

FILES = {
    "lists/insults.csv": (
        "# match: anywhere\nterm,weight,language\nsilly goose,0.8,en\ngoose,0.3,en\ngans,0.6,de\n"
    ),
    "lists/offers.csv": "# match: anywhere\nterm,weight\nbuy now,0.9\n",
    "signals/text.yml": (
        "signals:\n"
        "  insult: {kind: lexicon, on: comment, input: text, languages: [en, de], options: {list: insults}}\n"
        "  offer: {kind: lexicon, on: comment, input: text, options: {list: offers}}\n"
        "  shouts: {kind: shape, on: comment, input: text, options: {measure: upper_share}}\n"
    ),
    "endpoints/moderations.yml": (
        "endpoint: moderations\nassume: en\nmodels: [omni-moderation-latest, seawall]\ncategories:\n"
        "  harassment: {signal: insult, threshold: 0.5, clause: spam/links#c1}\n"
        "  illicit: {signal: [offer, shouts], threshold: 0.7}\n"
    ),
    "endpoints/comments.yml": (
        "endpoint: comments\nassume: en\nattributes:\n"
        "  INSULT: {signal: insult}\n  SPAM: {signal: offer}\n  INFLAMMATORY: {signal: shouts}\n"
    ),
}

WITH_EVENT = FILES["endpoints/moderations.yml"] + (
    "  hate: {strategies: spam.shop}\n"
    "event:\n  type: comment\n  text: text\n"
    "  fields: {actor_id: api, link_domain: false-shop.example}\n"
)
