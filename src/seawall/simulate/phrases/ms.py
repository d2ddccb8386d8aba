"""Malay."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=(
        "{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "{person} saya mesti suka ni", "dah cuba buat {food}, {result}",
        "rindu zaman {thing} macam ni{emoji}", "siapa lagi datang sebab {thing}?", "bahagian akhir tu kelakar betul{emoji}",
    ),
    caption=("{food} siap dalam {day} minit{emoji} #{tag}", "belajar {skill} minggu ke-{day} #{tag}", "cara saya baiki {thing}", "petang santai dengan {person}{emoji}"),
    speech=("selamat datang semua, hari ini kita cuba {skill}", "terima kasih atas hadiah tu, baik sungguh", "untuk {food}, api kena perlahan ya", "sekejap, {thing} jatuh lagi"),
    title=("sembang santai sambil {skill}{emoji}", "masak {food} secara langsung", "belajar sama-sama, jam ke-{day}"),
    bio=("suka {skill} dan {food}", "kongsi cerita {thing}{emoji}", "{person} kepada dua ekor kucing"),
    slots={
        "emoji": EMOJI,
        "praise": ("suka sangat", "terbaik", "cantiknya", "memang power", "comel betul", "hebat la"),
        "ask": ("beli {thing} tu di mana?", "lagu apa ni?", "boleh buat {food} pula?", "ada sambungan tak?"),
        "person": ("kakak", "ayah", "jiran", "nenek", "kawan baik"),
        "thing": ("basikal", "kamera lama", "pokok", "resipi", "lampu"),
        "food": ("nasi lemak", "kuih lapis", "laksa", "roti canai", "sambal"),
        "result": ("menjadi!", "gagal tapi seronok", "habis sekejap saja"),
        "skill": ("gitar", "melukis", "catur", "menjahit", "yoga"),
        "tag": ("masakdirumah", "belajarbersama", "hujungminggu"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
