"""The report at the end of a bench run."""

from __future__ import annotations

import pytest

from tests.bench.ratio import REPORT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print all ratios of this run together."""
    if REPORT:
        terminalreporter.section("ratios to the bare peers (CPU of one call)")
        for line in REPORT:
            terminalreporter.write_line(line)
