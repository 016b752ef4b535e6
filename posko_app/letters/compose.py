"""Puts a letter together: template, law, case, values and what must not be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko
from posko_app.cases.case_view import case_view
from posko_app.cases.identity import identities_of, open_identity
from posko_app.cases.proxy import PROXY, PROXY_WORD
from posko_app.cases.views import CaseView
from posko_app.data.tables import Account, Setting
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.rules.book import Regulation
from posko_app.security import permissions

from .blocks import Block
from .catalogue import Value, Values, load_catalogue
from .pdf import About, PageSetup, render
from .privacy import Protected, require_silence
from .template import Template, template_named
from .values import People, case_values, first_wording, office_values

LOGO_FILE = "lambang.png"  # in the office's folder; no secret, so not in the vault
LOGO_KEY = "office.logo"

# Which values a contested field goes into; a letter that prints one of them cannot be issued.
CONTESTED: Mapping[str, Mapping[str, str]] = {
    "cases": {
        "number": "case.number",
        "title": "case.event",
        "filed_on": "case.filed_on",
        "filed_time": "case.filed_time",
        "filed_place": "case.filed_place",
        "arrived_at": "case.arrival",
        "arrival_reason": "case.arrival",
        "event_on": "case.event_on",
        "event_time": "case.event_on",
        "event_place": "case.event_place",
        "known_on": "case.known_on",
        "narrative": "case.narrative",
    },
    "reported_parties": {"": "reported"},
    "witnesses": {"": "witnesses"},
    "evidence": {"": "evidence"},
    "identities": {"": "reporter.name"},
}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter ready to be filled: everything but its number."""

    template: Template
    law: Regulation
    view: CaseView | None
    values: Values
    confirmed: Mapping[str, str]
    protected: tuple[Protected, ...]
    setup: PageSetup
    images: Mapping[str, bytes]
    made_at: datetime
    unchecked: bool  # to an outsider, by somebody who may not open identities
    unheld: bool = False  # to an outsider, about people whose identity only another office keeps

    @property
    def case_uid(self) -> str | None:
        return self.view.uid if self.view else None

    def text(self, name: str) -> str:
        """One of the values as text."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def filled(self, number: str) -> tuple[Block, ...]:
        """The blocks with this number.

        Raises `InvalidInput` for a needed value that is empty, and when a letter to an outsider
        names the reporter or a witness.
        """
        values = {**self.values, "letter.number": number}
        blocks = self.template.fill(values, self.law, confirmed=self.confirmed)
        if self.template.audience == "outside":
            require_silence(blocks, self.protected)
        return blocks

    def pdf(self, number: str, watermark: str, author: str) -> bytes:
        """The document with this number."""
        about = About(
            title=self.template.title,
            author=author,
            subject=self.text("letter.subject") or self.template.title,
            footer=number or self.template.title,
        )
        return render(
            self.filled(number), self.setup, about, images=self.images, watermark=watermark
        )

    def warnings(self) -> tuple[str, ...]:
        """What the letter lacks although it can be made."""
        catalogue = load_catalogue()
        scope = {**self.template.preset(self.law.regime), **self.values}
        empty = (name for name in self.template.wants if not scope.get(name))
        found = [f"{catalogue.label(name)} belum diisi." for name in empty]
        if self.template.form.startswith("referral") and self.view:
            found += _unripe(self.view)
        if self.unchecked:
            found.append(
                "Akun ini tidak memegang kunci identitas, jadi surat belum diperiksa terhadap nama "
                "pelapor dan saksi. Bacalah sekali lagi sebelum dikirim."
            )
        elif self.unheld:
            found.append(
                "Kantor ini tidak menyimpan identitas pelapor atau saksi perkara ini, jadi surat "
                "belum diperiksa terhadap namanya. Bacalah sekali lagi sebelum dikirim."
            )
        return tuple(found)


def compose(
    posko: Posko, case: str, template_name: str, given: Mapping[str, Value], paper: str
) -> Letter:
    """Gather a letter about `case` (uid or number), or without one when it is empty.

    `given` are the asked values as typed; they overrule the first wording. Raises `UserError` for
    an unknown case, template or paper, `NotAllowed` when the letter shows identities and the role
    may not see them.
    """
    template = template_named(template_name)
    view = case_view(posko, case) if case else None
    _require_kind(posko, template, view)
    now = posko.now()
    today = now.astimezone(posko.zone).date()
    filed = (view.facts.regulation, view.facts.filed_on) if view else None
    law = posko.rules.get(*filed or (posko.office.regulation, today))
    with posko.store.read() as session:
        settings = {s.key: s.value for s in session.scalars(select(Setting))}
        protected = _protected(posko, session, view)
        people = _people(posko, session, template, view, protected)
    values = {**office_values(posko, law, now), **_signer(settings)}
    if view:
        values |= case_values(posko, law, view, people) | first_wording(posko, law, view, today)
    preset = template.preset(law.regime)
    # A wording of the template's own beats the general one; what is typed beats both.
    values = {k: v for k, v in values.items() if v or k not in preset} | dict(given)
    return Letter(
        template=template,
        law=law,
        view=view,
        values=values,
        confirmed=_confirmed(settings),
        protected=tuple(p for p, _ in protected),
        setup=PageSetup(paper=paper or template.page or posko.office.paper),
        images=_images(posko),
        made_at=now,
        unchecked=bool(view) and template.audience == "outside" and posko.keys.identity is None,
        unheld=view is not None and template.audience == "outside" and _unheld(view),
    )


def _require_kind(posko: Posko, template: Template, view: CaseView | None) -> None:
    """Raise `InvalidInput` for a form that this kind of intake never gets, as tips no receipt."""
    if view is None or not template.kinds or view.state.intake_kind in template.kinds:
        return
    named = " dan ".join(posko.vocabulary.label("intake_kind", k).lower() for k in template.kinds)
    kind = posko.vocabulary.label("intake_kind", view.state.intake_kind).lower()
    said = f"{template.title} hanya untuk {named}, bukan {kind}, jadi belum ada yang dicetak."
    raise InvalidInput([Problem("template", said)])


def _unheld(view: CaseView) -> bool:
    """Whether somebody in the case is known to another office only."""
    reporter = view.facts.reporter_named and not view.reporter_held
    return reporter or not all(witness.held for witness in view.witnesses)


def _unripe(view: CaseView) -> list[str]:
    """Why a referral may be too early: agencies have returned files that came without a kajian."""
    if view.state.decision == "not_violation":
        return ["Pleno memutuskan bukan pelanggaran. Periksa apakah penerusan ini benar."]
    if not view.state.decided_on:
        return [
            "Perkara ini belum diputuskan dalam pleno. Instansi pernah mengembalikan berkas yang "
            "tidak disertai kajian."
        ]
    return []


def require_settled(letter: Letter) -> None:
    """Raise `UserError` when the letter prints a field that two offices know differently."""
    used = letter.template.placeholders()
    names = []
    for conflict in letter.view.conflicts if letter.view else ():
        fields = CONTESTED.get(conflict.table, {})
        name = fields.get(conflict.field) or fields.get("")
        if name in used:
            names.append(load_catalogue().label(name))
    if names:
        raise UserError(
            f"Surat belum dapat diterbitkan: {', '.join(dict.fromkeys(names))} masih bentrok. "
            "Nomor belum dipakai. Putuskan dulu nilai yang benar di perkara.",
            "conflict",
        )


def shows_identity(template: Template) -> bool:
    """Whether the template prints who the reporter or a witness is."""
    catalogue = load_catalogue()
    names = template.placeholders()
    values = any(v.private for v in catalogue.values.values() if v.name in names)
    return values or any(r.private for r in catalogue.rows.values() if r.name in names)


def _protected(
    posko: Posko, session: Session, view: CaseView | None
) -> list[tuple[Protected, str]]:
    """The people of a case whom this office knows, with the uid of the witness."""
    if view is None or posko.keys.identity is None:
        return []
    called = {w.uid: w.alias or f"Saksi {w.position}" for w in view.witnesses}
    called |= {"": "pelapor", PROXY: PROXY_WORD}
    return [
        (Protected(called.get(row.witness_uid, "saksi"), person), row.witness_uid)
        for row in identities_of(session, view.uid)
        for person in [open_identity(posko, row)]
    ]


def _people(
    posko: Posko,
    session: Session,
    template: Template,
    view: CaseView | None,
    protected: Sequence[tuple[Protected, str]],
) -> People:
    """Whom the letter may name."""
    login = view.facts.officer if view else ""
    # Log-in names are an office's own: another office's rina is not ours.
    ours = view is not None and view.facts.office_code == posko.office.code
    who = select(Account).where(Account.login == login)
    account = session.scalar(who) if login and ours else None
    officer = account.name if account else login or posko.user.name
    title = account.title if account else ("" if login else posko.user.title)
    if template.audience == "outside" or not shows_identity(template):
        return People(officer=officer, officer_title=title)
    permissions.require(posko.user.role, "identity.read")
    if posko.keys.identity is None:
        raise UserError(
            "Akun ini tidak memegang kunci identitas, jadi formulir ini tidak dapat dibuat. "
            "Data tidak berubah. Minta petugas penerima atau admin membuatnya.",
            "no_identity_key",
        )
    persons = {uid: kept.person for kept, uid in protected}
    known = (("reporter", ""), ("proxy", PROXY))
    named = {role: persons.pop(place) for role, place in known if place in persons}
    return People(**named, witnesses=persons, officer=officer, officer_title=title)


def _signer(settings: Mapping[str, str]) -> dict[str, Value]:
    """The office's usual signer, from its settings."""
    names = ("on_behalf", "role", "name", "identity")
    return {f"signer.{n}": settings[f"signer.{n}"] for n in names if f"signer.{n}" in settings}


def _confirmed(settings: Mapping[str, str]) -> dict[str, str]:
    """Form codes this office has confirmed: setting `form.<template>`."""
    return {k.removeprefix("form."): v for k, v in settings.items() if k.startswith("form.")}


def _images(posko: Posko) -> dict[str, bytes]:
    logo = posko.folder.root / LOGO_FILE
    return {LOGO_KEY: logo.read_bytes()} if logo.is_file() else {}
