"""The kinds of signal that look at files, given what a process can look at and with what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.policy.near import did_you_mean
from seawall.signals.image import faces, image_hash, nudity, onnx_image, text_in_image
from seawall.signals.media import aggregate, facts
from seawall.signals.media.frame_signal import FrameSignal
from seawall.signals.options import choice_of, count_of, refusal, text_of
from seawall.signals.ports import SignalKind
from seawall.signals.video import Speech

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from seawall.policy.model import Project, SignalSpec
    from seawall.signals.media.desk import Desk
    from seawall.signals.media.ports import FaceFinder, FrameModel, TextReader, Transcriber
    from seawall.signals.media.viewer import Viewer
    from seawall.signals.ports import Signal

_MEDIA = frozenset({Kind.MEDIA})
_FRAMES_READ = 12
_OVER_FRAMES = {"measure": False, "above": False}


def media_kinds(viewer: Viewer | None) -> Mapping[str, SignalKind]:
    """The kinds by name; without a viewer they check their options, and everything they read is NULL."""
    kinds = (
        SignalKind("media_facts", _MEDIA, Kind.NUMBER, {"measure": True}, _facts(viewer)),
        SignalKind("image_hash", _MEDIA, Kind.HASH, {}, _hash(viewer)),
        SignalKind("nudity", _MEDIA, Kind.NUMBER, _OVER_FRAMES, _nudity(viewer)),
        SignalKind("onnx_image", _MEDIA, Kind.NUMBER, {**onnx_image.OPTIONS, **_OVER_FRAMES}, _onnx(viewer)),
        SignalKind("text_in_image", _MEDIA, Kind.STRING, {"frames": False}, _text(viewer)),
        SignalKind("faces", _MEDIA, Kind.NUMBER, {"finder": True, "measure": True}, _faces(viewer)),
        SignalKind("speech", _MEDIA, Kind.STRING, {"model": True, "engine": False}, _speech(viewer)),
    )
    return {kind.name: kind for kind in kinds}


def _desk(spec: SignalSpec, project: Project, viewer: Viewer | None) -> Desk | None:
    """The desk of the project.

    Raises:
        ProjectError: the project reads no media, so the signal could never have a value.
    """
    if project.media is None:
        hint = "add media: {folders: {uploads: media}} to seawall.yml, or name hosts"
        raise refusal(spec, "no-media", "the project does not say where media may be read from", hint)
    return viewer.desk(project.media) if viewer else None


def _over_frames(
    spec: SignalSpec, desk: Desk | None, model: Callable[[], FrameModel | None], by: Hashable
) -> FrameSignal:
    measure = choice_of(spec, "measure", tuple(aggregate.MEASURES)) if "measure" in spec.options else "max"
    above = spec.options.get("above", 0.5)
    if isinstance(above, bool | str):
        raise refusal(spec, "unknown-option", f"above is {above!r}", "a number: from where on it is marked")
    return FrameSignal(desk, model, by=by, measure=measure, above=float(above))


def _facts(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def build(spec: SignalSpec, project: Project) -> Signal:
        return facts.Facts(_desk(spec, project, viewer), choice_of(spec, "measure", tuple(facts.MEASURES)))

    return build


def _hash(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def build(spec: SignalSpec, project: Project) -> Signal:
        return image_hash.ImageHash(_desk(spec, project, viewer))

    return build


def _nudity(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def model() -> FrameModel | None:
        return viewer.once(nudity.DIGEST, nudity.load) if viewer else None

    def build(spec: SignalSpec, project: Project) -> Signal:
        return _over_frames(spec, _desk(spec, project, viewer), model, nudity.DIGEST)

    return build


def _onnx(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def build(spec: SignalSpec, project: Project) -> Signal:
        desk = _desk(spec, project, viewer)
        load = onnx_image.loader(spec, viewer)
        known = onnx_image.OPTIONS.keys() & spec.options.keys()
        by = tuple(sorted((name, str(spec.options[name])) for name in known))
        return _over_frames(spec, desk, load, by)

    return build


def _text(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def reader() -> TextReader | None:
        return viewer.once("text", text_in_image.load) if viewer else None

    def build(spec: SignalSpec, project: Project) -> Signal:
        frames = count_of(spec, "frames", _FRAMES_READ)
        desk = _desk(spec, project, viewer)
        return text_in_image.TextInImage(desk, reader, by="text", frames=frames)

    return build


def _faces(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def build(spec: SignalSpec, project: Project) -> Signal:
        name = text_of(spec, "finder")
        make = viewer.face_finders.get(name) if viewer else None

        def finder() -> FaceFinder | None:
            if viewer is None or make is None:
                return None
            return viewer.once(("faces", name), partial(make, viewer.models))

        measure = choice_of(spec, "measure", tuple(faces.MEASURES))
        return faces.Faces(_desk(spec, project, viewer), finder, by=name, measure=measure)

    return build


def _speech(viewer: Viewer | None) -> Callable[[SignalSpec, Project], Signal]:
    def build(spec: SignalSpec, project: Project) -> Signal:
        name, engine = text_of(spec, "model"), str(spec.options.get("engine", "whisper"))
        if "/" in name or name.startswith("."):
            hint = did_you_mean(name, (), what="models")
            raise refusal(spec, "unknown-option", f"model is {name!r}", hint or "a name in SEAWALL_MODELS")
        make = viewer.transcribers.get(engine) if viewer else None

        def transcriber() -> Transcriber | None:
            folder = viewer.models if viewer else None
            if viewer is None or make is None or folder is None or not (folder / name).exists():
                return None
            return viewer.once(("speech", engine, name), partial(make, folder / name))

        desk = _desk(spec, project, viewer)
        return Speech(desk if make else None, transcriber, by=f"{engine}:{name}")

    return build
