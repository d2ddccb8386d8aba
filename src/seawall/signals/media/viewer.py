"""What a process can look at and with which models: made once, shared by every version of the project."""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

from seawall.ingest.media import Fetcher
from seawall.ingest.media.source_folder import FolderSource
from seawall.ingest.media.source_https import HttpsSource
from seawall.signals.media.decoder import Decoder, installed
from seawall.signals.media.desk import Desk
from seawall.signals.media.model import Limits, Look

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from pathlib import Path

    from seawall.ingest.media import Source
    from seawall.policy.model import MediaPlan
    from seawall.signals.media.ports import FaceFinder, Transcriber

T = TypeVar("T")


class Viewer:
    """Hands out desks by what a project allows, and models by name. Any thread may ask it."""

    def __init__(
        self,
        root: Path,
        *,
        folders: Mapping[str, Path] | None = None,
        models: Path | None = None,
        limits: Limits | None = None,
        parallel: int = 2,
        transcribers: Mapping[str, Callable[[Path], Transcriber]] | None = None,
        face_finders: Mapping[str, Callable[[Path | None], FaceFinder]] | None = None,
    ) -> None:
        """Make one; nothing is loaded or started before it is needed.

        Args:
            root: the folder that a project's own media folders lie in.
            folders: where folders lie instead, by the name a project gives them.
            models: the folder of model files.
            limits: of each file, beside what the project says of size and length.
            parallel: files decoded at the same time.
            transcribers: what writes down speech, by name, made from the path of a model.
            face_finders: what finds faces, by name, made from the folder of model files.
        """
        self._root = root
        self._folders = dict(folders or {})
        self._limits = limits or Limits()
        self._decoder = Decoder(parallel=parallel) if installed() else None
        self._made: dict[Hashable, object] = {}
        self._lock = Lock()
        self.models = models
        self.transcribers = dict(transcribers or {})
        self.face_finders = dict(face_finders or {})

    def desk(self, plan: MediaPlan | None) -> Desk | None:
        """The desk of a project; None where it reads no media or the extra `media` is not installed."""
        decoder = self._decoder
        if plan is None or decoder is None:
            return None

        def make() -> Desk:
            limits = msgspec.structs.replace(self._limits, longest_s=plan.longest_s)
            return Desk(self.fetcher(plan), decoder, limits=limits, look=Look(plan.look))

        return self.once(("desk", msgspec.json.encode(plan)), make)

    def fetcher(self, plan: MediaPlan) -> Fetcher:
        """What a project may read."""
        folders = {
            name: self._folders.get(name, self._root / inside) for name, inside in plan.folders.items()
        }
        sources: tuple[Source, ...] = (FolderSource(folders), HttpsSource(plan.hosts))
        return Fetcher(sources, largest=plan.largest)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is made of it, made once: a model is loaded by whoever needs it first."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return cast("T", self._made[key])

    def model_file(self, name: str, sha256: str) -> Path | None:
        """A model file of the folder, if it is there and has the digest that the project says."""
        if self.models is None or "/" in name or name.startswith("."):
            return None
        path = self.models / name

        def check() -> Path | None:
            if not path.is_file():
                return None
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
            return path if found == sha256 else None

        return self.once(("file", name, sha256), check)

    def close(self) -> None:
        """End the decoding processes."""
        if self._decoder is not None:
            self._decoder.close()
