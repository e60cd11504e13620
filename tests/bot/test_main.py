"""The command line, as a process."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.app import LOCAL, App
from bot.settings import Settings
from tests.bot.conftest import NOW
from tests.bot.questions.sheets import chapter, notebook, packed

ROOT = Path(__file__).parents[2]


def bot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot …` in an empty folder, with nothing but `settings` in the environment."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(folder), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_ask_prints_the_reply_and_writes_its_pictures(tmp_path: Path) -> None:
    """Exit 0, the table in the text, the picture where `--out` says."""
    done = bot(tmp_path, "ask", "!similar Terminator", "--out", "pictures")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Terminator 2: Judgment Day (1991)" in done.stdout
    assert (tmp_path / "pictures" / "1-bars.png").read_bytes().startswith(b"\x89PNG")


def test_ask_prints_json(tmp_path: Path) -> None:
    """The reply's parts by the names others script against; 762 among them."""
    done = bot(tmp_path, "ask", "!kernel topedge at=5,7", "--json", "--out", "pictures")
    reply = json.loads(done.stdout)
    assert set(reply) == {"text", "table", "images", "choices", "private"}
    assert "762" in reply["text"]
    assert reply["table"] is None
    assert [set(image) for image in reply["images"]] == [{"path", "alt"}]
    assert (tmp_path / reply["images"][0]["path"]).is_file()
    table = json.loads(bot(tmp_path, "ask", "!similar Terminator", "--json").stdout)["table"]
    assert table["columns"] == ["film", "cosine", "ratings"]
    assert table["rows"][0][0] == "Terminator 2: Judgment Day (1991)"


def test_ask_writes_a_file_and_prints_it(tmp_path: Path) -> None:
    """Where `--out` says, and its path; without that on the screen; in JSON as a part of the text."""
    assert bot(tmp_path, "ask", "!reveal 1").returncode == 0
    done = bot(tmp_path, "ask", "!deck", "--out", "files")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nfiles/deck.txt\n")
    assert "#separator" not in done.stdout
    text = (tmp_path / "files" / "deck.txt").read_text(encoding="utf-8")
    assert text.startswith("#separator:tab\n")
    reply = json.loads(bot(tmp_path, "ask", "!deck", "--json").stdout)
    assert set(reply) == {"text", "table", "images", "choices", "private"}
    assert text in reply["text"]
    assert bot(tmp_path, "ask", "!deck").stdout.rstrip().endswith(text.rstrip())


@pytest.mark.parametrize("line", ["!similar qqqqqq", "!nothing", "hello", "!kernel topedge at=99,99"])
def test_ask_exits_with_2_when_refused(line: str, tmp_path: Path) -> None:
    """The message goes to the error stream, as a sentence."""
    done = bot(tmp_path, "ask", line)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_answering_imports_neither_torch_nor_what_draws(tmp_path: Path) -> None:
    """A text answer needs the engine's numpy and nothing heavier."""
    heavy = ("torch", "pandas", "matplotlib", "PIL", "sqlalchemy", "aiohttp", "alembic", "prometheus_client")
    program = (
        "import sys; from bot.__main__ import main\n"
        "code = main(['ask', '!similar Terminator'])\n"
        f"print('loaded', [name for name in {heavy!r} if name in sys.modules])\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.endswith("loaded []\n")


def test_doctor_says_what_has_to_change(tmp_path: Path) -> None:
    """All well: exit 0. A foreign model, an unwritable database or a port in use: exit 1, each named."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    well = bot(tmp_path, "doctor", WEB_PORT=port)
    assert well.returncode == 0, well.stdout
    assert "FIX" not in well.stdout
    (tmp_path / "file").write_text("x")
    (tmp_path / "plan.toml").write_text(
        'group = "A"\nzone = "Europe/Berln"\n[series]\nfirst = 2026-12-02\nat = "18:30"'
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ill = bot(
            tmp_path,
            "doctor",
            WEB_PORT=str(taken.getsockname()[1]),
            MODEL_PATH="file",
            DATABASE_URL="sqlite:///file/group.db",
            PROGRAMME="plan.toml",
        )
    assert ill.returncode == 1
    assert ill.stdout.count("FIX") == 5
    assert all(word in ill.stdout for word in ("MODEL_PATH", "DATABASE_URL", "WEB_PORT", "plan.toml:2:"))


def test_doctor_cannot_tell_a_discord_that_is_not_set_up(tmp_path: Path) -> None:
    """`--sync` without a server names the settings."""
    done = bot(tmp_path, "doctor", "--sync")
    assert done.returncode == 1
    assert "DISCORD_TOKEN and DISCORD_CHANNEL_ID are not set" in done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"WEB_PORT": "many"}, "WEB_PORT"), ({"DATABASE_URL": "sqlite:////proc/none/group.db"}, "DATABASE_URL")],
)
def test_a_start_that_cannot_be_says_so_in_one_line(settings: dict[str, str], said: str, tmp_path: Path) -> None:
    """One clear line and exit 1; no traceback."""
    done = bot(tmp_path, "run", **settings)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert said in line


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    """The port is named, and the setting that chooses another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = bot(tmp_path, "run", WEB_PORT=str(port))
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert f"127.0.0.1:{port}" in line
    assert "WEB_PORT" in line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_says_where_and_stops_when_told(number: int, tmp_path: Path) -> None:
    """The address is printed once the thread answers, and a signal ends it with exit 0."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment: dict[str, Any] = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "WEB_PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"The local thread is at http://127.0.0.1:{port} (Ctrl+C stops it).\n"
        socket.create_connection(("127.0.0.1", port)).close()
        process.send_signal(number)
        assert process.wait(30) == 0


def test_train_writes_a_model_and_prints_its_metrics(tmp_path: Path) -> None:
    """A small CSV is trained on, and the file answers; a wrong file is named with its line."""
    rows = ["user,title,rating"]
    rows += [f"u{user},Film {film} (1990),{1 + (user * film) % 5}" for user in range(30) for film in range(1, 12)]
    (tmp_path / "ratings.csv").write_text("\n".join(rows) + "\n")
    done = bot(tmp_path, "train", "--data", "ratings.csv", "--out", "model.safetensors", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {"model", "ratings", "users", "items", "seconds", "valid"} <= set(report)
    assert set(report["valid"]) == {"mse", "rmse", "mae"}
    assert (report["ratings"], report["users"], report["items"]) == (330, 30, 11)
    answer = bot(tmp_path, "ask", "!similar Film 3 min=0", MODEL_PATH="model.safetensors")
    assert answer.returncode == 0, answer.stderr
    (tmp_path / "ratings.csv").write_text("user,title,rating\nu1,Film,9\n")
    wrong = bot(tmp_path, "train", "--data", "ratings.csv", "--out", "model.safetensors")
    assert wrong.returncode == 1
    assert "ratings.csv" in wrong.stderr
    assert "9" in wrong.stderr
    assert "Traceback" not in wrong.stderr


async def test_train_learns_from_the_members(settings: Settings, tmp_path: Path) -> None:
    """From those with five ratings; RATINGS is the data where none is named, and without either it says so."""
    none = bot(tmp_path, "train", "--members", DATABASE_URL=settings.database_url)
    assert none.returncode == 1
    assert "No member has rated 5 films or more yet" in none.stderr
    async with App(settings) as app:
        for title in app.films.titles[:6]:
            await app.ratings.rate(LOCAL, title, 4.0, NOW)
    nowhere = bot(tmp_path, "train")
    assert nowhere.returncode == 1
    assert "https://grouplens.org" in nowhere.stderr
    rows = [f"u{user},Film {film},{1 + (user * film) % 5}" for user in range(8) for film in range(8)]
    (tmp_path / "own.csv").write_text("\n".join(["user,title,rating", *rows]) + "\n", encoding="utf-8")
    environment = {"DATABASE_URL": settings.database_url, "RATINGS": "own.csv"}
    done = bot(tmp_path, "train", "--members", "--out", "model.safetensors", **environment)
    assert done.returncode == 0, done.stderr
    assert "Trained dotbias on 70 ratings by 8 users of 14 films" in done.stdout
    assert "6 ratings of this group were learnt from" in done.stdout


def test_questions_are_imported(tmp_path: Path) -> None:
    """From a folder, with a line for each chapter and each broken file; exit 2 and why where nothing came in."""
    for number, count in ((8, 31), (13, 40)):
        (tmp_path / f"{number:02}_part.ipynb").write_bytes(chapter(number, count))
    (tmp_path / "09_part.ipynb").write_text("<html>")
    first = bot(tmp_path, "questions", "import", ".")
    assert (first.returncode, first.stderr) == (0, "")
    assert "chapter 8: 31 questions, 2 further research: 31 new" in first.stdout
    assert "1 file left out\n\n- `09_part.ipynb` is no notebook" in first.stdout
    again = bot(tmp_path, "questions", "import", "13_part.ipynb")
    assert again.stdout.startswith("40 questions in 1 chapter (13), 0 new")
    (tmp_path / "book.zip").write_bytes(packed({"08_a.ipynb": chapter(8, 4)})[:-30])
    refused = bot(tmp_path, "questions", "import", "book.zip")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no zip that I can unpack" in refused.stderr
    assert "Traceback" not in refused.stderr
    (tmp_path / "10_part.ipynb").write_bytes(notebook())
    empty = bot(tmp_path, "questions", "import", "10_part.ipynb")
    assert (empty.returncode, empty.stdout) == (2, "")
    assert "import the full notebook" in empty.stderr
    missing = bot(tmp_path, "questions", "import", "nowhere")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "cannot be read" in missing.stderr


def test_a_rehearsal_has_what_admins_changed(tmp_path: Path) -> None:
    """As the database has it; none is made for it, and a file that is named stands as it is."""
    plan = (ROOT / "bot" / "data" / "programme.toml").read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_text(plan.replace("2026-", "2036-").replace("2027-", "2037-"))
    line = ("rehearse", "--from", "2036-12-01", "--weeks", "2")
    before = bot(tmp_path, *line, PROGRAMME="plan.toml")
    assert before.returncode == 0, before.stderr
    assert not (tmp_path / "var").exists()
    asked = bot(tmp_path, "ask", "!session skip next", PROGRAMME="plan.toml")
    assert asked.returncode == 0, asked.stderr
    after = bot(tmp_path, *line, PROGRAMME="plan.toml")
    assert "With what admins changed:\n- the session of Tue 2036-12-02, skipped" in after.stdout
    assert "for 70 minutes" in after.stdout
    assert after.stdout != before.stdout
    named = bot(tmp_path, *line, "--programme", "plan.toml", PROGRAMME="plan.toml")
    assert named.stdout == before.stdout


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--from", "banana", "'banana' is no date: write one like 2027-03-28"),
        ("--weeks", "0", "'0' is no number of weeks: take one from 1 to 520"),
        ("--weeks", "many", "'many' is no number of weeks: take one from 1 to 520"),
    ],
)
def test_an_option_says_what_it_takes(
    option: str, value: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, not by the name of what reads it."""
    with pytest.raises(SystemExit):
        main(["rehearse", option, value])
    assert said in capsys.readouterr().err
