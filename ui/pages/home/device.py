"""What Beranda says when this computer took, or needs, an identity of its own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtWidgets import QWidget

from posko_app.errors import UserError
from posko_app.office.incarnation import become_new_device, own_twin
from ui import dialogs
from ui.context import Context
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button

ACT = "Jadikan perangkat baru"


def device_banner(context: Context, page: QWidget, done: Callable[[], None]) -> Banner | None:
    """A lasting message about this computer's identity, or None; `done` follows a new one."""
    twin = own_twin(context.posko)
    if twin:
        button = Button(ACT, small=True)
        button.clicked.connect(lambda: _renew(context, page, done))
        return Banner("problem", f"<b>Identitas dipakai dua komputer.</b> {escape(twin)}",
                      action=button)  # fmt: skip
    if context.posko.news:
        said = escape(" ".join(context.posko.news))
        return Banner("attention", f"<b>Identitas komputer baru.</b> {said}")
    return None


def _renew(context: Context, page: QWidget, done: Callable[[], None]) -> None:
    question = "Jadikan komputer ini perangkat baru?"
    text = (
        "Semua data tetap ada. Kiriman berikutnya ke kantor lain berisi semuanya, dan kantor itu "
        "membandingkan sidik jari yang baru."
    )
    if not dialogs.confirm(page, question, text, ACT):
        return
    try:
        become_new_device(context.posko)
    except UserError as error:
        dialogs.problem(page, error)
        return
    done()
