"""Panduan awal: the first office and its first account, in four short steps."""

from .page import SetupPage

__all__ = ["SetupPage"]
