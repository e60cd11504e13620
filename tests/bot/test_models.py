"""Another model takes the first one's place, or the first one stays."""

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.checkup import running
from bot.errors import StartError, UserError
from bot.models import SHIPPED, Models
from bot.settings import Settings
from engine.artifact import Artifact
from tests.bot.conftest import NOW


@pytest.fixture
def shelf(tmp_path: Path, small: Artifact) -> Models:
    """The shipped model answers; in the folder lie one of ours, one that is damaged, and one that is none."""
    folder = tmp_path / "models"
    (folder / "old").mkdir(parents=True)
    small.save(folder / "own.safetensors")
    small.save(folder / "old" / "own.safetensors")
    small.save(tmp_path / "outside.safetensors")
    whole = (folder / "own.safetensors").read_bytes()
    (folder / "half.safetensors").write_bytes(whole[: len(whole) // 2])
    (folder / "none.safetensors").write_text("user,title,rating\n", encoding="utf-8")
    (folder / "empty.safetensors").touch()
    (folder / "link.safetensors").symlink_to(tmp_path / "outside.safetensors")
    (folder / "circle.safetensors").symlink_to(folder / "circle.safetensors")
    with (folder / "huge.safetensors").open("wb") as file:
        file.truncate(300 * 2**20)
    return Models(None, folder)


async def test_a_model_takes_the_first_ones_place(shelf: Models, small: Artifact) -> None:
    """It answers from then on; reading it again takes what is in the file by then."""
    first = shelf.films
    assert (shelf.current.name, shelf.current.since) == (SHIPPED, None)
    await shelf.load("own.safetensors", NOW)
    assert shelf.films.titles == small.titles
    assert (shelf.current.name, shelf.current.since) == ("own.safetensors", NOW)
    first.model.save(Path(shelf.folder) / "own.safetensors")
    assert shelf.films.titles == small.titles
    await shelf.reload(NOW)
    assert shelf.films.titles == first.titles
    await shelf.load("old/own.safetensors", NOW)
    assert shelf.films.titles == small.titles


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("../outside.safetensors", "alone", id="above"),
        pytest.param("old/../../outside.safetensors", "alone", id="above-by-a-detour"),
        pytest.param("/etc/hostname", "alone", id="elsewhere"),
        pytest.param("link.safetensors", "alone", id="a-link-that-leads-out"),
        pytest.param("circle.safetensors", "cannot be used|no name", id="a-link-to-itself"),
        pytest.param("\0", "no name", id="no-name"),
        pytest.param("a" * 5000, "cannot be used|no name", id="too-long"),
        pytest.param("absent.safetensors", "no such file", id="absent"),
        pytest.param(".", "cannot be used", id="a-folder"),
        pytest.param("half.safetensors", "damaged", id="half"),
        pytest.param("none.safetensors", "not a safetensors file", id="no-model"),
        pytest.param("empty.safetensors", "not a safetensors file", id="0-bytes"),
        pytest.param("huge.safetensors", "larger than", id="huge"),
    ],
)
async def test_whatever_is_wrong_the_old_model_answers(shelf: Models, name: str, said: str) -> None:
    """A sentence, and the model is the same as before."""
    before = shelf.films
    with pytest.raises(UserError, match=said):
        await shelf.load(name, NOW)
    assert shelf.films is before
    assert shelf.current.name == SHIPPED


async def test_a_file_that_was_spoilt_is_not_read_again(shelf: Models) -> None:
    """The model in use goes on, from memory."""
    await shelf.load("own.safetensors", NOW)
    before = shelf.films
    (Path(shelf.folder) / "own.safetensors").write_bytes(b"")
    with pytest.raises(UserError, match=r"own\.safetensors"):
        await shelf.reload(NOW)
    assert shelf.films is before


async def test_two_at_once_come_one_after_the_other(shelf: Models, small: Artifact) -> None:
    """The last one asked for answers in the end."""
    await asyncio.gather(shelf.load("old/own.safetensors", NOW), shelf.load("own.safetensors", NOW))
    assert shelf.films.titles == small.titles
    assert shelf.path.endswith("models/own.safetensors")


async def test_an_answer_in_flight_ends_on_its_model(app: App, small: Artifact, tmp_path: Path) -> None:
    """A command sees one model from its first look on; the next command sees the new one."""
    from bot.app import LOCAL, THREAD

    small.save(tmp_path / "own.safetensors")
    context = app.context(LOCAL, THREAD)
    before = context.films
    await app.shelf.load("own.safetensors", NOW)
    assert context.films is before
    assert app.context(LOCAL, THREAD).films.titles == small.titles
    assert "Part 1, The (1951)" in (await app.completion.line("!movie part 1"))[0]


async def test_the_health_check_names_the_model_in_use(app: App, small: Artifact, tmp_path: Path) -> None:
    """And how many films it has."""
    check = running(app)["model"]  # pyright: ignore[reportArgumentType] - cached_property is a property here
    assert "films, from the model that ships with the bot" in await check()
    small.save(tmp_path / "own.safetensors")
    await app.shelf.load("own.safetensors", NOW)
    assert await check() == f"40 films, from {tmp_path / 'own.safetensors'}"


def test_the_folder_is_the_models_or_the_databases(settings: Settings, tmp_path: Path) -> None:
    """Nothing outside it is loaded."""
    assert settings.models == tmp_path
    assert Settings(model_path=Path("models/own.safetensors")).models == Path("models")


def test_a_start_without_its_model_says_so(tmp_path: Path) -> None:
    """As before: one line that names the setting."""
    with pytest.raises(StartError, match="MODEL_PATH"):
        _ = Models(tmp_path / "absent.safetensors", tmp_path).films
