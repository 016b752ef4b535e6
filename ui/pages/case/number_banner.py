"""What the page of a case says of its number: borne twice, or only for a while."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from posko_app.cases.double_numbers import NumberNotice, give_new_number
from posko_app.security.permissions import allowed
from ui import dialogs
from ui.context import Context
from ui.page import Page
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button

TITLES = {"double": "Nomor ganda.", "provisional": "Nomor sementara."}
ACTS = {"double": "Beri nomor baru", "provisional": "Beri nomor tetap"}


def number_banner(context: Context, page: Page, uid: str, notice: NumberNotice) -> Banner:
    """The message, with a button where a new number can be given here."""
    said = f"<b>{TITLES[notice.kind]}</b> {escape(notice.text)}"
    if not (notice.can_renew and allowed(context.posko.user.role, "case.write")):
        return Banner("attention", said)
    button = Button(ACTS[notice.kind], small=True)
    button.clicked.connect(_giving(context, page, uid, notice))
    return Banner("attention", said, action=button)


def _giving(context: Context, page: Page, uid: str, notice: NumberNotice) -> Callable[[], None]:
    def give() -> None:
        text = (
            "Perkara ini mendapat nomor berikutnya. Nomor lama tetap di jejak audit. Surat dan "
            "tanda bukti yang sudah dicetak memuat nomor lama, jadi cetak lagi bila perlu."
        )
        if notice.kind == "double" and not dialogs.confirm(
            page, "Beri nomor baru kepada perkara ini?", text, ACTS["double"]
        ):
            return
        number: str | None = context.run(give_new_number, uid)
        if number:
            context.note_saved(f"Nomor menjadi {number}")

    return give
