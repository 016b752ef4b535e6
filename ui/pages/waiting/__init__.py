"""The page Menunggu jawaban: which institutions still owe an answer, the longest first."""

from __future__ import annotations

from .page import WaitingPage

__all__ = ["WaitingPage"]
