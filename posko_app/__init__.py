"""Posko: case management for the complaint posts of Bawaslu. The core, without Qt."""

__version__ = "0.1.0"
