"""A PostgreSQL server for tests: the machine's own, unprivileged, on loopback, ended by its pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def missing() -> str:
    """Why no server can be started here, or an empty text."""
    if not _tool("initdb") or not _tool("postgres"):
        return "no initdb and postgres on this machine"
    if os.geteuid() == 0 and _account() is None:
        return "root may not run PostgreSQL and there is no other account"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """Start a server in a folder of its own and yield the address of its maintenance database."""
    user = _account() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="posko-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    initdb, postgres = str(_tool("initdb")), str(_tool("postgres"))
    options = ["--auth=trust", "--username=posko", "--encoding=UTF8", "--no-locale", "--no-sync"]
    subprocess.run(
        [initdb, "-D", str(data), *options], check=True, capture_output=True, user=user, cwd=folder
    )
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "log_min_messages": "panic",
    }
    command = [postgres, "-D", str(data)]
    for key, value in settings.items():
        command += ["-c", f"{key}={value}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd=folder)
    try:
        address = f"postgresql://posko@127.0.0.1:{port}/postgres"
        _wait(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, name: str) -> str:
    """Make an empty database and return its SQLAlchemy URL."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return address.replace("postgresql://", "postgresql+psycopg://").replace(
        "/postgres", f"/{name}"
    )


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers; psycopg itself waits for each try."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the PostgreSQL server ended while starting")
        try:
            with psycopg.connect(address, connect_timeout=2):
                return
        except psycopg.OperationalError:
            process_wait(process)
    raise RuntimeError("the PostgreSQL server did not start")


def process_wait(process: subprocess.Popen[bytes]) -> None:
    """Give the server a tenth of a second, or less when it ends."""
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def _tool(name: str) -> str | None:
    found = shutil.which(name)
    if found:
        return found
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    return None


def _account() -> str | None:
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
