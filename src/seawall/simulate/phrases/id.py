"""Indonesian."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=(
        "{praise}{emoji}", "{praise} kak, {ask}", "{ask}{emoji}", "{person} aku pasti suka nih", "udah coba bikin {food}, {result}",
        "jadi kangen {thing} jaman dulu{emoji}", "ada yang ke sini gara-gara {thing}?", "bagian akhirnya lucu banget{emoji}",
        "request {food} dong kak{emoji}", "hari ke-{day} nungguin lanjutannya",
    ),
    caption=("{food} jadi dalam {day} menit{emoji} #{tag}", "belajar {skill} minggu ke-{day} #{tag}", "cara benerin {thing} sendiri", "sore santai sama {person}{emoji}"),
    speech=("halo semuanya, selamat datang, hari ini kita coba {skill}", "makasih ya buat hadiahnya, baik banget", "kalau {food}, apinya kecil aja", "bentar ya, {thing}-nya jatuh lagi"),
    title=("ngobrol santai sambil {skill}{emoji}", "masak {food} bareng", "belajar bareng, jam ke-{day}"),
    bio=("suka {skill} dan {food}", "cerita soal {thing}{emoji}", "punya dua kucing"),
    slots={
        "emoji": EMOJI,
        "praise": ("keren banget", "suka banget", "mantap", "bagus sekali", "gemes", "salut"),
        "ask": ("beli {thing}-nya di mana?", "ini lagu apa ya?", "bikin {food} dong?", "ada part dua nggak?"),
        "person": ("adik", "ayah", "tetangga", "nenek", "sahabat"),
        "thing": ("sepeda", "kamera lama", "tanaman", "resep", "lampu"),
        "food": ("nasi goreng", "martabak", "soto", "rendang", "seblak"),
        "result": ("berhasil!", "gagal tapi seru", "langsung habis"),
        "skill": ("gitar", "menggambar", "catur", "merajut", "yoga"),
        "tag": ("masakrumahan", "belajarbareng", "akhirpekan"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
