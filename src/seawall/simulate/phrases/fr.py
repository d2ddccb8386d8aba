"""French."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "{person} va adorer", "j'ai fait {food} hier soir, {result}", "ça me rappelle {thing} de mon enfance{emoji}"),
    caption=("{food} en {day} minutes{emoji} #{tag}", "j'apprends {skill}, semaine {day} #{tag}", "comment j'ai réparé {thing}"),
    speech=("bonjour tout le monde, aujourd'hui on essaie {skill}", "merci pour le cadeau, c'est gentil", "pour {food}, il faut un feu doux"),
    title=("on papote et {skill}{emoji}", "on cuisine {food} en direct"),
    bio=("{skill} et {food}", "des histoires sur {thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("j'adore", "trop beau", "super travail", "ça fait du bien", "très drôle"),
        "ask": ("tu as trouvé {thing} où ?", "c'est quelle chanson ?", "tu fais {food} la prochaine fois ?", "il y a une suite ?"),
        "person": ("ma sœur", "mon père", "ma grand-mère", "mon voisin"),
        "thing": ("le vélo", "le vieil appareil photo", "la plante", "la lampe"),
        "food": ("des crêpes", "une ratatouille", "une quiche", "des madeleines"),
        "result": ("réussi", "tout brûlé", "plus une miette"),
        "skill": ("la guitare", "le dessin", "les échecs", "le tricot"),
        "tag": ("faitmaison", "onapprend", "weekend"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
