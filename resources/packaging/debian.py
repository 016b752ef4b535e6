"""Make a .deb of a built program folder: python debian.py PROGRAM_FOLDER OUT_FOLDER."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build_installer import PACKAGING, QT_PACKAGES, ROOT, SCREEN_PACKAGES, version

SHARED = {
    "applications/posko.desktop": PACKAGING / "posko.desktop",
    "icons/hicolor/scalable/apps/posko.svg": PACKAGING / "posko.svg",
    "doc/posko/copyright": ROOT / "LICENSE",
}


def lay_out(program: Path, tree: Path, machine: str) -> None:
    """Put everything where Debian expects it under `tree`."""
    home = tree / "usr/lib/posko"
    shutil.copytree(program, home, symlinks=True)
    for place, source in SHARED.items():
        target = tree / "usr/share" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/posko").symlink_to("../lib/posko/posko")
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        (PACKAGING / "control.txt")
        .read_text("utf-8")
        .format(
            version=version(),
            machine=machine,
            size=size // 1024,
            needs=", ".join((*QT_PACKAGES, *SCREEN_PACKAGES)),
        ),
        "utf-8",
    )
    tree.chmod(0o755)  # a temporary folder is closed to others


def main(program: Path, out: Path) -> int:
    """Make the package and print its name; give dpkg-deb's exit code."""
    asked = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    machine = asked.stdout.strip()
    target = out / f"posko_{version()}_{machine}.deb"
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        lay_out(program, tree, machine)
        # gzip: the best compression takes minutes on two cores and saves little
        command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(target)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
