"""The work that every benchmark does: a safety project of N strategies, and comments for it to judge.

Everything is written for this, seeded, and the same on every machine: 25 fields, conditions of 3 to 6
predicates on numbers, truths, categories, NULLs, lists, texts (LIKE, ILIKE, contains, regular expressions)
and banks; about one event in eight meets at least one of 100 conditions.

    python bench/workload.py --strategies 100 --events 1000000 --format parquet --out work
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKETS = ("SG", "MY", "ID", "VN", "TH", "PH", "BR", "MX", "DE", "FR", "US", "GB")
LANGUAGES = ("en", "ms", "id", "vi", "th", "tl", "pt", "es", "de", "fr", "zh")
CLIENTS = ("android", "ios", "web", "lite", "tv")
TAGS = tuple(
    f"{kind}{n}"
    for kind in ("dance", "game", "food", "pet", "news", "sport", "music", "trip")
    for n in range(8)
)
START = 1_772_323_200_000_000  # 2026-03-01
PER_SECOND = 200
"""Events a second of event time."""

FIELDS = {
    "comment_id": "string",
    "actor_id": "string",
    "text": "string",
    "display_name": "string",
    "link_domain": "string?",
    "account_age_days": "integer",
    "followers": "integer",
    "following": "integer",
    "likes_received": "integer",
    "mentions": "integer",
    "reports_30d": "integer",
    "edits": "integer",
    "device_hash": "hash?",
    "parent_id": "string",
    "target_id": "string?",
    "actor_age": "integer?",
    "verified": "boolean",
    "is_reply": "boolean",
    "has_media": "boolean",
    "client": "string",
    "login_country": "string?",
    "tags": "list of string",
    "spam_score": "number?",
    "toxicity": "number?",
    "created_at": "timestamp",
}
OPENERS = (
    "omg", "honestly", "wait", "no way", "I think", "my friend says", "hello everyone", "good morning",
    "first", "lol", "Selamat pagi", "aduh", "kak", "jujur", "buat yang mau", "xin chào", "trời ơi",
    "mọi người", "สวัสดี", "จริงไหม", "olá gente", "sério", "hola a todos", "por favor", "ehrlich gesagt",
    "na gut", "franchement", "salut", "大家好", "真的吗",
)  # fmt: skip
MIDDLES = (
    "this is the best clip of the week", "where did you buy that jacket",
    "the second part is better than the first", "can somebody explain the rules to me",
    "I have watched this ten times already", "please do one about cooking rice",
    "my brother cannot stop laughing at this", "what song is that at the start",
    "you should try it with more salt", "lagu ini enak banget didengar",
    "masakannya kelihatan sedap sekali", "bila nak buat video baru", "hay quá trời luôn",
    "bài này nghe hoài không chán", "เพลงนี้เพราะมาก", "que vídeo incrível meu deus",
    "me encanta como lo explicas", "das habe ich auch schon probiert", "c'est trop bien fait bravo",
    "这个视频太有意思了", "the lighting here is so good", "she dances better than anyone I know",
    "I lost my keys in the same park", "our cat does exactly the same thing",
    "that goal was offside by a mile", "who else is here before school",
    "took me three hours to cook this",
)  # fmt: skip
LURES = (
    "send 50 coins get 100 back", "free gift card in my bio", "DM me for cheap followers",
    "join my telegram t me slash fastcash", "earn 500 dollars a day from home",
    "guaranteed returns no risk", "click the link before it is gone", "buy 1000 followers for 5",
    "crypto giveaway today only", "whatsapp +65 8123 4567 for promo", "cheap vapes delivered tonight",
    "you are so stupid go away", "nobody likes you loser", "kirim 50 koin dapat 100",
    "harga murah pm saya", "làm giàu nhanh inbox", "加微信 领取 红包", "ganhe dinheiro rapido link na bio",
    "compra seguidores baratos", "verify your account here now", "limited offer 90% off",
    "I can double your money",
)  # fmt: skip
ENDINGS = (
    "",
    "!!!",
    " 😂",
    " ❤️❤️",
    "...",
    " pls",
    " haha",
    " wkwkwk",
    " 555",
    " kkk",
    "?",
    " ok",
    " #fyp",
    " @you",
)
DOMAINS = tuple(
    f"{word}{n}.example" for word in ("shop", "coin", "promo", "news", "gift", "blog") for n in range(40)
)
SCAM_TERMS = (
    "gift card", "double your money", "guaranteed returns", "crypto giveaway", "fastcash",
    "cheap followers", "seguidores baratos", "领取", "no risk", "verify your account", "dapat 100",
)  # fmt: skip
INSULTS = ("stupid", "loser", "nobody likes you", "idiot", "trash")


class _Pools:
    """Predicates to draw from; the same text is the same predicate, so that strategies share."""

    def __init__(self, rng: random.Random, strategies: int) -> None:
        many = (
            2 + strategies // 250
        )  # more strategies bring more constants of their own, not only other mixes

        def near(values: tuple[int, ...]) -> list[int]:
            return sorted({max(1, round(each * rng.uniform(0.8, 1.25))) for each in values * many})

        def score(low: float, high: float, count: int) -> list[float]:
            return sorted({round(rng.uniform(low, high), 3) for _ in range(count * many)})

        def pick(among: tuple[str, ...], count: int) -> str:
            return ", ".join(f"'{each}'" for each in sorted(rng.sample(among, count)))

        self.selective = [
            *(f"account_age_days < {n}" for n in near((2, 4, 7, 10, 14, 21, 30))),
            *(f"followers < {n}" for n in near((5, 10, 25, 50))),
            *(f"following > {n}" for n in near((1_500, 3_000, 5_000))),
            *(f"reports_30d >= {n}" for n in near((2, 3, 4))),
            *(f"mentions >= {n}" for n in near((3, 4, 5))),
            *(f"spam_score > {n}" for n in score(0.75, 0.98, 12)),
            *(f"toxicity >= {n}" for n in score(0.8, 0.98, 10)),
            *(f"market IN ({pick(MARKETS, 2)})" for _ in range(10 * many)),
            *(f"language IN ({pick(LANGUAGES, 2)})" for _ in range(6 * many)),
            *(f"link_domain IN ({pick(DOMAINS, 6)})" for _ in range(8 * many)),
            *(f"list_contains(tags, '{each}')" for each in rng.sample(TAGS, 12)),
            "login_country <> market",
            "actor_age < 16",
            "target_id IS NOT NULL",
            "edits >= 3",
            "following > followers * 20",
        ]
        self.common = [
            *(f"account_age_days < {n}" for n in near((60, 90, 180, 365))),
            *(f"followers BETWEEN {n} AND {n * 100}" for n in near((1, 10, 20))),
            *(f"likes_received < {n}" for n in near((100, 500, 2_000))),
            *(f"client = '{each}'" for each in CLIENTS[:3]),
            *(f"client <> '{each}'" for each in CLIENTS),
            *(f"market NOT IN ({pick(MARKETS, 3)})" for _ in range(6 * many)),
            "link_domain IS NOT NULL",
            "link_domain IS NULL",
            "device_hash IS NOT NULL",
            "login_country IS NULL OR login_country = market",
            "NOT verified",
            "is_reply",
            "NOT has_media",
            "actor_age IS NULL OR actor_age >= 18",
            "len(tags) > 2",
            "hour(ts) >= 6",
            "date_diff('day', created_at, ts) < 400",
            "likes_received / (followers + 1) < 3.5::DOUBLE",
        ]
        words = [
            word for each in (*LURES, *MIDDLES) for word in each.split() if word.isascii() and len(word) > 4
        ]
        some = lambda: rng.choice(words).replace("'", "").replace("%", "")  # noqa: E731
        self.textual = [
            *(f"text LIKE '%{some()}%'" for _ in range(8 * many)),
            *(f"text ILIKE '%{some()}%'" for _ in range(8 * many)),
            *(f"contains(lower(text), '{some()}')" for _ in range(6 * many)),
            *(f"text ILIKE '%{some()}%{some()}%'" for _ in range(3 * many)),
            *(f"regexp_matches(text, '(?i)\\b({some()}|{some()}|{some()})\\b')" for _ in range(10 * many)),
            *(f"regexp_matches(text, '(?i){some()}.*{some()}')" for _ in range(5 * many)),
            *(f"regexp_matches(text, '{some()}\\s+\\d+')" for _ in range(4 * many)),
            *(f"length(text) > {n}" for n in near((60, 90))),
            r"regexp_matches(text, '\+\d{2} ?\d{4}')",
            r"regexp_matches(text, '(?i)send \d+ coins')",
            r"regexp_matches(text, '[!?]{3,}')",
            "matches(text, 'scam-terms')",
            "matches(text, 'insults')",
            "NOT matches(text, 'insults')",
            "starts_with(text, 'lol')",
            "regexp_matches(lower(display_name), 'official|support|admin')",
        ]
        self.windowed = [
            *(f"actor_comments_10m >= {n}" for n in (3, 5, 8)),
            *(f"actor_links_1h >= {n}" for n in (2, 3, 5)),
            *(f"device_accounts_1h >= {n}" for n in (2, 3, 4)),
            *(f"domain_accounts_1h >= {n}" for n in (5, 10, 20)),
            *(f"target_commenters_30m >= {n}" for n in (3, 6)),
            *(f"same_text_1h >= {n}" for n in (2, 4)),
            *(f"actor_targets_24h >= {n}" for n in (3, 6)),
            *(f"parent_comments_5m >= {n}" for n in (10, 30)),
        ]


FEATURES = {
    "actor_comments_10m": ("count(*)", "actor_id", "10 minutes"),
    "actor_links_1h": ("count(*) FILTER (WHERE link_domain IS NOT NULL)", "actor_id", "1h"),
    "device_accounts_1h": ("count(DISTINCT actor_id)", "device_hash", "1h"),
    "domain_accounts_1h": ("count(DISTINCT actor_id)", "link_domain", "1h"),
    "target_commenters_30m": ("count(DISTINCT actor_id)", "target_id", "30 minutes"),
    "same_text_1h": ("count(*)", "text", "1h"),
    "actor_targets_24h": ("count(DISTINCT target_id)", "actor_id", "24h"),
    "parent_comments_5m": ("count(*) FILTER (WHERE NOT verified)", "parent_id", "5 minutes"),
}
"""Windowed features: value, key, window."""


def conditions(strategies: int = 100, *, windowed: bool = False, seed: int = 7) -> list[str]:
    """The texts of the conditions: 3 to 6 predicates each.

    Args:
        strategies: how many.
        windowed: whether every third also reads a windowed feature.
        seed: another seed, other conditions of the same kind.
    """
    rng = random.Random(seed)
    pools = _Pools(rng, strategies)
    written: dict[str, None] = {}
    while len(written) < strategies:
        count = rng.choice((3, 4, 5, 5, 6))
        textual = rng.choice((0, 1, 1, 1, 2)) if count > 3 else rng.choice((0, 1))
        selective = rng.choice((1, 2, 2, 2))
        parts = rng.sample(pools.textual, textual)
        _add(rng, parts, pools.selective, selective)
        _add(rng, parts, pools.common, count - len(parts))
        if windowed and len(written) % 3 == 0:
            parts[-1] = rng.choice(pools.windowed)
        rng.shuffle(parts)
        parts = [f"({each})" if " OR " in each else each for each in parts]
        if len(parts) > 4 and rng.random() < 0.3:
            parts[-2:] = [f"({parts[-2]} OR {parts[-1]})"]
        written[" AND ".join(parts)] = None
    return list(written)


def _add(rng: random.Random, parts: list[str], pool: list[str], count: int) -> None:
    """Predicates from a pool, each about a column of its own: nobody writes `a < 5 AND a < 9`."""
    for each in rng.sample(pool, len(pool)):
        if not count:
            return
        if about(each) not in {about(other) for other in parts}:
            parts.append(each)
            count -= 1


def about(predicate: str) -> str:
    """The column that a predicate begins with."""
    return re.findall(r"[a-z_]+[a-z0-9_]*(?![a-z0-9_(])", re.sub("'[^']*'|NOT ", "", predicate))[0]


def write_project(folder: Path, *, strategies: int = 100, features: bool = False, seed: int = 7) -> None:
    """Write the safety project into a folder.

    Args:
        folder: is made if it is not there.
        strategies: how many.
        features: whether it has the eight windowed features, and conditions that read them.
        seed: as in `conditions`.
    """
    files = {
        "seawall.yml": f"name: workload\nmarkets: [{', '.join(MARKETS)}]\nlocales: [en]\n",
        "events/comment.yml": "event: comment\nsurface: comment\nsubject: comment_id\nactor: actor_id\n"
        "fields:\n" + "".join(f"  {name}: {type_}\n" for name, type_ in FIELDS.items()),
        "lists/scam-terms.txt": "# match: words\n" + "".join(f"{term}\n" for term in SCAM_TERMS),
        "lists/insults.txt": "# match: words\n" + "".join(f"{term}\n" for term in INSULTS),
        "policies/spam/commercial-spam.md": "---\npolicy: spam/commercial-spam\ntitle: Spam\nowner: bench\n"
        "version: 1\n---\n\n## c1. Promotion in bulk\n\n```yaml\nground: terms\nseverity: medium\n```\n\n"
        "Promotion in bulk.\n",
    }
    if features:
        files["features/windows.yml"] = "features:\n" + "".join(
            f"  {name}:\n    on: comment\n    value: {value}\n    by: {by}\n    over: {over}\n"
            for name, (value, by, over) in FEATURES.items()
        )
    for place, text in enumerate(conditions(strategies, windowed=features, seed=seed)):
        then = ("[remove, strike]", "[ineligible]", "[label]")[place % 3]
        files[f"strategies/spam/s{place:04}.yml"] = (
            f"strategy: spam.s{place:04}\npolicy: spam/commercial-spam#c1\non: comment\n"
            f"when: |\n  {text}\nthen: {then}\nmode: live\nowner: bench\n"
            "expect: {precision: 0.9, disturbance_per_10k: 100}\n"
        )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def table(count: int, *, first: int = 0, seed: int = 11) -> pa.Table:
    """Events `first` to `first + count` of one endless, seeded stream: one Arrow column per name.

    Blocks of 65,536 events are made independently, so that any part of the stream can be made alone.
    """
    blocks = range(first // _BLOCK, -(-(first + count) // _BLOCK))
    whole = pa.concat_tables([_block(block, seed) for block in blocks])
    return whole.slice(first - blocks.start * _BLOCK, count)


def records(count: int, *, first: int = 0, seed: int = 11) -> Iterator[dict[str, Any]]:
    """The same events as JSON objects; NULL fields are left out, as platforms do."""
    for start in range(first, first + count, _BLOCK):
        part = table(min(_BLOCK, first + count - start), first=start, seed=seed)
        for row in part.to_pylist():
            row["ts"] = row["ts"].isoformat(timespec="milliseconds") + "Z"
            row["created_at"] = row["created_at"].isoformat() + "Z"
            yield {name: value for name, value in row.items() if value is not None}


_BLOCK = 65_536


def _block(block: int, seed: int) -> pa.Table:
    rng = np.random.default_rng((seed, block))
    size, start = _BLOCK, block * _BLOCK
    number = np.arange(start, start + size)
    actors = 50_000
    actor = (actors * rng.beta(0.6, 2.0, size)).astype(np.int64)  # a few talk much
    bad = rng.random(size) < np.where(actor % 17 == 0, 0.3, 0.01)
    ts = START + (number * 1_000_000) // PER_SECOND + rng.integers(0, 2_000, size)
    age = np.where(bad, rng.integers(0, 40, size), np.exp(rng.normal(5.2, 1.4, size)).astype(np.int64))
    followers = np.exp(rng.normal(np.where(bad, 2.0, 4.5), 1.5, size)).astype(np.int64)
    columns: dict[str, Any] = {
        "id": _numbered("e", number),
        "type": pa.array(np.full(size, "comment"), pa.string()),
        "ts": pa.array(ts, pa.timestamp("us")),
        "market": _picked(rng, MARKETS, size),
        "language": _picked(rng, LANGUAGES, size),
        "comment_id": _numbered("c", number),
        "actor_id": _numbered("u", actor),
        "text": _texts(rng, bad, number),
        "display_name": _numbered(
            "user ", actor, endings=(" official", "", "", "", "", "", " music", "", "")
        ),
        "link_domain": _picked(rng, DOMAINS, size, null=np.where(bad, 0.4, 0.93)),
        "account_age_days": pa.array(age),
        "followers": pa.array(followers),
        "following": pa.array(np.exp(rng.normal(np.where(bad, 6.5, 4.5), 1.3, size)).astype(np.int64)),
        "likes_received": pa.array(np.exp(rng.normal(5.5, 2.0, size)).astype(np.int64)),
        "mentions": pa.array(rng.poisson(np.where(bad, 1.6, 0.3))),
        "reports_30d": pa.array(rng.poisson(np.where(bad, 1.2, 0.08))),
        "edits": pa.array(rng.poisson(0.1, size)),
        "device_hash": _hashes(rng, actor % 30_000, null=0.15),
        "parent_id": _numbered("v", rng.zipf(1.3, size) % 200_000),
        "target_id": _numbered("u", rng.integers(0, actors, size), null=rng.random(size) < 0.7),
        "actor_age": pa.array(rng.integers(13, 60, size), mask=rng.random(size) < 0.4),
        "verified": pa.array(rng.random(size) < np.where(bad, 0.005, 0.06)),
        "is_reply": pa.array(rng.random(size) < 0.4),
        "has_media": pa.array(rng.random(size) < 0.1),
        "client": _picked(rng, CLIENTS, size),
        "login_country": _picked(rng, MARKETS, size, null=np.full(size, 0.5)),
        "tags": _tags(rng, size),
        "spam_score": _scores(rng, bad, 5.0, 2.0, null=0.1),
        "toxicity": _scores(rng, bad, 1.5, 4.0, null=0.2),
        "created_at": pa.array(ts - age * 86_400_000_000, pa.timestamp("us")),
    }
    return pa.table(columns)


def _picked(rng: Any, among: tuple[str, ...], size: int, *, null: Any = None) -> pa.Array:
    weights = 1 / np.arange(1, len(among) + 1) ** 0.7
    codes = rng.choice(len(among), size, p=weights / weights.sum())
    mask = None if null is None else rng.random(size) < null
    return pa.array(np.array(among)[codes], pa.string(), mask=mask)


def _numbered(prefix: str, numbers: Any, *, endings: tuple[str, ...] = ("",), null: Any = None) -> pa.Array:
    tails = np.array(endings)[numbers % len(endings)]
    return pa.array(np.char.add(np.char.add(prefix, numbers.astype(str)), tails), pa.string(), mask=null)


def _hashes(rng: Any, numbers: Any, *, null: float) -> pa.Array:
    digits = np.array([f"{(each * 2_654_435_761) % 2**64:016x}" for each in range(int(numbers.max()) + 1)])
    return pa.array(digits[numbers], pa.string(), mask=rng.random(len(numbers)) < null)


def _texts(rng: Any, bad: Any, number: Any) -> pa.Array:
    """Mostly chatter; some of the bad ones carry a lure; one comment in ten repeats another word for word."""
    size = len(bad)
    lured = bad & (rng.random(size) < 0.7)
    middle = np.where(lured, rng.choice(np.array(LURES), size), rng.choice(np.array(MIDDLES), size))
    second = np.where(rng.random(size) < 0.5, np.char.add(" ", rng.choice(np.array(MIDDLES), size)), "")
    tail = np.where(rng.random(size) < 0.1, "", np.char.add(" ", (number % 9_973).astype(str)))
    text = np.char.add(np.char.add(rng.choice(np.array(OPENERS), size), " "), middle)
    text = np.char.add(np.char.add(np.char.add(text, second), rng.choice(np.array(ENDINGS), size)), tail)
    return pa.array(text, pa.string())


def _tags(rng: Any, size: int) -> pa.Array:
    lengths = rng.integers(0, 5, size)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    values = pa.array(np.array(TAGS)[rng.integers(0, len(TAGS), int(offsets[-1]))], pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


def _scores(rng: Any, bad: Any, a: float, b: float, *, null: float) -> pa.Array:
    size = len(bad)
    scores = np.where(bad, rng.beta(a, b, size), rng.beta(1.2, 9.0, size))
    return pa.array(np.round(scores, 4), mask=rng.random(size) < null)


def write_events(path: Path, count: int, *, form: str, seed: int = 11) -> None:
    """Write events as `jsonl` or `parquet`, a block at a time."""
    if form == "jsonl":
        with path.open("w", encoding="utf-8") as out:
            for record in records(count, seed=seed):
                out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
                out.write("\n")
        return
    with pq.ParquetWriter(path, table(1, seed=seed).schema) as out:
        for first in range(0, count, _BLOCK):
            out.write_table(table(min(_BLOCK, count - first), first=first, seed=seed))


def main() -> None:
    """Write a project and events for it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--strategies", type=int, default=100)
    parser.add_argument("--features", action="store_true", help="with eight windowed features")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--format", choices=("jsonl", "parquet"), default="jsonl")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    write_project(
        chosen.out / "project", strategies=chosen.strategies, features=chosen.features, seed=chosen.seed
    )
    path = chosen.out / f"events.{chosen.format}"
    write_events(path, chosen.events, form=chosen.format)
    print(f"{chosen.out / 'project'} and {chosen.events:,} events in {path}")


if __name__ == "__main__":
    main()
