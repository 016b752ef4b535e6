"""The files that the practice offices make on the way: evidence, letters, workbooks, recaps."""

from __future__ import annotations

from pathlib import Path
from random import Random

from posko_app.app import Posko
from posko_app.cases.recap import recap
from posko_app.cases.report import EvidenceInput
from posko_app.errors import UserError
from posko_app.exchange.apply import import_file
from posko_app.exchange.blank import write_template
from posko_app.exchange.export import export
from posko_app.exchange.recap_book import write_recap
from posko_app.exchange.trust import confirm_key, look_at_key
from posko_app.letters.issue import issue, reprint
from posko_app.progress import Progress, silent
from posko_app.security.durable import write_file

from .clock import LONG_FIRST_DAY, PRACTICE_ON
from .course import Planned
from .life import Life
from .offices import PracticeOffice
from .pictures import make_file
from .result import DemoFile

WITH_RECEIPT, WITH_FORM = 2, 3  # every how many reports a receipt and an A.1 are printed
NAMES = {"photo": "IMG", "screenshot": "Screenshot", "audio": "Transkrip", "video": "Transkrip"}
ADDRESSEES = {
    "bkn": "Kepala Kantor Regional Badan Kepegawaian Negara",
    "ppk": "Bupati Gunung Mas\nselaku Pejabat Pembina Kepegawaian",
    "bupati": "Bupati Gunung Mas",
}


class Papers:
    """Makes the files, keeps one of each kind of letter as PDF, and remembers them all."""

    def __init__(self, out: Path, random: Random, progress: Progress = silent) -> None:
        self.out = out
        self.random = random
        self.progress = progress
        self.files: list[DemoFile] = []
        self.room = "Ruang klarifikasi"
        self._shown: set[tuple[str, str]] = set()

    def evidence(self, level: str, life: Life, number: int, kind: str, item: EvidenceInput) -> Path:
        """A file for one piece of evidence."""
        word = NAMES.get(item.kind, "Dokumen")
        name = f"{word}_{life.filed_at:%Y%m%d}_{level[:3]}{life.place + 1:03d}{number}"
        path = make_file(self.out / "bukti", name, kind, item.description, self.random)
        self.files.append(DemoFile("evidence", path))
        return path

    def receipt(self, office: PracticeOffice, life: Life) -> None:
        """The receipt for the reporter, and now and then the report form itself."""
        if life.place % WITH_RECEIPT == 0:
            self._issue(office, life.uid, "tanda-bukti")
        if life.place % WITH_FORM == 0:
            self._issue(office, life.uid, "laporan")

    def referral(self, office: PracticeOffice, life: Life, step: Planned) -> str:
        """The letter of a referral and its number; other kinds of violation get none yet."""
        addressee = ADDRESSEES.get(step.data["addressee"])
        if step.data.get("kinds") != "other_law" or addressee is None:
            return ""
        values = {
            "letter.addressee": addressee,
            "signer.role": "Ketua",
            "signer.name": office.who("leader").name,
        }
        return self._issue(office, life.uid, "penerusan-hukum-lainnya", values)

    def appeal(self, office: PracticeOffice) -> None:
        """A letter of appeal, which needs no case."""
        values = {
            "letter.addressee": "Para kepala perangkat daerah dan kepala desa",
            "signer.role": "Ketua",
            "signer.name": office.who("leader").name,
        }
        with office.acting(office.who("leader")):
            self._issue(office, "", "imbauan", values)

    def _issue(
        self,
        office: PracticeOffice,
        case: str,
        template: str,
        values: dict[str, str] | None = None,
    ) -> str:
        posko = office.posko
        letter = issue(posko, case, template, values=values)
        shown = (posko.office.level, template)
        if shown not in self._shown:
            self._shown.add(shown)
            path = self._folder("surat") / f"{template}-{posko.office.level}.pdf"
            write_file(path, reprint(posko, letter.uid))
            self.files.append(DemoFile("letter", path))
        return letter.number

    def blank(self, office: PracticeOffice) -> None:
        """The blank workbook for staff without the program."""
        path = self._folder("isian") / "Isian laporan.xlsx"
        write_template(office.posko, path)
        self.files.append(DemoFile("template", path))

    def send(self, sender: PracticeOffice, receiver: PracticeOffice) -> None:
        """Export from one office and import at the other; both must agree on everything."""
        made = export(
            sender.posko,
            receiver.posko.office.code,
            self._folder("kiriman"),
            progress=self.progress,
        )
        for path in made.files:
            self.files.append(DemoFile("export", path))
            found = import_file(receiver.posko, path, apply=True, progress=self.progress)
            if found.code == "unknown_key":  # the first call between these offices
                card = look_at_key(receiver.posko, path)
                confirm_key(receiver.posko, card, " ".join(card.words))
                found = import_file(receiver.posko, path, apply=True, progress=self.progress)
            if not found.applied or found.rejected or found.conflicts:
                raise UserError(
                    f"Kiriman latihan {path.name} tidak diterima utuh: {found.reason}",
                    "practice_exchange",
                )

    def recap(self, office: PracticeOffice) -> None:
        """The recap of everything until the practice day."""
        posko: Posko = office.posko
        path = self._folder("rekap") / f"Rekap {posko.office.name}.xlsx"
        write_recap(posko, recap(posko, LONG_FIRST_DAY, PRACTICE_ON, self.progress), path)
        self.files.append(DemoFile("recap", path))

    def _folder(self, name: str) -> Path:
        folder = self.out / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
