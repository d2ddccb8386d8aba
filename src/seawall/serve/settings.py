"""What an operator may set, by environment variable. Every setting is in docs/reference/settings.md."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from `SEAWALL_<NAME>`; the project folder says what is decided, these say how it runs."""

    model_config = SettingsConfigDict(env_prefix="SEAWALL_", env_file=None, extra="ignore")

    data: Path | None = Field(None, description="Where journal, ledger and lake live; overrides seawall.yml.")
    ledger_url: str | None = Field(
        None, description="SQLAlchemy URL of the ledger; default is SQLite in the data folder."
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8400, ge=0, le=65535, description="Port the server listens on; 0 picks a free one.")
    public_url: str | None = Field(
        None, description="Under which people open this server; without it notices carry no link."
    )
    max_body_bytes: int = Field(16 * 2**20, ge=1024, description="Largest request body taken.")
    max_batch: int = Field(10_000, ge=1, description="Most events, or texts to be scored, in one request.")
    queue_limit: int = Field(
        20_000, ge=1, description="Events, and texts, that may wait; beyond it the door answers 429."
    )
    texts_per_second: float = Field(
        0.0, ge=0, description="Texts a second that each key may have scored; 0: as many as it likes."
    )
    seal_seconds: float = Field(
        60.0, gt=0, description="Age at which journal segments are sealed to Parquet."
    )
    seal_bytes: int = Field(64 * 2**20, ge=4096, description="Size at which they are sealed sooner.")
    min_free_bytes: int = Field(256 * 2**20, ge=0, description="Free disk below which the door answers 429.")
    lag_bytes: int = Field(512 * 2**20, ge=1, description="Journal the projector may be behind before 429.")
    session_hours: float = Field(12.0, gt=0, description="How long a console sign-in lasts.")
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only; set it behind TLS.")  # noqa: FBT003
    endpoints: dict[str, dict[str, str]] = Field(
        {},
        description="Servers of language models, as JSON: name to `url` (with /v1) and `key`.",
    )
    media_folders: dict[str, Path] = Field(
        {},
        description="Where media folders lie, as JSON: the name a project gives one, and its path.",
    )
    models: Path | None = Field(None, description="The folder of model files that signals name.")
    decoders: int = Field(2, ge=1, le=64, description="Media files decoded at the same time.")
    log_level: str = Field("info", description="debug, info, warning or error.")
