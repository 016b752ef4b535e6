"""Laporan: the list of cases, its filters and the preview beside it."""

from .page import CasesPage

__all__ = ["CasesPage"]
