"""The small dialogs of Klarifikasi: absence with its second invitation, delivery, an expert."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posko_app.cases import clarification as clarify
from posko_app.cases.clarification import Invitation
from posko_app.cases.report import PersonInput
from posko_app.cases.views import ClarificationView
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.calendar import Calendar
from ui import dialogs
from ui.dialogs import Sheet
from ui.fields import Field
from ui.forms import Form, FormGroup

from .words import Words

SECOND = ("for_on", "for_time", "mode", "online_reason", "place")  # asked of a second invitation


class AbsentSheet(Sheet):
    """That somebody did not come, and the second invitation, in one act."""

    kept = Signal(str)  # what to say

    def __init__(self, parent: QWidget, words: Words, row: ClarificationView) -> None:
        about = "Klarifikasi tetap berjalan tanpa yang tidak hadir."
        super().__init__(parent, f"{row.alias} tidak hadir", about, width=560)
        self._words, self._row = words, row
        self.form = Form(_fields(words), today=words.today, dense=False, gap=8)
        self.group = FormGroup(self)
        self.group.add(self.form)
        self.body.addWidget(self.group.summary)
        self.body.addWidget(self.form)
        no = self.add_button("Tidak jadi", kind="flat")
        self.act = self.submit_button("")
        no.setAutoDefault(False)
        self.form.set_values(_first(words, row))
        self._fold()
        no.clicked.connect(self.reject)
        self.act.clicked.connect(self.submit)
        self.group.submitted.connect(self.submit)
        self.form.changed.connect(self._on_changed)
        self.form.focus_first()

    def submit(self) -> None:
        """Record the absence, and the second invitation when it is wanted."""
        if self.group.check():
            return
        values = self.form.values()
        again = _invitation(values, self._words.today) if values["again"] else None
        try:
            clarify.mark_absent(
                self._words.posko, self._row.uid, values["on"], values["reason"] or "", again
            )
        except InvalidInput as error:
            self.group.show_problems(error.problems)
        except UserError as error:
            self.group.show_problems([Problem("", str(error))])
        else:
            said = "dan undangan berikutnya tercatat" if again else "tercatat"
            self.kept.emit(f"{self._row.alias} tidak hadir {said}")
            self.accept()

    def _fold(self) -> None:
        again = bool(self.form.value("again"))
        self.form.show_fields(SECOND, again)
        online = again and self.form.value("mode") == "online"
        self.form.show_fields(["online_reason"], online)
        only = self._words.law.steps["absent"].label
        self.act.setText("Catat dan undang lagi" if again else only)

    def _on_changed(self, key: str) -> None:
        if key in ("again", "mode"):
            self._fold()


def hand_over(parent: QWidget, words: Words, row: ClarificationView) -> str:
    """Ask how and when an invitation reached its person; gives back what to say."""
    fields = [
        Field(key="delivered", label="Cara menyampaikan", kind="combo", width=6,
              choices=words.posko.vocabulary.items("delivery"),
              missing="Pilih cara menyampaikan."),
        Field(key="on", label="Diterima pada", kind="date", width=6, optional=True),
    ]  # fmt: skip

    def submit(values: dict[str, Any]) -> list[Problem]:
        if values["on"] and values["on"] > words.today:
            return [Problem("on", "Tanggal diterima setelah hari ini. Periksa tanggalnya.")]
        clarify.note_delivery(words.posko, row.uid, values["delivered"], values["on"])
        return []

    got = dialogs.ask_form(
        parent, f"Penyampaian undangan {row.alias}", fields, today=words.today,
        act="Simpan penyampaian", submit=submit,
        values={"delivered": row.delivered, "on": row.delivered_on or words.today},
    )  # fmt: skip
    return "Penyampaian tercatat" if got is not None else ""


def add_expert(parent: QWidget, words: Words) -> str:
    """Ask who the expert is; the name goes into the compartment. Gives back what to say."""
    fields = [
        Field(key="name", label="Nama ahli", missing="Isi nama ahli."),
        Field(key="occupation", label="Keahlian atau jabatan", optional=True),
        Field(key="phone", label="Telepon", kind="phone", width=6, optional=True),
    ]

    def submit(values: dict[str, Any]) -> list[Problem]:
        person = PersonInput(
            name=values["name"] or "",
            occupation=values["occupation"] or "",
            phone=values["phone"] or "",
        )
        clarify.add_expert(words.posko, words.view.uid, person)
        return []

    got = dialogs.ask_form(
        parent, "Tambah ahli", fields, today=words.today, act="Tambah ahli", submit=submit,
        text="Nama ahli disimpan rahasia. Pada perkara ia disebut dengan samarannya.",
    )  # fmt: skip
    return "Ahli ditambahkan" if got is not None else ""


def invite_again(words: Words, row: ClarificationView) -> dict[str, Any]:
    """The first answers of another invitation of the same person."""
    return {
        "whom": row.alias.lower(),
        "for_on": next_service_day(words.posko.calendar, words.today),
        "for_time": row.for_time,
        "place": row.place,
        "mode": row.mode or "in_person",
        "online_reason": row.online_reason,
    }


def next_service_day(calendar: Calendar, today: date) -> date:
    """The first day after today on which the office is open."""
    day = today + timedelta(days=1)
    while not calendar.working(day):
        day += timedelta(days=1)
    return day


def _first(words: Words, row: ClarificationView) -> dict[str, Any]:
    due = row.for_on is not None and row.for_on <= words.today
    again = {key: value for key, value in invite_again(words, row).items() if key != "whom"}
    return {"on": row.for_on if due else words.today, "again": row.round == 1, **again}


def _fields(words: Words) -> list[Field]:
    lists, zone = words.posko.vocabulary, words.posko.office.zone
    return [
        Field(key="on", label="Tanggal", kind="date", width=6, missing="Isi tanggalnya."),
        Field(key="reason", label="Alasan tidak hadir", optional=True,
              placeholder="tanpa nama pelapor dan saksi"),
        Field(key="again", label="Undang lagi sekarang", kind="check"),
        Field(key="for_on", label="Hari klarifikasi", kind="date", width=6,
              missing="Isi hari klarifikasi."),
        Field(key="for_time", label="Pukul", kind="time", width=6, hint=zone,
              missing="Isi jam klarifikasi, misalnya 09.30."),
        Field(key="mode", label="Cara", kind="combo", width=6,
              choices=lists.items("clarification_mode"), missing="Pilih cara klarifikasi."),
        Field(key="online_reason", label="Alasan daring", kind="combo", width=6,
              choices=lists.items("online_reason"), missing="Pilih alasan klarifikasi daring."),
        Field(key="place", label="Tempat", missing="Isi tempat klarifikasi."),
    ]  # fmt: skip


def _invitation(values: dict[str, Any], today: date) -> Invitation:
    """The second invitation, which is written today, whenever the person stayed away."""
    clock = values["for_time"]
    return Invitation(
        on=today,
        for_on=values["for_on"],
        for_time=f"{clock:%H.%M}" if isinstance(clock, time) else "",
        place=values["place"] or "",
        mode=values["mode"] or "",
        online_reason=values["online_reason"] or "",
    )
