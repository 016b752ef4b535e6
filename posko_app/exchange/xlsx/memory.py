"""The cap on the memory of the reading process: a hostile file may end it, never the computer.

On Linux that is a limit of address space. On Windows the process puts itself into a job object with
a limit of committed memory, which also forbids it to start programs and to show a dialog when it
dies. Elsewhere the limits of files and of time must do.
"""

from __future__ import annotations

import ctypes
import sys

JOB_OBJECT_EXTENDED_LIMIT_INFORMATION = 9  # the class of information that is set
LIMIT_ACTIVE_PROCESS = 0x0008
LIMIT_PROCESS_MEMORY = 0x0100
LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x0400


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION, in types that have the same size on every system."""

    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class IoCounters(ctypes.Structure):
    """IO_COUNTERS: six counts that nobody sets."""

    _fields_ = (("counts", ctypes.c_uint64 * 6),)


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io", IoCounters),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def job_limits(size: int) -> ExtendedLimits:
    """What a job object allows: one process with so many bytes of committed memory."""
    limits = ExtendedLimits()
    limits.basic.flags = (
        LIMIT_PROCESS_MEMORY | LIMIT_ACTIVE_PROCESS | LIMIT_DIE_ON_UNHANDLED_EXCEPTION
    )
    limits.basic.active_processes = 1
    limits.process_memory = size
    return limits


def limit_memory(size: int) -> bool:
    """Cap the memory of this process at `size` bytes for good; whether the system did it."""
    capped = False
    if sys.platform == "win32":
        capped = _limit_by_job(size)
    elif sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        capped = True
    return capped


if sys.platform == "win32":

    def _limit_by_job(size: int) -> bool:
        """Put this process into a job of its own. The job lasts as long as the process does.

        A refusal is no reason not to read: sizes and time are limited all the same.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        # without these, handles are taken for 32-bit numbers and cut
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
        kernel.SetInformationJobObject.argtypes = (
            *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32),
        )
        kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = kernel.CreateJobObjectW(None, None)
        limits = job_limits(size)
        return bool(
            job
            and kernel.SetInformationJobObject(
                job,
                JOB_OBJECT_EXTENDED_LIMIT_INFORMATION,
                ctypes.byref(limits),
                ctypes.sizeof(limits),
            )
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        )
