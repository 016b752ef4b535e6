"""Tests, benches and long runs; tokens of installations they make never go to a real home."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("POSKO_STATE", str(Path(tempfile.gettempdir()) / "posko-perangkat-tes"))
