"""The cap on the reading process: what Windows is told, byte by byte, and what Linux enforces."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from posko_app.exchange.xlsx import memory
from posko_app.exchange.xlsx.limits import limits

TRY = """
import sys
from posko_app.exchange.xlsx.memory import limit_memory
assert limit_memory(int(sys.argv[1]))
try:
    held = bytearray(int(sys.argv[2]))
except MemoryError:
    print("too much")
else:
    print("fits")
"""


@pytest.mark.skipif(sys.maxsize < 2**32, reason="the sizes of 64-bit Windows")
def test_the_structures_are_those_of_windows() -> None:
    """Sizes and places as in winnt.h for 64-bit Windows; a wrong one makes the call fail there."""
    basic, whole = memory.BasicLimits, memory.ExtendedLimits
    assert (ctypes.sizeof(basic), ctypes.sizeof(whole)) == (64, 144)
    assert ctypes.sizeof(memory.IoCounters) == 48
    assert (basic.flags.offset, basic.active_processes.offset) == (16, 40)
    assert (basic.affinity.offset, basic.scheduling_class.offset) == (48, 60)
    assert (whole.io.offset, whole.process_memory.offset) == (64, 112)


def test_what_windows_is_told() -> None:
    told = memory.job_limits(limits().child_memory_bytes)
    assert told.basic.flags == 0x508, "memory of the process, one process, no dialog when it dies"
    assert told.basic.active_processes == 1
    assert told.process_memory == limits().child_memory_bytes
    assert (told.job_memory, told.basic.maximum_working_set) == (0, 0)
    raw = bytes(told)
    assert raw[16:20] == (0x508).to_bytes(4, "little")
    assert raw[112:120] == limits().child_memory_bytes.to_bytes(8, "little")


@pytest.mark.skipif(sys.platform not in ("linux", "win32"), reason="no cap on this system")
@pytest.mark.parametrize(("size", "said"), [(16, "fits"), (600, "too much")])
def test_the_cap_holds(size: int, said: str) -> None:
    words = [str(512 << 20), str(size << 20)]
    done = subprocess.run(
        [sys.executable, "-c", TRY, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == said
