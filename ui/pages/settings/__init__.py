"""Pengaturan: what this office is called, how it numbers, who signs, who works here, which law."""

from .page import SettingsPage

__all__ = ["SettingsPage"]
