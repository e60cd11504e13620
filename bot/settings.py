"""Every setting, read once at start and then frozen. `.env.example` lists them with a comment each."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, HttpUrl, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartError


class Settings(BaseSettings):
    """From the environment, then from `.env` in the working folder, then the defaults; empty is not given."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    command_prefix: Annotated[str, Field(min_length=1, max_length=3, pattern=r"^[^\s\w`\\>~]+$")] = "!"
    database_url: str = "sqlite:///var/study-group.db"
    model_path: Path | None = None
    programme: Path | None = None
    web_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    web_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: HttpUrl | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["human", "json"] = "human"

    @property
    def folder(self) -> Path:
        """Where files beside the database go: the cache of pictures."""
        path = self.database_url.removeprefix("sqlite:///")
        return Path("var") if path == self.database_url else Path(path).parent

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value


def read(**given: Any) -> Settings:
    """The settings; StartError names each key that is wrong and what it takes. `given` beats the environment."""
    try:
        return Settings(**given)
    except ValidationError as problem:
        wrong = "; ".join(
            f"{'_'.join(str(part) for part in error['loc']).upper()}: {error['msg']}, not {error['input']!r}"
            for error in problem.errors()
        )
        raise StartError(f"{wrong}. See .env.example.") from problem
    except UnicodeDecodeError as problem:
        raise StartError(f".env is not UTF-8 text ({problem.reason} at byte {problem.start}).") from problem
