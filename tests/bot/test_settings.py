"""Settings are read once, and a wrong one is named."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import StartError
from bot.settings import Settings, read


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without a .env, and an environment without our settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_everything_has_a_default() -> None:
    """An empty environment is enough."""
    assert (read().web_host, read().web_port, read().command_prefix) == ("127.0.0.1", 8000, "!")
    assert read().folder == Path("var")


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is read, the environment goes first, and an empty value is no value."""
    Path(".env").write_text("WEB_PORT=8100\nLOG_LEVEL=debug\nMODEL_PATH=\nPUBLIC_URL=\nOTHER=1\n")
    monkeypatch.setenv("WEB_PORT", "8200")
    settings = read()
    assert (settings.web_port, settings.log_level, settings.model_path) == (8200, "DEBUG", None)
    assert settings.public_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "eighty"),
        ("WEB_PORT", "0"),
        ("LOG_LEVEL", "loud"),
        ("COMMAND_PREFIX", "bot"),
        ("PUBLIC_URL", "x"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says which key, what was given, and where the right form stands."""
    monkeypatch.setenv(name, value)
    with pytest.raises(StartError) as refused:
        read()
    said = str(refused.value)
    assert said.startswith(f"{name}: ")
    assert repr(value) in said or repr(value.upper()) in said
    assert said.endswith("See .env.example.")
    assert "\n" not in said


def test_settings_do_not_change() -> None:
    """Frozen once read."""
    with pytest.raises(ValidationError):
        read().web_port = 1  # pyright: ignore[reportAttributeAccessIssue] - that is the claim


def test_every_setting_of_the_example_is_a_default() -> None:
    """`.env.example`, copied as it is, changes nothing."""
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    Path(".env").write_text(example)
    assert read() == Settings(_env_file=None)  # pyright: ignore[reportCallIssue] - pydantic-settings' own parameter
