"""Tagalog."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "magugustuhan ito ng {person} ko", "sinubukan ko ang {food} kagabi, {result}", "naalala ko tuloy yung {thing} namin{emoji}"),
    caption=("{food} sa loob ng {day} minuto{emoji} #{tag}", "pag-aaral ng {skill}, linggo {day} #{tag}", "paano ko inayos ang {thing}"),
    speech=("hello sa inyong lahat, {skill} tayo ngayon", "salamat sa regalo, ang bait mo", "sa {food}, mahina lang dapat ang apoy"),
    title=("kwentuhan habang {skill}{emoji}", "luto tayo ng {food}"),
    bio=("mahilig sa {skill} at {food}", "kwento tungkol sa {thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("ang galing", "ang ganda", "nakakatuwa", "sobrang saya", "panalo"),
        "ask": ("saan mo nabili ang {thing}?", "anong kanta ito?", "{food} naman sa susunod?", "may part two ba?"),
        "person": ("ate", "tatay", "lola", "kaibigan"),
        "thing": ("bisikleta", "lumang kamera", "halaman", "lampara"),
        "food": ("adobo", "sinigang", "pancit", "halo-halo"),
        "result": ("ang sarap", "nasunog", "ubos agad"),
        "skill": ("gitara", "pagguhit", "chess", "pananahi"),
        "tag": ("lutongbahay", "sabaymatuto", "weekend"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
