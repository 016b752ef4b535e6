"""Aturan: every rule with its source, own values, holidays, counting a date, regulation files."""

from .page import RulesPage

__all__ = ["RulesPage"]
