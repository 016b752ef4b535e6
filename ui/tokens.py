"""Every colour and size of the interface, one table per theme; nothing else may name a colour.

Meaning is fixed: ink is the action to take, red is overdue or wrong, gold is due today or needs
attention, green is done or intact, blue is where the keyboard is.
"""

from __future__ import annotations

LIGHT: dict[str, str] = {
    "window": "#F4F3F0",
    "surface": "#FFFFFF",
    "alt": "#FAF9F7",
    "hover": "#F0EEEA",
    "line": "#DAD7D0",
    "line2": "#8A8680",
    "text": "#1D2126",
    "text2": "#50565E",
    "text3": "#62686F",
    "ink": "#23272E",
    "ink_h": "#3A414B",
    "ink_t": "#FFFFFF",
    "blue": "#1B5FAA",
    "blue_bg": "#E8F0F9",
    "blue_ln": "#A9C5E6",
    "sel": "#DCE9F7",
    "sel_off": "#E9E7E2",
    "red": "#B3261E",
    "red_bg": "#FCECEA",
    "red_ln": "#E7B1AC",
    "gold": "#7A5200",
    "gold_bg": "#FFF3CF",
    "gold_ln": "#DDBD5C",
    "gold_m": "#C9970C",
    "green": "#1A6B3B",
    "green_bg": "#E7F4EB",
    "green_ln": "#A5D0B1",
    "gray_bg": "#EFEDE9",
    "gray_ln": "#D5D2CB",
    "side": "#23272E",
    "side_t": "#ECEAE6",
    "side_t2": "#AEB4BB",
    "side_a": "#39404A",
    "side_ln": "#3A414B",
    "foc2": "#8DBBF2",
    "c1": "#2F4B6B",
    "c2": "#6488AE",
    "c3": "#A87C00",
    "c4": "#B3261E",
    "c5": "#928D83",
    "mark_frame": "#23272E",
    "scrim": "#6B14161A",  # alpha first: 42 %
}

DARK: dict[str, str] = {
    "window": "#17191C",
    "surface": "#1F2226",
    "alt": "#24282D",
    "hover": "#2A2F35",
    "line": "#383E45",
    "line2": "#7F8790",
    "text": "#ECEAE6",
    "text2": "#B6BCC3",
    "text3": "#A7AEB6",
    "ink": "#E6E3DD",
    "ink_h": "#FFFFFF",
    "ink_t": "#17191C",
    "blue": "#8DBBF2",
    "blue_bg": "#1B2B3E",
    "blue_ln": "#3C5F88",
    "sel": "#27405E",
    "sel_off": "#31363C",
    "red": "#FF9A91",
    "red_bg": "#3D1F1D",
    "red_ln": "#7C3A35",
    "gold": "#F2CB69",
    "gold_bg": "#382E12",
    "gold_ln": "#77621F",
    "gold_m": "#E0B43C",
    "green": "#86D0A0",
    "green_bg": "#1A3324",
    "green_ln": "#356B49",
    "gray_bg": "#2C3137",
    "gray_ln": "#40474F",
    "side": "#101214",
    "side_t": "#ECEAE6",
    "side_t2": "#9BA2AA",
    "side_a": "#2A2F35",
    "side_ln": "#2A2F35",
    "foc2": "#1B5FAA",
    "c1": "#5B8CC4",
    "c2": "#A3C0DE",
    "c3": "#E0B43C",
    "c4": "#F0776C",
    "c5": "#8C877D",
    "mark_frame": "#ECEAE6",
    "scrim": "#8C000000",  # alpha first: 55 %
}

# The same in both themes: they stand on the black sidebar, on a filled red button or on a toast.
FIXED: dict[str, str] = {
    "marker": "#E0B43C",
    "marker_t": "#23272E",
    "badge_red": "#C62F26",
    "badge_red_t": "#FFFFFF",
    "badge_gray": "#434B55",
    "badge_gray_t": "#F2F0EC",
    "danger": "#B3261E",
    "danger_h": "#962019",
    "danger_t": "#FFFFFF",
    "toast": "#2B3038",
    "toast_h": "#3A414B",
    "toast_t": "#F4F2EE",
    "toast_t2": "#C9CED4",
    "toast_ln": "#4A525C",
    "toast_ln2": "#8B939D",
    "practice": "#A8480B",
    "practice_t": "#FFFFFF",
    "done_on_side": "#4FA46E",
    "mark_roof": "#B3261E",
    "mark_frame_light": "#ECEAE6",
    "mark_door": "#D9A514",
    "clear": "#00000000",
}

THEMES: dict[str, dict[str, str]] = {
    "light": {**LIGHT, **FIXED},
    "dark": {**DARK, **FIXED},
}

# What must be readable on what, and the least contrast (WCAG 2.2 AA).
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, 4.5) for text in ("text", "text2", "text3", "blue", "red", "gold")
      for ground in ("surface", "sel")),
    *((text, "window", 4.5) for text in ("text", "text2", "text3", "blue", "red", "gold", "green")),
    *((text, "alt", 4.5) for text in ("text", "text2", "text3", "blue", "green")),
    *((text, "gray_bg", 4.5) for text in ("text", "text2", "text3")),
    *((text, "sel_off", 4.5) for text in ("text", "text2", "blue", "red", "gold", "green")),
    *((hue, f"{hue}_bg", 4.5) for hue in ("blue", "red", "gold", "green")),
    *(("text", f"{hue}_bg", 4.5) for hue in ("blue", "red", "gold", "green")),
    ("ink_t", "ink", 4.5),
    ("ink_t", "ink_h", 4.5),
    ("green", "surface", 4.5),
    ("side_t", "side", 4.5),
    ("side_t2", "side", 4.5),
    ("side_t", "side_a", 4.5),
    ("badge_red_t", "badge_red", 4.5),
    ("marker_t", "marker", 4.5),
    ("badge_gray_t", "badge_gray", 4.5),
    ("danger_t", "danger", 4.5),
    ("danger_t", "danger_h", 4.5),
    ("toast_t", "toast", 4.5),
    ("toast_t2", "toast", 4.5),
    ("practice_t", "practice", 4.5),
    ("line2", "surface", 3.0),
    ("line2", "window", 3.0),
    ("blue", "surface", 3.0),
    ("foc2", "ink", 3.0),
    ("c1", "surface", 3.0),
    ("c2", "surface", 3.0),
    ("c4", "surface", 3.0),
    ("c5", "surface", 3.0),
)  # fmt: skip

# Text sizes in pixels at 96 dpi (size, line).
TYPE: dict[str, tuple[int, int]] = {
    "wizard": (22, 30),
    "number": (24, 30),
    "title": (18, 24),
    "case": (17, 24),
    "dialog": (16, 22),
    "section": (14, 20),
    "body": (13, 18),
    "small": (12, 16),
    "tiny": (11, 14),
}

SCALES = (100, 110, 125)  # "Ukuran huruf", in per cent

# Measures in pixels at 100 % text.
SIDEBAR = 184
SIDEBAR_FOLDED = 52
MENU_ROW = 36
STATUS_BAR = 24
MARGIN = 16
GAP = 12
HEADER = 56
CONTROL = 30
CONTROL_DENSE = 28
CONTROL_SMALL = 26
RADIUS = 4
RADIUS_CARD = 6
ROW = 30
ROW_DENSE = 28
ROW_TWO_LINES = 46
ROW_GROUP = 26
MIN_WIDTH = 1024
MIN_HEIGHT = 600
FOLD_BELOW = 1180  # window width under which the sidebar folds
