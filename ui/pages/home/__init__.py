"""Beranda: what is due, what came in, and what was begun."""

from .page import HomePage

__all__ = ["HomePage"]
