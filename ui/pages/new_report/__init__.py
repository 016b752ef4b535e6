"""Laporan baru: the form after Formulir Model A.1, read back and filed with its receipt."""

from __future__ import annotations

from .page import NewReportPage

__all__ = ["NewReportPage"]
