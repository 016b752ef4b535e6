"""Kirim & terima: what goes to other offices and what comes from them, as files."""

from .page import ExchangePage

__all__ = ["ExchangePage"]
