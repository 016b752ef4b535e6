"""Rekap: the figures of a period, per region and per case."""

from .page import RecapPage

__all__ = ["RecapPage"]
