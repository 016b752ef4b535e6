"""Prove a built program: python self_test.py PROGRAM makes demo offices and uses them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from build_installer import Demo

WINDOW_SECONDS = 6  # enough for the first pages; a window has no end of its own


class SelfTestFailed(Exception):
    """The built program did something else than it should; the message is what it said."""


def main(program: Path) -> int:
    """Run the whole proof away from the source; 0 when the program passed."""
    with tempfile.TemporaryDirectory() as folder:
        keep = {"PATH", "SYSTEMROOT", "TEMP", "TMP"} & set(os.environ)
        env = {name: os.environ[name] for name in keep} | {"HOME": folder}
        try:
            prove(program, Path(folder), env)
        except SelfTestFailed as failed:
            print(failed, file=sys.stderr)
            return 1
    return 0


def prove(program: Path, folder: Path, env: dict[str, str]) -> None:
    """Resources, demo, verification, import in a child process, window. Raises SelfTestFailed."""

    def ask(*arguments: str) -> str:
        command = [str(program), *arguments, "--json"]
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SelfTestFailed(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    ask("check")
    answer = ask("demo", "--cases", "5", "--out", str(folder / "demo"))
    made = Demo.told(answer)
    env |= made.login
    for data in made.data.values():
        ask("verify", "--data", data)
    for name in ("kalender.pdf", "kalender.ics"):  # each needs a library of its own
        where = ("--data", made.data["kabupaten"], "--out", str(folder / name))
        ask("calendar", "--from", "2024-10-01", "--to", "2024-10-31", *where)
    books = [file["path"] for file in json.loads(answer)["files"] if file["kind"] == "export"]
    ask("import", books[-1], "--data", made.data["provinsi"])
    show_window([str(program), "--data", made.data["kabupaten"]], env)


def show_window(command: list[str], env: dict[str, str]) -> None:
    """Open the window without a screen and look for complaints. Raises SelfTestFailed."""
    shown = subprocess.Popen(
        command, env=env | {"QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.PIPE, text=True
    )
    try:
        _, said = shown.communicate(timeout=WINDOW_SECONDS)
    except subprocess.TimeoutExpired:
        shown.kill()
        _, said = shown.communicate()
        if "Traceback" not in said:
            return
    raise SelfTestFailed(f"{' '.join(command)}\n{said}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
