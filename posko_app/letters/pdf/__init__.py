"""Blocks to PDF: the only door to the PDF library.

The same blocks, set-up and pictures always give the same bytes. Fonts are embedded as subsets, text
can be selected, and the document carries its title, language, bookmarks and page numbers.
"""

from .month import Day, Month, render_months
from .render import About, render, render_batch
from .sheet import PAPERS, PageSetup

__all__ = [
    "PAPERS",
    "About",
    "Day",
    "Month",
    "PageSetup",
    "render",
    "render_batch",
    "render_months",
]
