"""Every setting, read once at start and then frozen. `.env.example` lists them with a comment each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError, WebsocketUrl, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartError

SECRETS = ("discord_token", "discourse_api_key", "discourse_webhook_secret")
"""Never shown. Each may stand in a file instead, which `…_FILE` names."""
MIN_HOOK = 12  # characters: the forum takes no shorter secret, and an empty one would let anybody sign


class Settings(BaseSettings):
    """From the environment, then from `.env` in the working folder, then the defaults; empty is not given."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    command_prefix: Annotated[str, Field(min_length=1, max_length=3, pattern=r"^[^\s\w`\\>~]+$")] = "!"
    database_url: str = "sqlite:///var/study-group.db"
    model_path: Path | None = None
    ratings: Path | None = None
    training: Literal["members", "admins", "off"] = "members"
    programme: Path | None = None
    web_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    web_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: HttpUrl | None = None
    discord_token: SecretStr | None = None
    discord_token_file: Path | None = None
    discord_channel_id: Annotated[int, Field(ge=1)] | None = None
    discord_role_id: Annotated[int, Field(ge=1)] | None = None
    discord_api_base: HttpUrl | None = None
    discord_gateway_url: WebsocketUrl | None = None
    discourse_url: HttpUrl | None = None
    discourse_api_key: SecretStr | None = None
    discourse_api_key_file: Path | None = None
    discourse_api_username: str = ""
    discourse_category_id: Annotated[int, Field(ge=1)] | None = None
    discourse_webhook_secret: Annotated[SecretStr, Field(min_length=MIN_HOOK)] | None = None
    discourse_webhook_secret_file: Path | None = None
    discourse_poll_seconds: Annotated[float, Field(ge=5, le=300)] = 20.0
    discourse_admin_group: str = ""
    discourse_ignore: str = ""
    discourse_tags: str = ""
    discourse_close_old: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["human", "json"] = "human"

    @property
    def folder(self) -> Path:
        """Where files beside the database go: the cache of pictures."""
        path = self.database_url.removeprefix("sqlite:///")
        return Path("var") if path == self.database_url else Path(path).parent

    @property
    def models(self) -> Path:
        """The one folder that admins may load models from: the model's, or else the database's."""
        return self.model_path.parent if self.model_path else self.folder

    @property
    def discord(self) -> SecretStr | None:
        """The token of the group's Discord bot, None without one."""
        return _secret("discord_token", self.discord_token, self.discord_token_file)

    @property
    def discourse_key(self) -> SecretStr:
        """The forum's key, from where it was given; StartError names a file that cannot be read."""
        return _secret("discourse_api_key", self.discourse_api_key, self.discourse_api_key_file) or SecretStr("")

    @property
    def discourse_hook(self) -> SecretStr | None:
        """The secret of the forum's webhook, None without one."""
        name, file = "discourse_webhook_secret", self.discourse_webhook_secret_file
        return _secret(name, self.discourse_webhook_secret, file, least=MIN_HOOK)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of the log may hold."""
        forum = (self.discourse_key, self.discourse_hook) if self.discourse_url else ()
        given = (self.discord, *forum)
        return tuple(secret.get_secret_value() for secret in given if secret)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Each secret once, and of a forum everything that it takes or nothing."""
        for name in SECRETS:
            if getattr(self, name) and getattr(self, f"{name}_file"):
                raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both set: take one of them")
        needed = {
            "DISCOURSE_API_KEY": self.discourse_api_key or self.discourse_api_key_file,
            "DISCOURSE_API_USERNAME": self.discourse_api_username,
            "DISCOURSE_CATEGORY_ID": self.discourse_category_id,
        }
        missing = [name for name, value in needed.items() if not value]
        if self.discourse_url and missing:
            raise ValueError(f"DISCOURSE_URL is set, so {' and '.join(missing)} must be, too")
        token = self.discord_token or self.discord_token_file
        if bool(token) != bool(self.discord_channel_id):
            have, lack = ("TOKEN", "CHANNEL_ID") if token else ("CHANNEL_ID", "TOKEN")
            raise ValueError(f"DISCORD_{have} is set, so DISCORD_{lack} must be, too")
        return self

    @field_validator("discord_channel_id", "discord_role_id", mode="before")
    @classmethod
    def _a_number(cls, value: Any) -> Any:
        if isinstance(value, str) and not value.strip().isdecimal():
            raise ValueError("an ID is a long number, copied from the menu of the channel or role")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value


def _secret(name: str, value: SecretStr | None, file: Path | None, *, least: int = 1) -> SecretStr | None:
    if file is None:
        return value
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "it is not text"
        raise StartError(f"{name.upper()}_FILE: {file} cannot be read ({why}).") from problem
    if len(secret) < least:
        raise StartError(f"{name.upper()}_FILE: {file} holds {len(secret)} characters, {least} are needed.")
    return SecretStr(secret)


def _wrong(error: Mapping[str, Any]) -> str:
    name = "_".join(str(part) for part in error["loc"])
    if not name:
        return error["msg"].removeprefix("Value error, ")
    given = "" if name in SECRETS else f", not {error['input']!r}"
    return f"{name.upper()}: {error['msg'].removeprefix('Value error, ')}{given}"


def read(**given: Any) -> Settings:
    """The settings; StartError names each key that is wrong and what it takes. `given` beats the environment."""
    try:
        return Settings(**given)
    except ValidationError as problem:
        # Not `from problem`: it carries the values, and a secret may be among them.
        raise StartError(f"{'; '.join(map(_wrong, problem.errors()))}. See .env.example.") from None
    except UnicodeDecodeError as problem:
        raise StartError(f".env is not UTF-8 text ({problem.reason} at byte {problem.start}).") from problem
