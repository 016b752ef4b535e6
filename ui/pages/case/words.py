"""How the page of a case says people, days, places and limits."""

from __future__ import annotations

from datetime import date, datetime

from posko_app import text
from posko_app.app import Posko
from posko_app.cases.kinds import person_word
from posko_app.cases.steps import permission_of
from posko_app.cases.views import CaseView, PartyView
from posko_app.office.accounts import accounts
from posko_app.rules.book import Regulation
from posko_app.rules.deadlines import Due, due
from posko_app.rules.identity import parse_nip, parse_phone
from posko_app.rules.stages import Event
from posko_app.security import permissions

FILES = "files"  # no step: makes the files of a pelimpahan again


class Words:
    """The words of one case; made anew whenever the case is read."""

    def __init__(self, posko: Posko, view: CaseView) -> None:
        self.posko, self.view = posko, view
        self.today = posko.today()
        self.law: Regulation = posko.rules.get(view.facts.regulation, view.facts.filed_on)
        self.data: dict[str, Event] = {event.uid: event for event in view.state.events}
        self._names = {row.login: row.name for row in accounts(posko)}

    # --- people ---------------------------------------------------------------------------------

    def who(self, login: str, office: str = "") -> str:
        """The name behind an account; of another office its account and the office.

        Letters and evidence do not say their office: theirs is the one that filed the case.
        """
        office = office or self.view.facts.office_code
        if office != self.posko.office.code:
            region = self.posko.regions.get(office)
            return f"{login} ({region.name})" if region else f"{login} ({office})"
        return self._names.get(login) or login

    @property
    def waits_for_others(self) -> bool:
        """Whether this office handed the case over and waits for the other one to receive it."""
        offer = self.view.state.handover
        return offer is not None and offer.sender == self.view.own

    def officers(self) -> str:
        """Who handles the case."""
        return self.who(self.view.facts.officer) if self.view.facts.officer else "belum ditunjuk"

    @property
    def reporter(self) -> str:
        """Whom it comes from, as its kind calls them: Pelapor, Penemu, Pengirim, Penanya."""
        return person_word(self.view.state.intake_kind)

    def capacity(self) -> str:
        """In which capacity the reporter speaks."""
        code = self.view.facts.reporter_capacity
        said = self.label("reporter_capacity", code) if code else ""
        return ", lewat kuasa".join((said, "")) if self.view.facts.by_proxy and said else said

    def whom(self) -> list[tuple[str, str]]:
        """Who can be invited, by the names that never tell an identity."""
        people = [(self.reporter.lower(), self.reporter)]
        several = len(self.view.parties) > 1
        for n, party in enumerate(self.view.parties, 1):
            alias = f"Terlapor {n}" if several else "Terlapor"
            people.append((alias.lower(), f"{alias}: {party.name}"))
        people += [(w.alias.lower(), w.alias) for w in self.view.witnesses]
        known = any(code.startswith("ahli") for code, _ in people)
        return people if known else [*people, ("ahli", "Ahli")]

    def person(self, alias: str) -> str:
        """Somebody who was invited, with the name of a terlapor, which stands in the open."""
        return dict(self.whom()).get(alias.lower(), alias)

    # --- codes ----------------------------------------------------------------------------------

    def label(self, name: str, code: str) -> str:
        """The words for a code."""
        return self.posko.vocabulary.label(name, code) if code else ""

    def act(self, action: str) -> str:
        """An act of the audit chain in words; a step by what the law calls it once done."""
        start, _, kind = action.partition(".")
        if start == "step" and kind in self.law.steps:
            return self.law.steps[kind].done
        known = self.posko.vocabulary.has("audit_act", action)
        return self.label("audit_act", action if known else "other")

    def violation(self, code: str) -> str:
        """A kind of violation in words."""
        known = self.law.violation_kinds.get(code)
        return known.label if known else code

    def violations(self, codes: tuple[str, ...]) -> str:
        """Kinds of violation in words."""
        return ", ".join(self.violation(code) for code in codes)

    def addressee(self, code: str) -> str:
        """An institution in words."""
        known = self.law.addressees.get(code)
        return known.label if known else code

    # --- days -----------------------------------------------------------------------------------

    def local(self, moment: datetime) -> datetime:
        """An instant on the office's clock."""
        return text.local(moment, self.posko.office.zone)

    def day(self, day: date) -> str:
        """`hari ini`, `kemarin`, `besok`, else `12 Okt`."""
        near = {0: "hari ini", 1: "kemarin", -1: "besok"}.get((self.today - day).days)
        return near or self.brief(day)

    def brief(self, day: date) -> str:
        """`12 Okt`, with the year when it is another one."""
        year = f" {day.year}" if day.year != self.today.year else ""
        return f"{day.day} {text.SHORT_MONTHS[day.month - 1]}{year}"

    def when(self, day: date, moment: datetime | None) -> str:
        """A legal date with the hour of `moment` if that lies on it: `Kemarin 15.40`."""
        said = self.day(day)
        if moment is not None and (here := self.local(moment)).date() == day:
            said = f"{said} {text.clock(here)}"
        return said[:1].upper() + said[1:]

    def moment(self, day: date | None, clock: str = "") -> str:
        """A date with its hour: `Sel 15 Okt 2024 · 09.30`."""
        if day is None:
            return "belum diketahui"
        return f"{text.short_date(day)} · {clock.replace(':', '.')}" if clock else (
            text.short_date(day)
        )  # fmt: skip

    # --- facts ----------------------------------------------------------------------------------

    def filed(self) -> str:
        """When it was reported, and on which day of those allowed."""
        facts = self.view.facts
        said = text.day_month(facts.filed_on)
        rule = self.law.deadlines.get("report_filing")
        reported = self.view.state.intake_kind == "report"
        if facts.known_on is None or rule is None or not reported:
            return text.short_date(facts.filed_on)
        limit = due(rule, facts.known_on, self.posko.calendar, self.posko.zone)
        counted = [d.date for d in limit.days if d.counted]
        if facts.filed_on in counted:
            return f"{said} · hari ke-{counted.index(facts.filed_on) + 1} dari {len(counted)}"
        if facts.filed_on > limit.due_on:
            return f"{said} · lewat batas {text.day_month(limit.due_on)}"
        return f"{said} · hari diketahui"

    def place(self) -> str:
        """Where it happened."""
        place, region = self.view.facts.event_place, self.view.region_name
        if not place:
            return region or "belum diketahui"
        return place if not region or region in place else f"{place}, {region}"

    def nip(self, party: PartyView) -> str:
        """The NIP in its groups."""
        return (parse_nip(party.nip).grouped or party.nip) if party.nip else ""

    def phone(self, number: str) -> str:
        """A phone number in its groups."""
        return (parse_phone(number).grouped or number) if number else ""

    # --- limits ---------------------------------------------------------------------------------

    def limit(self, limit: Due) -> str:
        """The hour at which a limit ends."""
        return f"{limit.clock(self.posko.zone)} {self.posko.office.zone}"

    # --- permission -----------------------------------------------------------------------------

    def why_not(self, permission: str) -> str:
        """The reason why the person logged in may not do this; empty when they may."""
        role = self.posko.user.role
        if permissions.allowed(role, permission):
            return ""
        does = permissions.PERMISSIONS[permission].does
        return f"Peran {permissions.ROLES.get(role, role)} tidak boleh {does}."

    def why_not_step(self, kind: str) -> str:
        """The reason why the person logged in may not record a kind of step."""
        if kind == FILES:
            return self.why_not("exchange.export")
        return self.why_not("case.step") or self.why_not(permission_of(kind))

    def why_no_identity(self) -> str:
        """The reason why what is sealed with the identity key cannot be opened here."""
        if why := self.why_not("identity.read"):
            return why
        if self.posko.keys.identity is not None:
            return ""
        return "Akun ini tidak memegang kunci identitas. Minta admin kantor memberikan kuncinya."

    def not_for_you(self, count: int) -> str:
        """That some steps are for other roles, and for which."""
        roles = permissions.PERMISSIONS["case.decide"].roles
        who = ", ".join(label for code, label in permissions.ROLES.items() if code in roles)
        return f"{count} langkah lain dicatat {who}"
