"""Running the command line in tests: in this process, or as its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posko_app.cli import main

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON document; fails when anything else stands on standard output."""
        return json.loads(self.out)


class Posko:
    """The `posko` command for one test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *argv: object) -> Said:
        """Run a command in this process."""
        self._capsys.readouterr()
        code = main([str(word) for word in argv])
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def json(self, *argv: object) -> Any:
        """Run a command that must succeed and give its document."""
        said = self(*argv, "--json")
        assert said.code == 0, said.err
        return said.data

    def refused(self, *argv: object, code: str = "") -> str:
        """Run a command that must end with exit code 1 and one sentence; give the sentence."""
        said = self(*argv, "--json")
        assert said.code == 1, (said.out, said.err)
        error = said.data["error"]
        assert set(error) == {"code", "message", "problems"}
        if code:
            assert error["code"] == code
        assert said.err == f"{error['message']}\n"
        assert "Traceback" not in said.err
        assert error["message"].endswith(".")
        return str(error["message"])


def own_process(argv: Sequence[object], **extra: Any) -> subprocess.CompletedProcess[str]:
    """Run `python -m posko_app` as a process of its own, without a display."""
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "posko_app", *map(str, argv)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **extra,
    )
