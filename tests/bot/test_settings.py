"""Settings are read once, and a wrong one is named."""

import traceback
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


@pytest.mark.parametrize("name", ["DISCORD_CHANNEL_ID", "DISCORD_ROLE_ID"])
def test_a_name_in_the_place_of_an_id_is_told_in_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes the channel's name reads where its number is."""
    monkeypatch.setenv(name, "#general")
    with pytest.raises(StartError) as refused:
        read()
    sentence = "an ID is a long number, copied from the menu of the channel or role, not '#general'"
    assert str(refused.value) == f"{name}: {sentence}. See .env.example."


def test_settings_do_not_change() -> None:
    """Frozen once read."""
    with pytest.raises(ValidationError):
        read().web_port = 1  # pyright: ignore[reportAttributeAccessIssue] - that is the claim


def test_every_setting_of_the_example_is_a_default() -> None:
    """`.env.example`, copied as it is, changes nothing."""
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    Path(".env").write_text(example)
    assert read() == Settings(_env_file=None)  # pyright: ignore[reportCallIssue] - pydantic-settings' own parameter


FORUM = {
    "DISCOURSE_URL": "https://forum.example.org/talk",
    "DISCOURSE_API_KEY": "k" * 64,
    "DISCOURSE_API_USERNAME": "studybot",
    "DISCOURSE_CATEGORY_ID": "5",
}


def test_a_forum_is_set_up_with_four_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key is kept from every text that settings turn into."""
    for name, value in FORUM.items():
        monkeypatch.setenv(name, value)
    settings = read()
    assert settings.discourse_key.get_secret_value() == "k" * 64
    assert settings.discourse_hook is None
    assert "kkk" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize("missing", [name for name in FORUM if name != "DISCOURSE_URL"])
def test_half_a_forum_is_refused(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, and nothing that was given is shown."""
    for name, value in FORUM.items():
        if name != missing:
            monkeypatch.setenv(name, value)
    with pytest.raises(StartError, match=f"DISCOURSE_URL is set, so {missing} must be, too") as refused:
        read()
    assert "kkk" not in str(refused.value)


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the line break at its end; not from two places; and a file that is not there is named."""
    for name, value in FORUM.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "key").write_text("secret-from-a-file\n")
    monkeypatch.setenv("DISCOURSE_API_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(StartError, match="DISCOURSE_API_KEY and DISCOURSE_API_KEY_FILE are both set"):
        read()
    monkeypatch.delenv("DISCOURSE_API_KEY")
    assert read().discourse_key.get_secret_value() == "secret-from-a-file"
    monkeypatch.setenv("DISCOURSE_API_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(StartError, match=r"DISCOURSE_API_KEY_FILE: .*gone cannot be read"):
        _ = read().discourse_key


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("DISCOURSE_API_KEY", b" \n"),
        ("DISCOURSE_API_KEY", b"\xff"),
        ("DISCOURSE_WEBHOOK_SECRET", b"elevenchars\n"),
    ],
    ids=["empty", "binary", "short"],
)
def test_a_file_without_a_secret_is_named(name: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty secret would let anybody in: it is refused at the start, and what the file holds is not shown."""
    for key, value in FORUM.items():
        if key != name:
            monkeypatch.setenv(key, value)
    Path("held").write_bytes(content)
    monkeypatch.setenv(f"{name}_FILE", "held")
    with pytest.raises(StartError, match=f"{name}_FILE: held ") as refused:
        _ = read().secrets
    assert "elevenchars" not in str(refused.value)


def test_logs_know_the_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a forum that the bot takes part in; without its address there are none, and no file is read."""
    for name, value in FORUM.items():
        monkeypatch.setenv(name, value)
    Path("held").write_text("twelve chars\n")
    monkeypatch.setenv("DISCOURSE_WEBHOOK_SECRET_FILE", "held")
    assert read().secrets == ("k" * 64, "twelve chars")
    monkeypatch.delenv("DISCOURSE_URL")
    monkeypatch.setenv("DISCOURSE_WEBHOOK_SECRET_FILE", "gone")
    assert read().secrets == ()


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the sentence nor in what it came from."""
    monkeypatch.setenv("DISCOURSE_WEBHOOK_SECRET", "too-short")
    with pytest.raises(StartError, match="DISCOURSE_WEBHOOK_SECRET") as refused:
        read()
    assert "too-short" not in "".join(traceback.format_exception(refused.value))
