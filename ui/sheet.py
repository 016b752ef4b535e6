"""The one style sheet: `@token` stands for a colour, `~13` for pixels scaled with the text."""

from __future__ import annotations

SHEET = """
QDialog { background: @surface; }
QMainWindow, QStackedWidget, QWidget#page, QWidget#plain { background: @window; }
QWidget#surface { background: @surface; }
QWidget#alt { background: @alt; }
QWidget#side { background: @side; }
QFrame#card { background: @surface; border: 1px solid @line; border-radius: 6px; }
QFrame#cardAlt { background: @alt; border: 1px solid @line; border-radius: 6px; }
QWidget#cardHead { border-bottom: 1px solid @line; }
QWidget#cardFoot { border-top: 1px solid @line; }
QWidget#strip { background: @surface; border-bottom: 1px solid @line; }
QWidget#footer { background: @surface; border-top: 1px solid @line; }
QWidget#statusBar { background: @alt; border-top: 1px solid @line; }
QFrame#listFrame { background: @surface; border: 1px solid @line2; border-radius: 4px; }
QFrame#hairline { background: @line; border: 0; }
QFrame#banner[tone="info"] { background: @blue_bg; border: 1px solid @blue_ln; border-radius: 4px; }
QFrame#banner[tone="ok"] { background: @green_bg; border: 1px solid @green_ln; border-radius: 4px; }
QFrame#banner[tone="attention"] {
  background: @gold_bg; border: 1px solid @gold_ln; border-radius: 4px;
}
QFrame#banner[tone="problem"] {
  background: @red_bg; border: 1px solid @red_ln; border-radius: 4px;
}
QFrame#dropArea { background: transparent; border: 1px dashed @line2; border-radius: 6px; }
QFrame#errorSummary { background: @surface; border: 2px solid @red; border-radius: 4px; }
QFrame#toast { background: @toast; border: 1px solid @toast_ln; border-radius: 4px; }
QFrame#palette { background: @surface; border: 1px solid @line; border-radius: 6px; }
QFrame#popover { background: @surface; border: 1px solid @line2; border-radius: 4px; }
QFrame#choice { background: @surface; border: 1px solid @line2; border-radius: 6px; }
QFrame#choice[chosen="true"] { background: @blue_bg; border: 2px solid @blue; }

QLabel { background: transparent; }
QLabel[role="wizard"] { font-size: ~22; font-weight: 600; }
QLabel[role="number"] { font-size: ~24; font-weight: 600; }
QLabel[role="title"] { font-size: ~18; font-weight: 600; }
QLabel[role="case"] { font-size: ~17; font-weight: 600; }
QLabel[role="dialog"] { font-size: ~16; font-weight: 600; }
QLabel[role="section"] { font-size: ~14; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="small"] { font-size: ~12; }
QLabel[role="label"] { font-size: ~12; font-weight: 600; }
QLabel[role="tiny"] { font-size: ~11; }
QLabel[role="step"] {
  background: @ink; color: @ink_t; border-radius: ~11; font-size: ~12; font-weight: 600;
}
QLabel[role="mono"] { font-family: "Consolas", "DejaVu Sans Mono"; font-size: ~12; }
QLabel[tone="text2"] { color: @text2; }
QLabel[tone="text3"] { color: @text3; }
QLabel[tone="blue"] { color: @blue; }
QLabel[tone="red"] { color: @red; }
QLabel[tone="gold"] { color: @gold; }
QLabel[tone="green"] { color: @green; }
QLabel[tone="side_t"] { color: @side_t; }
QLabel[tone="side_t2"] { color: @side_t2; }
QLabel[tone="toast_t"] { color: @toast_t; }

QLineEdit, QComboBox, QPlainTextEdit, QDateEdit, QSpinBox {
  border: 1px solid @line2; border-radius: 4px; background: @surface; color: @text;
  selection-background-color: @blue; selection-color: @ink_t;
}
QLineEdit { min-height: ~28; max-height: ~28; padding: 0 7px; placeholder-text-color: @text3; }
QComboBox { min-height: ~28; max-height: ~28; padding: 0 0 0 7px; }
QPlainTextEdit { padding: 2px 3px; placeholder-text-color: @text3; }
QLineEdit:focus { border: 2px solid @blue; padding: 0 6px; min-height: ~26; max-height: ~26; }
QComboBox:focus, QComboBox:on {
  border: 2px solid @blue; padding: 0 0 0 6px; min-height: ~26; max-height: ~26;
}
QPlainTextEdit#plainView { border: 0; border-radius: 6px; padding: 4px 8px; }
QPlainTextEdit#plainView:focus { border: 2px solid @blue; padding: 2px 6px; }
QPlainTextEdit:focus { border: 2px solid @blue; padding: 1px 2px; }
QLineEdit[dense="true"] { min-height: ~26; max-height: ~26; }
QComboBox[dense="true"] { min-height: ~26; max-height: ~26; }
QLineEdit[dense="true"]:focus { min-height: ~24; max-height: ~24; }
QComboBox[dense="true"]:focus, QComboBox[dense="true"]:on { min-height: ~24; max-height: ~24; }
QLineEdit[wrong="true"] {
  border: 2px solid @red; padding: 0 6px; min-height: ~26; max-height: ~26;
}
QLineEdit[wrong="true"][dense="true"] { min-height: ~24; max-height: ~24; }
QComboBox[wrong="true"] {
  border: 2px solid @red; padding: 0 0 0 6px; min-height: ~26; max-height: ~26;
}
QComboBox[wrong="true"][dense="true"] { min-height: ~24; max-height: ~24; }
QPlainTextEdit[wrong="true"] { border: 2px solid @red; padding: 1px 2px; }
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QComboBox[locked="true"] {
  background: @alt; border-color: @line; color: @text2;
}
QLineEdit[readOnly="true"]:focus, QComboBox[locked="true"]:focus { border-color: @blue; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
  background: @alt; border-color: @line; color: @text3;
}
QLineEdit[mono="true"] { font-family: "Consolas", "DejaVu Sans Mono"; font-size: ~12; }
QLineEdit#search { padding-left: ~26; padding-right: ~26; }
QLineEdit#search:focus { padding-left: ~25; }
QLineEdit#menuSearch { min-height: ~24; max-height: ~24; padding-left: ~26; padding-right: ~56; }
QLineEdit#menuSearch:focus { min-height: ~22; max-height: ~22; padding-left: ~25; }
QLineEdit#paletteInput { border: 0; font-size: ~14; background: transparent; padding: 0 8px; }
QComboBox QLineEdit {
  border: 0; padding: 0; min-height: 0; max-height: 100px; background: transparent;
}
QComboBox QLineEdit:focus { border: 0; padding: 0; min-height: 0; max-height: 100px; }
QComboBox::drop-down { border: 0; width: ~26; subcontrol-origin: padding; }
QComboBox::down-arrow { image: url(@marks/caret-@theme.svg); width: ~14; height: ~14; }
QComboBox QAbstractItemView, QListView#choices {
  background: @surface; border: 1px solid @line2; outline: 0; padding: 4px 0;
  selection-background-color: @sel; selection-color: @text;
}

QCheckBox, QRadioButton { spacing: 7px; min-height: ~24; background: transparent; }
QCheckBox:focus, QRadioButton:focus { outline: 0; }
QCheckBox::indicator, QRadioButton::indicator {
  width: ~14; height: ~14; border: 1px solid @line2; background: @surface; border-radius: 3px;
}
QRadioButton::indicator { border-radius: ~8; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
  border: 2px solid @blue; width: ~12; height: ~12;
}
QCheckBox::indicator:checked {
  background: @ink; border-color: @ink; image: url(@marks/check-@theme.svg);
}
QCheckBox::indicator:checked:focus { background: @ink; border: 2px solid @foc2; }
QRadioButton::indicator:checked { border-color: @ink; image: url(@marks/dot-@theme.svg); }
QRadioButton::indicator:checked:focus { border: 2px solid @blue; }
QCheckBox:disabled, QRadioButton:disabled { color: @text3; }

QTableView, QListView, QTreeView { background: @surface; border: 0; outline: 0; }
QTableView { gridline-color: @clear; selection-background-color: @sel; selection-color: @text; }
QListView#sideList { background: @side; padding-top: 10px; }
QHeaderView { background: @alt; border: 0; }
QHeaderView::section {
  background: @alt; color: @text2; font-size: ~12; font-weight: 600; padding: 0 8px;
  border: 0; border-bottom: 1px solid @line;
}
QHeaderView::section:first, QHeaderView::section:only-one { padding-left: 12px; }
QHeaderView::section:last { padding-right: 12px; }
QTableCornerButton::section { background: @alt; border: 0; }

QMenuBar { background: transparent; border: 0; padding: 0; spacing: 0; margin: 0; }
QMenuBar::item {
  padding: 4px 9px; margin: 0; border-radius: 4px; background: transparent; color: @text;
}
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover; }
QMenu { background: @surface; border: 1px solid @line2; padding: 4px 0; }
QMenu::item { padding: 4px 24px 4px 12px; min-height: ~18; color: @text; background: transparent; }
QMenu::item:selected { background: @sel; }
QMenu::item:disabled { color: @text3; }
QMenu::separator { height: 1px; background: @line; margin: 4px 0; }
QMenu::icon { padding-left: 10px; }

QScrollArea { background: transparent; border: 0; }
QScrollBar:vertical { width: 10px; background: @alt; border: 0; margin: 0; }
QScrollBar:horizontal { height: 10px; background: @alt; border: 0; margin: 0; }
QScrollBar::handle { background: @line2; border-radius: 2px; }
QScrollBar::handle:vertical { margin: 2px 3px 2px 2px; min-height: 24px; }
QScrollBar::handle:horizontal { margin: 2px 2px 3px 2px; min-width: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar {
  min-height: 6px; max-height: 6px; border: 1px solid @line2; border-radius: 4px;
  background: @surface;
}
QProgressBar::chunk { background: @blue; border-radius: 3px; }
QToolTip { background: @ink; color: @ink_t; border: 0; padding: 4px 6px; }
QSplitter::handle { background: transparent; }
"""
