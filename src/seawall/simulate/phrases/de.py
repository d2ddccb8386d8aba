"""German."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "das muss ich {person} zeigen", "gestern {food} nachgemacht, {result}", "da denke ich an {thing} von früher{emoji}"),
    caption=("{food} in {day} Minuten{emoji} #{tag}", "ich lerne {skill}, Woche {day} #{tag}", "so habe ich {thing} repariert"),
    speech=("hallo zusammen, heute üben wir {skill}", "danke für das Geschenk, wie lieb", "bei {food} immer kleine Hitze"),
    title=("plaudern und {skill}{emoji}", "wir machen {food}, live"),
    bio=("{skill} und {food}", "Geschichten über {thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("richtig schön", "so gut", "stark gemacht", "mein Tag ist gerettet", "sehr lustig"),
        "ask": ("woher hast du {thing}?", "welches Lied ist das?", "machst du mal {food}?", "gibt es Teil zwei?"),
        "person": ("meiner Schwester", "meinem Vater", "meiner Oma", "den Nachbarn"),
        "thing": ("das Fahrrad", "die alte Kamera", "die Pflanze", "die Lampe"),
        "food": ("Kartoffelsalat", "Apfelkuchen", "Spätzle", "Brezeln"),
        "result": ("hat geklappt", "leider verbrannt", "war sofort weg"),
        "skill": ("Gitarre", "Zeichnen", "Schach", "Stricken"),
        "tag": ("selbstgekocht", "zusammenlernen", "wochenende"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
