"""Spanish, as in Mexico."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "a {person} le va a encantar", "anoche hice {food}, {result}", "me acordé de {thing} de mi infancia{emoji}"),
    caption=("{food} en {day} minutos{emoji} #{tag}", "aprendiendo {skill}, semana {day} #{tag}", "cómo arreglé {thing} en casa"),
    speech=("hola a todos, bienvenidos, hoy toca {skill}", "gracias por el regalo, qué lindo", "para {food}, el fuego bajito"),
    title=("plática y {skill}{emoji}", "cocinando {food} en vivo"),
    bio=("{skill} y {food}", "historias sobre {thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("me encantó", "qué bonito", "buenísimo", "lo mejor de hoy", "qué risa"),
        "ask": ("¿dónde compraste {thing}?", "¿qué canción es?", "¿haces {food} la próxima?", "¿hay segunda parte?"),
        "person": ("mi hermana", "mi papá", "mi abuela", "mi vecina"),
        "thing": ("la bicicleta", "la cámara vieja", "la planta", "la lámpara"),
        "food": ("tacos", "pozole", "tamales", "flan"),
        "result": ("quedó riquísimo", "se me quemó", "no sobró nada"),
        "skill": ("guitarra", "dibujo", "ajedrez", "tejido"),
        "tag": ("comidacasera", "aprendeconmigo", "finde"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
