"""Workbooks of real exports, damaged and forged in every way somebody or something might."""
