"""Portuguese, as in Brazil."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "{person} vai amar isso", "tentei fazer {food} ontem, {result}", "lembrei de {thing} da infância{emoji}", "o final me pegou{emoji}"),
    caption=("{food} em {day} minutos{emoji} #{tag}", "aprendendo {skill}, semana {day} #{tag}", "como consertei {thing} em casa"),
    speech=("oi gente, bem-vindos, hoje vamos de {skill}", "obrigado pelo presente, que carinho", "para {food}, o fogo tem que ser baixo"),
    title=("conversa e {skill}{emoji}", "cozinhando {food} ao vivo"),
    bio=("{skill} e {food}", "histórias sobre {thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("adorei", "que lindo", "muito bom", "sensacional", "melhor vídeo da semana"),
        "ask": ("onde comprou {thing}?", "que música é essa?", "faz {food} na próxima?", "tem parte dois?"),
        "person": ("minha irmã", "meu pai", "minha avó", "meu vizinho"),
        "thing": ("a bicicleta", "a câmera antiga", "a planta", "a luminária"),
        "food": ("brigadeiro", "feijoada", "pão de queijo", "coxinha"),
        "result": ("deu certo", "queimei tudo", "sumiu em minutos"),
        "skill": ("violão", "desenho", "xadrez", "tricô"),
        "tag": ("comidacaseira", "aprendacomigo", "fimdesemana"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
