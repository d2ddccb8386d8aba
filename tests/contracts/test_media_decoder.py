"""Hostile files: each is refused with its word or looked at within its limits, and so is the next one."""

from __future__ import annotations

import io
import os
import random
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seawall.core.decision import UNREADABLE
from seawall.core.media import Fetched, Refusal
from seawall.ingest.media import sniff
from seawall.signals.media import Decoder, Limits, Look, Seen
from seawall.signals.media.model import EVERY, SMALL_SIDE

av = pytest.importorskip("av", reason="the extra `media` is not installed")
Image = pytest.importorskip("PIL.Image", reason="the extra `media` is not installed")
from seawall.simulate.clips_pyav import Form, Scene, beeps, card, clip, still, tone  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENES = (
    Scene(2, (200, 40, 40)),
    Scene(1.5, (20, 30, 160), "harmless words on a card", beep=True),
    Scene(2, (20, 140, 60)),
)
MP4 = Form("mp4", "libx264", "aac")


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(Limits(longest_s=60.0, wall_s=30.0, cpu_s=20), parallel=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def webm() -> bytes:
    return clip(SCENES)


@pytest.fixture(scope="module")
def mp4() -> bytes:
    return clip(SCENES, MP4)


def file(data: bytes) -> Fetched:
    format_ = sniff(data)
    assert format_ is not None
    return Fetched(data, format_, "0" * 64)


def seen(found: Seen | Refusal) -> Seen:
    assert isinstance(found, Seen), found
    return found


def reason(found: Seen | Refusal) -> str:
    assert isinstance(found, Refusal), found
    return found.reason


@pytest.fixture(autouse=True)
def alive(decoder: Decoder) -> Iterator[None]:
    """Whatever a test gives it, the decoder looks at the next file."""
    yield
    assert seen(decoder.look(file(still(card("next"))))).width == 640


# -- what is looked at -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [Form(), MP4, Form("mp4", "libx265", "aac"), Form(codec="libvpx-vp9")])
def test_shots_begin_where_scenes_do_and_sound_comes_at_16_khz(decoder: Decoder, form: Form) -> None:
    found = seen(decoder.look(file(clip(SCENES, form)), sound=True))
    assert (found.kind, found.width, found.height, found.decoded) == ("video", 480, 270, 55)
    assert [round(each.at_s, 1) for each in found.frames if each.cut] == [0.0, 2.0, 3.5]
    assert found.duration_s == pytest.approx(5.5, abs=0.2)
    assert found.sound is not None
    assert found.sound.size == pytest.approx(5.5 * 16_000, rel=0.05)
    loud = abs(found.sound[int(2.0 * 16_000) : int(2.2 * 16_000)]).max()
    assert loud > 10 * max(1, abs(found.sound[: 16_000 * 3 // 2]).max())


def test_small_frames_come_at_the_rate_that_was_asked_for(decoder: Decoder, mp4: bytes) -> None:
    for per_s, most_apart in ((4.0, 0.31), (EVERY, 0.11)):
        small = seen(decoder.look(file(mp4), small_per_s=per_s)).small
        assert small is not None
        assert small.frames.shape == (len(small.times), SMALL_SIDE, SMALL_SIDE)
        apart = [later - sooner for sooner, later in pairwise(small.times)]
        assert min(apart) > 0
        assert max(apart) <= most_apart
        assert small.times[-1] > 5
        assert small.frames[0].std() < small.frames[len(small.times) // 2].std()  # plain, then a card
    assert seen(decoder.look(file(mp4))).small is None


def test_a_video_with_more_small_frames_than_may_be_is_refused(mp4: bytes) -> None:
    few = Decoder(Limits(small=10), parallel=1)
    try:
        assert reason(few.look(file(mp4), small_per_s=EVERY)) == "too_long"
        assert seen(few.look(file(mp4), small_per_s=1.0)).small is not None
    finally:
        few.close()


def test_what_flashes_between_keyframes_is_seen_unless_only_keyframes_are_looked_at(decoder: Decoder) -> None:
    flash = (Scene(3, (90, 90, 90)), Scene(0.3, (250, 250, 20)), Scene(3, (90, 90, 90)))
    none_more = (("x264-params", "scenecut=0"),)
    hidden = file(clip(flash, Form("mp4", "libx264", "aac", gop=1_000, options=none_more)))
    assert len([each for each in seen(decoder.look(hidden)).frames if each.cut]) == 3
    assert len(seen(decoder.look(hidden, look=Look.KEYFRAMES)).frames) == 1


def test_a_cut_between_scenes_of_one_brightness_is_a_cut(decoder: Decoder) -> None:
    red, green = (220, 30, 30), (20, 135, 60)  # both of brightness 86
    found = seen(decoder.look(file(clip([Scene(2, red, "a"), Scene(2, green, "a"), Scene(2, red, "a")]))))
    assert [round(each.at_s, 1) for each in found.frames if each.cut] == [0.0, 2.0, 4.0]


def test_an_image_is_turned_as_exif_says_and_nothing_else_of_it_is_kept(decoder: Decoder) -> None:
    picture = Image.new("RGB", (300, 200), "white")
    picture.paste((255, 0, 0), (0, 0, 300, 60))  # a red band on top, which belongs at the right side
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    (frame,) = seen(decoder.look(file(written.getvalue()))).frames
    assert frame.pixels.shape == (300, 200, 3)
    assert frame.pixels[150, 190, 1] < 60 < frame.pixels[150, 10, 1]


def test_what_is_transparent_is_looked_at_as_it_is_shown(decoder: Decoder) -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    for container in ("PNG", "GIF", "WEBP"):
        (frame,) = seen(decoder.look(file(still(clear, container)))).frames
        assert frame.pixels.min() > 250


def test_an_animation_is_looked_at_over_time(decoder: Decoder) -> None:
    pictures = [Image.new("RGB", (80, 60), colour) for colour in ("red", "blue", "green", "white")]
    for container in ("GIF", "WEBP", "PNG"):
        written = io.BytesIO()
        pictures[0].save(written, container, save_all=True, append_images=pictures[1:], duration=500, loop=0)
        found = seen(decoder.look(file(written.getvalue())))
        assert (found.kind, found.decoded, found.duration_s) == ("video", 4, 2.0)
        assert [each.at_s for each in found.frames] == [0.0, 0.5, 1.0, 1.5]


def test_a_sound_alone_is_heard(decoder: Decoder) -> None:
    for container, codec in (
        ("wav", "pcm_s16le"),
        ("mp3", "libmp3lame"),
        ("ogg", "libopus"),
        ("flac", "flac"),
    ):
        found = seen(decoder.look(file(tone(beeps(SCENES), container=container, codec=codec)), sound=True))
        assert (found.kind, found.frames) == ("audio", ())
        assert found.sound is not None
        assert found.sound.size == pytest.approx(5.5 * 16_000, rel=0.05)


# -- what is refused, or looked at as far as it goes ------------------------------------------------------


def test_a_file_that_is_cut_off(decoder: Decoder, webm: bytes, mp4: bytes) -> None:
    assert reason(decoder.look(file(mp4[: len(mp4) // 2]))) == "undecodable"  # its table stood at the end
    half = seen(decoder.look(file(webm[: len(webm) // 2])))
    assert 0.5 < half.duration_s < 5.0
    for container in ("JPEG", "PNG", "WEBP"):
        whole = still(card("words " * 20, size=(600, 400)), container)
        assert reason(decoder.look(file(whole[: len(whole) // 2]))) == "undecodable"


def test_a_start_that_promises_and_nothing_behind_it(decoder: Decoder) -> None:
    starts = (
        *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypisom"),
        *(b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87", b"ID3\4\0\0\0\0\0\0", b"OggS", b"fLaC"),
    )
    for start in starts:
        for rest in (b"", bytes(5_000), b"<script>alert(1)</script>" * 50, os.urandom(5_000)):
            assert reason(decoder.look(file(start + rest))) in UNREADABLE


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    head = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    made = b"\x89PNG\r\n\x1a\n"
    for name, body in (head, *chunks, (b"IEND", b"")):
        made += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return made


def test_a_pixel_bomb_is_refused_by_its_header(decoder: Decoder) -> None:
    bomb = png(2**31 - 1, 2**31 - 1, (b"IDAT", zlib.compress(bytes(1_000))))
    assert reason(decoder.look(file(bomb))) == "too_many_pixels"
    assert reason(decoder.look(file(png(20_000, 20_000)))) == "too_many_pixels"
    gif = b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0\0\0" + b",\0\0\0\0\xff\xff\xff\xff\0\x08"
    assert reason(decoder.look(file(gif + bytes(200)))) in UNREADABLE


def test_a_bomb_in_a_chunk_is_no_more_than_a_chunk(decoder: Decoder) -> None:
    text = b"k\0\0" + zlib.compress(bytes(300_000_000))
    rows = zlib.compress(b"\0" * (8 * 3 + 1) * 8)
    found = decoder.look(file(png(8, 8, (b"zTXt", text), (b"IDAT", rows))))
    assert isinstance(found, Seen) or found.reason in UNREADABLE
    data = zlib.compress(bytes(200_000_000))  # far more rows than the header has
    found = decoder.look(file(png(8, 8, (b"IDAT", data))))
    assert isinstance(found, Seen) or found.reason in UNREADABLE


def test_a_gif_without_end(decoder: Decoder) -> None:
    written = io.BytesIO()
    two = [Image.new("P", (4, 4), number % 7) for number in range(1_500)]
    for number, each in enumerate(two):
        each.putpalette([number % 251, 0, 0] * 256)
    two[0].save(written, "GIF", save_all=True, append_images=two[1:], duration=20, loop=0)
    assert reason(decoder.look(file(written.getvalue()))) == "too_long"


def test_a_header_that_says_ten_hours(decoder: Decoder, mp4: bytes) -> None:
    at = mp4.index(b"mvhd")
    scale = struct.unpack(">I", mp4[at + 16 : at + 20])[0]
    long = mp4[: at + 20] + struct.pack(">I", 36_000 * scale) + mp4[at + 24 :]
    found = decoder.look(file(long))
    assert isinstance(found, Seen) or found.reason == "too_long"


def test_a_video_that_is_longer_than_it_may_be(decoder: Decoder) -> None:
    long = clip([Scene(70, (9, 90, 9))], Form(width=64, height=48, fps=4))
    assert reason(decoder.look(file(long))) == "too_long"
    silent = tone(beeps([Scene(70, (0, 0, 0))]))
    assert reason(decoder.look(file(silent), sound=True)) == "too_long"


def ebml(name: str, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return bytes.fromhex(name) + b"\x01" + len(body).to_bytes(7, "big") + body


def many_streams(count: int) -> bytes:
    """A Matroska file with so many sound tracks and nothing in them."""
    head = ebml("1a45dfa3", ebml("4282", b"matroska"), ebml("4287", b"\4"), ebml("4285", b"\2"))
    sound = ebml("e1", ebml("b5", struct.pack(">f", 8_000.0)), ebml("9f", b"\1"), ebml("6264", b"\x10"))
    tracks = [
        ebml(
            "ae",
            ebml("d7", number.to_bytes(4, "big")),
            ebml("73c5", number.to_bytes(4, "big")),
            ebml("83", b"\2"),
            ebml("86", b"A_PCM/INT/LIT"),
            sound,
        )
        for number in range(1, count + 1)
    ]
    info = ebml("1549a966", ebml("2ad7b1", b"\x0f\x42\x40"))
    return head + ebml("18538067", info, ebml("1654ae6b", *tracks))


def test_thousands_of_streams(decoder: Decoder) -> None:
    for count in (40, 2_000):
        assert reason(decoder.look(file(many_streams(count)))) in {"too_many_streams", "undecodable"}


def test_two_pictures_at_once_are_refused_since_nobody_can_tell_which_is_shown(decoder: Decoder) -> None:
    written = io.BytesIO()
    with av.open(written, "w", format="matroska") as container:
        streams = []
        for _ in range(2):
            stream = container.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            streams.append(stream)
        for stream in streams:
            frame = av.VideoFrame(64, 48, "yuv420p")
            for packet in (*stream.encode(frame), *stream.encode(None)):
                container.mux(packet)
    assert reason(decoder.look(file(written.getvalue()))) == "too_many_streams"


def test_a_codec_that_is_not_looked_at(decoder: Decoder) -> None:
    assert reason(decoder.look(file(clip(SCENES[:1], Form("matroska", "ffv1"))))) == "unsupported"


def test_a_sound_of_another_codec_takes_nothing_from_the_pictures(decoder: Decoder) -> None:
    found = seen(decoder.look(file(clip(SCENES, Form("mp4", "libx264", "ac3"))), sound=True))
    assert len(found.frames) >= 3
    assert (found.sound, found.sound_reason) == (None, "unsupported")


def test_oddities_before_the_sound(decoder: Decoder) -> None:
    sound = tone(beeps(SCENES[1:2]), container="mp3", codec="libmp3lame")
    body = b"\x00image/png\x00\x03\x00" + still(card("a cover"))
    frame = b"APIC" + struct.pack(">I", len(body)) + b"\0\0" + body
    size = len(frame)
    parts = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    plain = sound[sound.index(b"\xff\xfb") :]
    found = seen(decoder.look(file(b"ID3\x03\0\0" + parts + frame + plain), sound=True))
    assert (found.kind, found.frames) == ("audio", ())  # a cover is not shown as the content
    beyond = b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + b"TIT2" + bytes(50) + plain  # a tag larger than the file
    found = decoder.look(file(beyond), sound=True)
    assert isinstance(found, Seen) or found.reason in UNREADABLE


def test_a_playlist_in_disguise_opens_nothing(decoder: Decoder, mp4: bytes) -> None:
    inside = mp4[:32] + b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    assert reason(decoder.look(file(inside))) in UNREADABLE


def test_bytes_that_were_changed_at_random(decoder: Decoder, webm: bytes, mp4: bytes) -> None:
    drawn = random.Random(7)
    pictures = [still(card("words", size=(200, 100)), container) for container in ("JPEG", "GIF", "WEBP")]
    for original in (webm, mp4, *pictures):
        for _ in range(12):
            changed = bytearray(original)
            for _ in range(drawn.choice((1, 5, 60))):
                changed[drawn.randrange(16, len(changed))] = drawn.randrange(256)
            found = decoder.look(file(bytes(changed)), sound=True)
            assert isinstance(found, Seen) or found.reason in UNREADABLE


# -- limits ----------------------------------------------------------------------------------------------


def test_a_file_that_takes_too_long_is_ended() -> None:
    hasty = Decoder(Limits(wall_s=0.002), parallel=1)
    try:
        assert reason(hasty.look(file(clip(SCENES)))) == "too_slow"
    finally:
        hasty.close()


def test_a_file_that_takes_too_much_work_is_ended() -> None:
    idle = Decoder(Limits(cpu_s=0), parallel=1)
    busy = clip([Scene(12, (200, 40, 40))], Form("mp4", "mpeg4", width=1280, height=720, fps=30))
    try:
        assert reason(idle.look(file(busy))) == "too_slow"
    finally:
        idle.close()


def test_a_file_that_takes_too_much_memory_is_refused() -> None:
    small = Decoder(Limits(memory=8_000_000), parallel=1)
    try:
        assert reason(small.look(file(still(Image.new("RGB", (6_000, 6_000)))))) in {
            "too_large",
            "undecodable",
        }
        assert seen(small.look(file(still(Image.new("RGB", (100, 100))))))
    finally:
        small.close()


def test_a_process_that_is_killed_half_way_costs_one_answer(decoder: Decoder) -> None:
    long = file(clip([Scene(50, (200, 40, 40))], Form("mp4", "mpeg4", width=640, height=360, fps=30)))
    seen(decoder.look(long))
    (pid,) = decoder.processes
    killer = threading.Timer(0.05, os.kill, (pid, signal.SIGKILL))
    killer.start()
    found = decoder.look(long)
    killer.join()
    if isinstance(found, Seen):  # it was quicker than the killer
        found = decoder.look(long)
    assert reason(found) == "crashed"
    assert seen(decoder.look(long))
    assert decoder.processes != [pid]


def test_what_forks_has_one_thread_and_little_else(decoder: Decoder) -> None:
    (pid,) = decoder.processes
    with Path(f"/proc/{pid}/status").open() as status:
        said = dict(line.split(":", 1) for line in status)
    assert said["Threads"].strip() == "1"
    with Path(f"/proc/{pid}/maps").open() as maps:
        assert not [line for line in maps if "pyarrow" in line or "duckdb" in line]


def test_nothing_is_left_when_it_is_closed() -> None:
    made = Decoder(parallel=1)
    seen(made.look(file(still(card("once")))))
    (pid,) = made.processes
    made.close()
    assert made.processes == []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
    pytest.fail("the process is still there")


CONFINED = """
import os, socket, sys
from seawall.signals.media.confine import drop_privileges, leave_network, set_limits
alone = leave_network()
drop_privileges()
set_limits(cpu_s=5, memory=200_000_000, result=1_000_000)
tried = {"open": lambda: open("/etc/hostname"), "socket": socket.socket, "memory": lambda: bytes(10**9)}
for name, act in tried.items():
    try:
        act()
    except (OSError, MemoryError) as error:
        sys.stdout.write(f"{name}: {type(error).__name__}\\n")
    else:
        sys.stdout.write(f"{name}: allowed\\n")
"""


def test_a_process_that_was_confined_opens_nothing_and_takes_no_more() -> None:
    said = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["open: OSError", "socket: OSError", "memory: MemoryError"]
