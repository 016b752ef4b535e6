"""Everything around the program in plain Python: set-up, checks, the demo run, the installer.

    python build_installer.py setup      the environment in .venv
    python build_installer.py check      every check and test
    python build_installer.py run        the demo offices, then the window
    python build_installer.py screenshots  every page of the demo district office as pictures
    python build_installer.py build      a program folder and a .deb under dist/
    python build_installer.py pin        requirements.txt anew from pyproject.toml

It needs only Python's standard library, so it works before anything is installed and on Windows;
the Makefile only calls it. Every command begins with the set-up.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
VENV_PYTHON = BIN / ("python.exe" if WINDOWS else "python")
STAMP = VENV / "posko-ready"  # holds what the environment was made from
UNFINISHED = VENV / "posko-unfinished"  # there while one is being made
REQUIREMENTS = ROOT / "requirements.txt"
PACKAGING = ROOT / "resources" / "packaging"
DEMO = ROOT / "demo"
PICTURES = DEMO / "screenshots"
DIST = ROOT / "dist"

# What the Qt wheel expects of the system, as Debian and Ubuntu name it.
QT_PACKAGES = (
    "libgl1",
    "libegl1",
    "libglib2.0-0",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
)
SCREEN_PACKAGES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxkbcommon-x11-0",
    "libxcb-shape0",
)
QT_PROBE = "from PySide6.QtWidgets import QApplication; QApplication([])"


class Stop(Exception):
    """Nothing more can be done; the message says what the person at the keyboard can do."""


def say(text: str) -> None:
    """One line about what is going on."""
    print(f"posko: {text}", flush=True)


def python(*arguments: str | Path) -> list[str]:
    """A command for the environment's own Python."""
    return [str(VENV_PYTHON), *map(str, arguments)]


def call(command: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    """Run a program with the project as its folder, its output shown; give its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def quiet(command: Sequence[str], **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a program and keep its output; `extra` is added to the surroundings."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **extra},
        capture_output=True,
        text=True,
        check=False,
    )


# --- system packages -----------------------------------------------------------------------


def apt_install(packages: Sequence[str], why: str) -> None:
    """Install Debian packages when that is possible here, else say the line to type.

    Raises Stop when a person has to do it.
    """
    wanted = " ".join(packages)
    line = f"apt-get install -y --no-install-recommends {wanted}"
    if not shutil.which("apt-get"):
        raise Stop(f"{why}\nInstall with your system's own tool what Debian calls: {wanted}")
    if os.geteuid() != 0:
        raise Stop(f"{why}\nType this line, then try again:\n    sudo {line}")
    say(f"{why} Installing: {wanted}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if call(line.split(), env):  # the package list may be empty or old
        call(["apt-get", "update", "-qq"], env)
        if call(line.split(), env):
            raise Stop(f"The system packages could not be installed. Type this line:\n    {line}")


def need_qt(screen: bool = False) -> None:
    """See that Qt finds the system libraries it needs; `screen` for a real display too.

    Raises Stop when a person has to install them.
    """
    if not LINUX:
        return
    probe = python("-c", QT_PROBE)
    if quiet(probe, QT_QPA_PLATFORM="offscreen").returncode:
        apt_install(QT_PACKAGES, "Qt misses libraries of the system.")
        done = quiet(probe, QT_QPA_PLATFORM="offscreen")
        if done.returncode:
            raise Stop(f"Qt still cannot start:\n{done.stderr.strip()}")
    if screen and shutil.which("ldd"):
        plugin = next(VENV.glob("lib/python*/site-packages/PySide6/Qt/**/libqxcb.so"))
        if "not found" in quiet(["ldd", str(plugin)]).stdout:
            apt_install(SCREEN_PACKAGES, "Qt misses libraries for windows.")


def has_display() -> bool:
    """Whether a window could be shown here, as far as the surroundings tell."""
    return not LINUX or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


# --- the environment -----------------------------------------------------------------------


def fingerprint() -> str:
    """What the environment is made from; when it changes, so must the environment."""
    made_from = (REQUIREMENTS.read_text("utf-8"), Path(__file__).read_text("utf-8"))
    parts = (*made_from, sys.version, str(ROOT))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def set_up() -> None:
    """Make `.venv` with every pinned library, or leave it alone when it is up to date.

    An interrupted set-up is noticed and begun anew. Raises Stop when it cannot be made.
    """
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one is what this is for
        raise Stop(f"Posko needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text("utf-8") == wanted and VENV_PYTHON.exists():
        return
    if VENV.exists() and (UNFINISHED.exists() or not is_ours()):
        say("Removing an environment that is unfinished or belongs to another Python.")
        shutil.rmtree(VENV)
    STAMP.unlink(missing_ok=True)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    if not VENV_PYTHON.exists():
        make_venv()
    install()
    link()
    UNFINISHED.unlink()
    STAMP.write_text(wanted, "utf-8")
    say("The environment is ready.")


def is_ours() -> bool:
    """Whether the environment still runs, has pip and is of the Python running now."""
    if not VENV_PYTHON.exists():
        return False
    done = quiet(python("-c", "import pip, sys; print(sys.version)"))
    return done.returncode == 0 and done.stdout.strip() == sys.version.strip()


def make_venv() -> None:
    """An empty environment; Debian's Python first needs a package for it."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        apt_install([package], "This Python cannot make environments.")
    base = getattr(sys, "_base_executable", sys.executable)
    if call([base, "-m", "venv", str(VENV)]):
        raise Stop(f"{base} could not make an environment in {VENV}; the lines above say why.")


def install() -> None:
    """Every library of requirements.txt, each file checked against its hash."""
    say("Installing the libraries (once; about 200 MB to fetch) ...")
    looks = ("--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off")
    proof = ("--no-deps", "--only-binary=:all:", "--require-hashes", "-r", REQUIREMENTS)
    if call(python("-m", "pip", "install", *looks, *proof)):
        raise Stop("The libraries could not be installed. Check the network and try again.")


def link() -> None:
    """Make the project importable and give it a `posko` command, without building anything."""
    scheme = "nt" if WINDOWS else "posix_prefix"
    site = Path(sysconfig.get_path("purelib", scheme, {"base": str(VENV)}))
    (site / "posko.pth").write_text(f"{ROOT}\n", "utf-8")
    if WINDOWS:
        (BIN / "posko.cmd").write_text('@"%~dp0python.exe" -m ui.start %*\n', "utf-8")
        return
    launcher = BIN / "posko"
    launcher.write_text(
        f"#!/bin/sh\n'''exec' '{VENV_PYTHON}' \"$0\" \"$@\"\n'''\n"  # a path may hold spaces
        "import sys\n\nfrom ui.start import main\n\nsys.exit(main())\n",
        "utf-8",
    )
    launcher.chmod(0o755)


# --- commands ------------------------------------------------------------------------------


def check() -> None:
    """Style, types, resource files and tests. Raises Stop when one of them fails."""
    need_qt()
    workers = min(os.cpu_count() or 1, 4)
    steps: tuple[tuple[str, list[str]], ...] = (
        ("style", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy"]),
        ("resources", ["ui.start", "check"]),
        ("tests", ["pytest", "-q", "-rs", "-n", str(workers)]),
    )
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    failed = []
    for name, command in steps:  # all of them, so that one run shows everything
        say(f"{name} ...")
        if call(python("-m", *command), env):
            failed.append(name)
    if failed:
        raise Stop(f"Failed: {', '.join(failed)}.")


@dataclass(frozen=True)
class Demo:
    """What `posko demo --json` made: a data folder per level, and who may log in."""

    data: Mapping[str, str]
    login: Mapping[str, str]

    @classmethod
    def told(cls, answer: str) -> Demo:
        """Read the command's answer."""
        made = json.loads(answer)
        login = {f"POSKO_{name.upper()}": text for name, text in made["login"].items()}
        return cls({office["level"]: office["data"] for office in made["offices"]}, login)


def demo() -> Demo:
    """The demo offices under `demo/`; the command makes them when they are not there yet."""
    command = python("-m", "ui.start", "demo", "--out", DEMO, "--json")
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Stop(f"The demo offices could not be made.\n{done.stdout}")
    return Demo.told(done.stdout)


def run() -> None:
    """The demo offices, then the window on the district's, or else pictures of every page."""
    screen = has_display()
    need_qt(screen)
    say(f"Demo offices in {DEMO} ...")
    made = demo()
    say("User and password there: " + "  ".join(made.login.values()))
    if screen and quiet(python("-c", QT_PROBE)).returncode == 0:
        say("Opening the window of the demo district office.")
        command = python("-m", "ui.start", "--data", made.data["kabupaten"])
        if call(command, {**os.environ, **made.login}):
            raise Stop("The window ended with an error.")
        return
    if not PICTURES.is_dir():
        screenshots()
    say(f"There is no display here, so no window opens. Offices, letters, workbooks: {DEMO}")
    say(f"Every page as a picture: {PICTURES}")


def screenshots() -> None:
    """Every page of the demo district office as pictures. Raises Stop when that fails."""
    need_qt()
    made = demo()
    say(f"Drawing every page to {PICTURES} ...")
    part = DEMO / "screenshots-unfinished"  # so that what stands in the right place is complete
    shutil.rmtree(part, ignore_errors=True)
    drawn = quiet(
        python("-m", "ui.screenshots", part, "--data", made.data["kabupaten"]),
        **made.login,
        QT_QPA_PLATFORM="offscreen",
        PYTHONFAULTHANDLER="1",  # a crash inside Qt says where, too
    )
    if drawn.returncode:
        raise Stop(f"The pages could not be drawn ({drawn.returncode}).\n{drawn.stderr}")
    shutil.rmtree(PICTURES, ignore_errors=True)
    part.rename(PICTURES)


def pin() -> None:
    """Write requirements.txt anew: one file with hashes for every system, no addresses."""
    uv = shutil.which("uv")
    if not uv:
        raise Stop("This needs uv. Type this line, then try again:\n    pip install uv")
    options = ("--universal", "--all-extras", "--generate-hashes", "--upgrade", "--quiet")
    env = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "python build_installer.py pin"}
    if call([uv, "pip", "compile", "pyproject.toml", *options, "-o", REQUIREMENTS.name], env):
        raise Stop("The versions could not be pinned; the lines above say why.")


# --- the installer -------------------------------------------------------------------------


def version() -> str:
    """The version, which stands in `posko_app/__init__.py` and nowhere else."""
    text = (ROOT / "posko_app" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise Stop("posko_app/__init__.py does not say the version.")
    return found[1]


def build() -> None:
    """The program folder, proven by its own self-test, and on Debian a package of it."""
    need_qt()
    shutil.rmtree(DIST, ignore_errors=True)
    spec = PACKAGING / "posko.spec"
    options = ("--noconfirm", "--log-level=WARN", "--distpath", DIST, "--workpath", ROOT / "build")
    say("Building the program folder ...")
    if call(python("-m", "PyInstaller", *options, spec)):
        raise Stop("PyInstaller failed; the lines above say why.")
    say("Self-test of the built program ...")
    program = DIST / "posko" / ("posko.exe" if WINDOWS else "posko")
    if call(python(PACKAGING / "self_test.py", program)):
        raise Stop("The built program fails; the lines above say where.")
    if LINUX and shutil.which("dpkg-deb"):
        say("Making the Debian package ...")
        if call(python(PACKAGING / "debian.py", DIST / "posko", DIST)):
            raise Stop("The Debian package could not be made; the lines above say why.")
    say(f"Built: {', '.join(sorted(path.name for path in DIST.iterdir()))} in {DIST}")


COMMANDS = {
    "setup": set_up,
    "check": check,
    "run": run,
    "screenshots": screenshots,
    "build": build,
    "pin": pin,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 done, 1 something is left to do, 2 wrong usage."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        if arguments[0] != "pin":
            set_up()
        COMMANDS[arguments[0]]()
    except (Stop, OSError) as stop:  # a full disk and a read-only folder say it themselves
        print(f"posko: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nposko: Stopped. The same command begins again where it must.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
