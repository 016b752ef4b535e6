"""`python -m posko_app`: the command line."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main(sys.argv[1:]))
