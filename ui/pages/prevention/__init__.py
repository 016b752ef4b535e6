"""The page Pencegahan: activities, pledges, and the spread of banners village by village."""

from __future__ import annotations

from .page import PreventionPage

__all__ = ["PreventionPage"]
