"""Perkara: one case whole, its next step, and everything that hangs on it."""

from __future__ import annotations

from .page import CasePage

__all__ = ["CasePage"]
