"""The house around the code: versions in step, README complete, nothing foreign in the files."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import build_installer
import posko_app
from posko_app.cli import parser

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
README = (ROOT / "README.md").read_text("utf-8")
PINS = (ROOT / "requirements.txt").read_text("utf-8")
PACKAGES = sorted(
    str(path.parent.relative_to(ROOT))
    for top in ("posko_app", "ui")
    for depth in ("", "*/")
    for path in ROOT.glob(f"{top}/{depth}__init__.py")
)

# What the repository never records: addresses of downloads, folders of one machine.
FOREIGN = re.compile(
    r"index-ur[l]|registry\.[a-z]+\.(?:org|com)|/packages/[0-9a-f]{2}/[0-9a-f]{2}/"
    r"|(?:^|[^\w.])/(?:work|root|home/[a-z]+)/[a-z.]"
)


def plain(name: str) -> str:
    """A distribution's name as the registries compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted() -> dict[str, str]:
    """Every direct dependency as written in pyproject.toml, by its plain name."""
    extras = PROJECT["optional-dependencies"].values()
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]
    names = [re.split(r"[\[<>=!~ ;]", line, maxsplit=1)[0] for line in lines]
    return {plain(name): name for name in names}


def pinned() -> dict[str, str]:
    """Every pinned version by plain name."""
    pairs = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", PINS, re.MULTILINE)
    return {plain(name): version for name, version in pairs}


def tracked() -> list[Path]:
    """The files of the repository that are text."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git clone, so there is no list of its files")
    binary = (".ttf", ".png", ".xz", ".xlsx", ".pdf", ".db", ".ico")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.suffix not in binary and path.is_file()]


def test_everything_asked_for_is_pinned() -> None:
    assert set(wanted()) - set(pinned()) == set()


def test_every_pin_has_a_reason() -> None:
    """Each pinned library is asked for directly or by another one, so none is left over."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", PINS)
    orphans = [
        block.split("==", 1)[0]
        for block in blocks
        if not block.startswith("#") and "# via" not in block
    ]
    assert orphans == []


def test_every_pin_has_hashes() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", PINS)
    assert [b.split("==", 1)[0] for b in blocks if "==" in b and "--hash=sha256:" not in b] == []


def test_the_installed_versions_are_the_pinned_ones() -> None:
    from importlib.metadata import version

    names = wanted()
    assert {name: version(name) for name in names} == {name: pinned()[name] for name in names}


def test_pins_hold_no_addresses() -> None:
    options = [line for line in PINS.splitlines() if line.startswith("-") or "://" in line]
    assert options == []


@pytest.mark.parametrize("library", sorted(wanted().values()))
def test_readme_explains_every_library(library: str) -> None:
    assert f"| `{library}` |" in README


def test_readme_explains_no_other_library() -> None:
    table = README.partition("## Libraries")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)) == set(wanted().values())


@pytest.mark.parametrize("package", PACKAGES)
def test_readme_lists_every_package(package: str) -> None:
    assert f"| `{package}` |" in README


def test_readme_lists_every_folder_of_resources() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in tracked()}
    named = {name for name in folders if re.fullmatch(r"resources/[a-z]+", name)}
    assert sorted(name for name in named if f"`{name}`" not in README) == []


def test_readme_names_only_folders_that_exist() -> None:
    table = README.partition("| folder | holds |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (.+?) \|", table, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`(.+?)`", cell)]
    assert len(named) > len(PACKAGES)
    assert [name for name in named if not (ROOT / name).is_dir()] == []


def test_readme_names_every_command() -> None:
    actions = parser()._actions
    commands = next(a.choices for a in actions if isinstance(a, argparse._SubParsersAction))
    assert [name for name in commands if f"`posko {name}" not in README] == []


def test_readme_names_every_make_target_that_works() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", README)) | {"run", "test"}
    assert named <= targets


def test_version_stands_in_one_place() -> None:
    assert build_installer.version() == posko_app.__version__
    assert "version" in PROJECT["dynamic"]


def test_changelog_begins_with_what_is_not_released() -> None:
    heads = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"


def test_integration_runs_the_readme_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.name == "nt" or os.access(script, os.X_OK)
    assert "make test" in script.read_text("utf-8")


def test_root_holds_what_the_readme_maps() -> None:
    picture = README.partition("## The map")[2].partition("```")[2].partition("```")[0]
    on_disk = {path.relative_to(ROOT).parts[0] for path in tracked()} - {".gitignore", ".ci"}
    assert {name for name in on_disk if name not in picture} == set()


def test_nothing_foreign_is_recorded() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["check", "build"]])
def test_wrong_usage_explains_itself(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "build_installer.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "build_installer.py setup" in done.stderr


def set_up(project: Path) -> str:
    """Run the set-up of a project folder; what it said."""
    done = subprocess.run(
        [sys.executable, "build_installer.py", "setup"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_set_up_makes_keeps_and_mends_an_environment(tmp_path: Path) -> None:
    """A small project without libraries, in a folder with a space, on this very Python."""
    project = tmp_path / "my posko"
    (project / "ui").mkdir(parents=True)
    shutil.copy(ROOT / "build_installer.py", project)
    (project / "requirements.txt").touch()
    (project / "ui" / "__init__.py").touch()
    (project / "ui" / "start.py").write_text(
        "import sys\ndef main():\n    print('started', *sys.argv[1:])\n    return 3\n"
        "if __name__ == '__main__':\n    sys.exit(main())\n"
    )
    venv = project / ".venv"

    assert "ready" in set_up(project)
    posko = next(path for path in venv.glob("*/posko*") if path.stem == "posko")
    ran = subprocess.run([posko, "a b"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.returncode) == ("started a b", 3)

    foreign = venv / "left-behind"
    foreign.touch()
    assert set_up(project) == "", "nothing has changed, so nothing is done"
    assert foreign.exists()

    (project / "requirements.txt").write_text("# changed\n", "utf-8")
    assert "ready" in set_up(project)
    assert foreign.exists(), "a changed list is installed into the environment that is there"

    (venv / "posko-ready").unlink()
    (venv / "posko-unfinished").touch()
    assert "ready" in set_up(project)
    assert not foreign.exists(), "an interrupted one is begun anew"
