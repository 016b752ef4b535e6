"""Looks for reporters and witnesses in everything that would leave, before it leaves.

Identities are opened in memory only, by an account that holds their key, and that it happened goes
into the audit chain. What is told is the place and the words around it, with everybody masked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from posko_app.app import Posko, use_case
from posko_app.data.tables import Case, Identity, ReportedParty
from posko_app.errors import UserError
from posko_app.progress import Progress, silent
from posko_app.text import thousands

from .gather import Part, Wanted, split
from .held_elsewhere import offices_holding, where_they_are
from .kept_events import kept_events
from .layout import layout
from .leaving_texts import Texts, texts_of
from .left_out import kinds_left_out, left_out, profiles
from .name_index import NameIndex
from .names_kept import changed_since, hits_in, kept_search
from .people_of import PeopleOf
from .public_rows import PublicRows
from .wanting import What, wanted
from .xlsx.limits import limits

AT_ONCE = 400
MOST_FOUND = 500
MOST_IN_TEXT = 20
MOST_NEAR = 1_000  # cases whose people are at hand
NAMED = 5  # places that a refusal names
LEAST_REASON = 10  # characters


@dataclass(frozen=True, kw_only=True)
class Found:
    """A text that names somebody: where it stands, what of whom, and the words around it.

    `what` is never the name itself; `sure` is false for one word that may mean something else.
    """

    case_uid: str
    case_number: str
    place: str
    what: str
    who: str
    snippet: str
    table: str
    uid: str
    field: str
    sure: bool


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a search found. `people` were looked for; `more` hits are not in `found`.

    `unchecked` tells that there are people whom this account cannot look for, `elsewhere` names the
    offices that keep the identities of others, so that nobody here can.
    """

    found: tuple[Found, ...] = ()
    people: int = 0
    more: int = 0
    unchecked: bool = False
    elsewhere: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether a text may name somebody, found or not to be found here."""
        return bool(self.count or self.unchecked or self.elsewhere)

    @property
    def count(self) -> int:
        """How many hits there are."""
        return len(self.found) + self.more


@use_case("exchange.export")
def names_in(
    posko: Posko,
    to_code: str,
    what: What = "changes",
    cases: Collection[str] = (),
    *,
    profile: str = "internal",
    progress: Progress = silent,
) -> tuple[Found, ...]:
    """Every text of such an export that names a reporter or witness; raises as `searched` does."""
    return searched(posko, to_code, what, cases, profile=profile, progress=progress).found


@use_case("exchange.export")
def searched(
    posko: Posko,
    to_code: str,
    what: What = "changes",
    cases: Collection[str] = (),
    *,
    profile: str = "internal",
    progress: Progress = silent,
) -> Search:
    """Look for reporters and witnesses in every text of such an export.

    Raises UserError when this account does not hold the key that comparing needs.
    """
    with posko.store.read() as session:
        asked = wanted(posko, session, to_code, what, cases, profile)
        parts = split(session, asked, limits())
        search = look(posko, session, asked, parts, profile, progress)
    note_search(posko, search, to_code, profile)
    if search.unchecked:
        raise UserError(_CANNOT, "names_unchecked")
    return search


def look(
    posko: Posko,
    session: Session,
    asked: Wanted,
    parts: Sequence[Part],
    profile: str,
    progress: Progress = silent,
) -> Search:
    """Look through everything that goes under a profile, as these parts; notes nothing.

    Without the identity key the last search by somebody who holds it counts, where nothing changed.
    """
    cases = [uid for part in parts for uid in part.cases]
    loose = [uid for part in parts for uid in part.loose]
    if profiles().by_code[profile].shape == "values":
        shown = PublicRows(posko, session, asked)
        if posko.keys.identity is None:
            search = _kept(session, shown.people_of, shown.activities)
            search = replace(search, found=tuple(h for h in search.found if _public(h)))
        else:
            search = look_through(posko, session, shown.people_of, shown.texts(), progress)
        return replace(search, elsewhere=offices_holding(posko, session, shown.people_of))
    if posko.keys.identity is None:
        search = _kept(session, cases, loose)
        stay = kept_events(session, kinds_left_out(profile), cases)
        gone = left_out(profile)
        left = tuple(h for h in search.found if h.table not in gone and h.uid not in stay)
        parked = any(part.parked for part in parts)  # their texts are nobody's yet
        search = replace(search, found=left, unchecked=search.unchecked or parked)
    else:
        texts = texts_of(session, parts, left_out(profile), kinds_left_out(profile))
        search = look_through(posko, session, cases, texts, progress)
    return replace(search, elsewhere=offices_holding(posko, session, cases))


def look_through(
    posko: Posko,
    session: Session,
    cases: Sequence[str],
    texts: Iterable[Texts],
    progress: Progress = silent,
) -> Search:
    """Look for everybody whose identity is here in the texts of these cases, case by case.

    A text may name the reporter of another case, one that does not go.
    """
    everybody = session.scalars(
        select(Identity.case_uid).distinct().order_by(Identity.case_uid)
    ).all()
    index, people_of = NameIndex(profiles().common), PeopleOf(posko, session, cases)
    people, steps = 0, len(everybody) + len(cases)
    for done, uids in _counted(everybody):
        progress(done, steps, "Mencari nama pelapor dan saksi")
        for person in people_of.opened(uids):
            index.add(person)
            people += 1
    if not people:
        return Search()
    reader = _Reader(session, index, people_of)
    hits = reader.read(texts, len(everybody), steps, progress)
    found = tuple(islice(hits, MOST_FOUND))
    return Search(found=found, people=people, more=sum(1 for _ in hits))


def note_search(posko: Posko, search: Search, to_code: str, profile: str) -> None:
    """Put into the audit chain that identities were compared, and how much was found."""
    if search.people:
        with posko.write() as session:
            posko.note(
                session,
                "identity.looked_for",
                to=to_code,
                profile=profile,
                people=search.people,
                found=search.count,
            )


def require_silence(search: Search, profile: str, names_stay: str = "") -> None:
    """Raise UserError when a file for outsiders would name somebody and nobody says why it may."""
    if profiles().by_code[profile].names == "tell" or not search.open:
        return
    reason = names_stay.strip()
    if reason and len(reason) < LEAST_REASON:
        raise UserError(
            f"Alasan nama boleh tetap ada terlalu pendek. Belum ada berkas yang dibuat. "
            f"Tulis paling sedikit {LEAST_REASON} huruf.",
            "reason_too_short",
        )
    if reason:
        return
    if search.unchecked:
        raise UserError(_CANNOT, "names_unchecked")
    if not search.count:
        said = where_they_are(search.elsewhere)
        raise UserError(
            f"{said} Belum ada berkas yang dibuat. Minta kantor itu memeriksa teksnya, lalu tulis "
            "sebagai alasan.",
            "names_elsewhere",
        )
    raise UserError(_refusal(search), "names_found")


_CANNOT = (
    "Akun ini tidak memegang kunci identitas, jadi nama pelapor dan saksi tidak dapat dicari dalam "
    "teks yang ikut. Belum ada berkas yang dibuat. Minta admin membuat kiriman ini, atau minta "
    "petugas penerima, verifikator, atau pimpinan memeriksa nama dulu."
)


def _refusal(search: Search) -> str:
    places = list(dict.fromkeys(_where(found) for found in search.found))
    named = "; ".join(places[:NAMED])
    rest = len(places) - NAMED
    more = f"; dan {thousands(rest)} tempat lain" if rest > 0 else ""
    elsewhere = where_they_are(search.elsewhere)
    return (
        "Teks yang ikut mungkin menyebut pelapor atau saksi "
        f"({thousands(search.count)} temuan): {named}{more}. Belum ada berkas yang dibuat. "
        f"Betulkan teks itu, atau beri alasan mengapa boleh tetap ada. {elsewhere}"
    ).rstrip()


def _where(found: Found) -> str:
    return f"{found.case_number}, {found.place}" if found.case_number else found.place


def _kept(session: Session, cases: Sequence[str], loose: Sequence[str]) -> Search:
    if not session.scalar(select(Identity.id).limit(1)):
        return Search()
    kept = kept_search(session)
    if kept is None or changed_since(session, kept.lsn, cases, loose):
        return Search(unchecked=True)
    return Search(found=tuple(Found(**hit) for hit in hits_in(kept, cases, loose)), more=kept.more)


def _public(hit: Found) -> bool:
    """Whether a text may show in the workbook for the public."""
    return (hit.table, hit.field) in (
        *(("cases", "number"), ("events", "number"), ("events", "data")),
        *(("prevention", "title"),),
    )


@dataclass
class _Reader:
    """Reads texts case by case and says where somebody is named."""

    session: Session
    index: NameIndex
    people_of: PeopleOf
    _near: set[str] = field(default_factory=set)  # cases whose people are looked for more closely
    _numbers: dict[str, str] = field(default_factory=dict)
    _known: dict[str, list[str]] = field(default_factory=dict)

    def read(
        self, texts: Iterable[Texts], done: int, steps: int, progress: Progress
    ) -> Iterator[Found]:
        """All hits, in the order of the texts; `done` of the steps were done before."""
        whole = profiles().people
        for record in texts:
            if record.table == "cases":
                if not done % AT_ONCE:
                    progress(min(done, steps), steps, "Mencari nama pelapor dan saksi")
                done += 1
            if record.case_uid and record.case_uid not in self._near:
                self._approach(record.case_uid)
            # one look at all texts of a record: nearly all of them name nobody
            said = record.said()
            if said and self.index.suspects(record.case_uid, said):
                for name, text in record.spoken():
                    where = f"{record.table}.{name}"
                    yield from self._hits(record, name, text, whole=where in whole)

    def _approach(self, case_uid: str) -> None:
        """Have the people of one more case at hand; those of earlier ones are let go in time."""
        if len(self._near) >= MOST_NEAR:
            self.index.forget()
            for kept in (self._near, self._numbers, self._known):
                kept.clear()
        self._near.add(case_uid)
        for who, person in self.people_of.of(case_uid):
            self.index.take(case_uid, who, person)

    def _learn(self, case_uid: str) -> None:
        """The number of a case, and its terlapor: who is reported stands in the open."""
        if case_uid in self._numbers:
            return
        number = self.session.scalar(select(Case.number).where(Case.uid == case_uid))
        self._numbers[case_uid] = number or ""
        names = select(ReportedParty.name).where(ReportedParty.case_uid == case_uid)
        self._known[case_uid] = list(self.session.scalars(names))

    def _hits(self, record: Texts, name: str, text: str, *, whole: bool) -> Iterator[Found]:
        self._learn(record.case_uid)
        known = self._known[record.case_uid]
        hits = self.index.search(record.case_uid, text, known, whole=whole)
        for hit in hits[:MOST_IN_TEXT]:
            yield Found(
                case_uid=record.case_uid,
                case_number=self._numbers[record.case_uid],
                place=place_of(record.table, name),
                what=hit.what,
                who=hit.who,
                snippet=self.index.snippet(text, hit, hits),
                table=record.table,
                uid=record.uid,
                field=name,
                sure=hit.sure,
            )


def place_of(table: str, name: str) -> str:
    """What people call a field: lembar Perkara, kolom Uraian."""
    sheet = layout().sheet(table)
    heading = next((c.heading for c in sheet.columns if c.field == name), "") if sheet else ""
    if sheet is None:
        return profiles().label(table)
    return f"lembar {sheet.name}, kolom {heading}" if heading else f"lembar {sheet.name}"


def _counted(items: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Chunks, and how many items came before each."""
    for number, chunk in enumerate(_chunks(items)):
        yield number * AT_ONCE, chunk


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
