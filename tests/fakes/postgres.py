"""A PostgreSQL of our own: started from the system's package, in a temporary folder, on a Unix socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
# One that is thrown away need not survive a power failure.
OPTIONS = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=60"


def programs() -> Path | None:
    """The folder of the newest server on this machine: Debian keeps it off the PATH."""
    found = sorted(DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@contextmanager
def postgres() -> Generator[str]:
    """The URL of a running server; FileNotFoundError where none is installed. Stopped and deleted at the end."""
    folder = programs()
    if folder is None:
        raise FileNotFoundError("no PostgreSQL server here (on Debian: apt-get install postgresql)")
    user = _somebody_else()
    with tempfile.TemporaryDirectory(prefix="pg-") as temporary:
        if user is not None:
            os.chown(temporary, user, -1)
        data = Path(temporary) / "data"
        _run([folder / "initdb", "-D", data, "-U", "study", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
        control = [folder / "pg_ctl", "-D", data, "-l", Path(temporary) / "log", "-w", "-s"]
        _run([*control, "-o", f"-k {temporary} {OPTIONS}", "start"], user)
        try:
            yield f"postgresql+asyncpg://study@/postgres?host={temporary}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)


def _somebody_else() -> int | None:
    """PostgreSQL refuses to run as root: then somebody who may do nothing else here runs it."""
    return 65534 if os.getuid() == 0 else None


def _run(command: list[Path | str], user: int | None) -> None:
    # The server inherits these: a pipe would stay open for as long as it runs.
    done = subprocess.run(
        [str(part) for part in command],
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        cwd="/",
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}")
