"""English."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=(
        "{praise}{emoji}",
        "{praise}, {ask}",
        "{ask}{emoji}",
        "the {part} at the end got me{emoji}",
        "my {person} would love this{emoji}",
        "{person} sent me this and I can't stop watching",
        "anyone else here because of the {thing}?",
        "tried this with {food} last night, {result}",
        "I don't agree about the {thing}, but {praise}",
        "first! {praise}",
        "day {day} of asking for a {thing} video",
        "not bad, though the {part} was a bit long",
        "this {thing} brings back memories{emoji}",
    ),
    caption=(
        "{food} in {day} minutes{emoji} #{tag}",
        "POV: your {person} finds the {thing}{emoji}",
        "how I fixed my {thing} #{tag}",
        "a quiet morning with the {thing} #{tag}",
        "{part} of the year? {praise}",
        "learning {skill}, week {day} #{tag}",
        "{food} review, honest opinion{emoji}",
    ),
    speech=(
        "hello everyone, welcome in, today we try {skill}",
        "thank you for the rose, you are too kind",
        "so the trick with {food} is to keep the heat low",
        "give me one second, the {thing} fell over again",
        "who is here from the last stream? say hi",
        "that was a good question, let me show the {part} again",
        "we are at goal number {day}, one more song",
    ),
    title=("{skill} with friends{emoji}", "cooking {food} live", "study with me, hour {day}", "late night {skill}"),
    bio=("{skill} and {food}", "just here for the {thing}{emoji}", "{person} of two cats", "I post about {skill}"),
    slots={
        "emoji": EMOJI,
        "praise": ("love this", "this is so good", "you nailed it", "best one so far", "made my day", "so calming", "wow", "great work"),
        "ask": ("where did you get the {thing}?", "what song is this?", "can you do {food} next?", "how long did it take?", "is there a part two?"),
        "part": ("dance", "plot twist", "drum part", "cat", "sunset", "haircut"),
        "person": ("sister", "dad", "neighbour", "roommate", "grandmother", "best friend"),
        "thing": ("jacket", "old camera", "bike", "plant", "keyboard", "balcony", "recipe", "lamp"),
        "food": ("noodles", "banana bread", "laksa", "tacos", "pancakes", "dumplings"),
        "result": ("turned out great", "total disaster", "everyone wanted more", "better than takeaway"),
        "skill": ("guitar", "watercolour", "sign language", "chess", "knitting", "yoga", "drawing"),
        "tag": ("homecooking", "smallwins", "learnwithme", "catsofthetown", "weekend"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
