"""Views of lists that people keep, for themselves or for the office, and how columns stand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from posko_app.app import Posko, use_case
from posko_app.data.tables import ListLayout, SavedView
from posko_app.errors import InvalidInput, Problem, UserError
from posko_app.security import permissions
from posko_app.security.uid import new_uid
from posko_app.text import clean, fold

from .list_views import FILTERS, SORT_KEYS, standard_views

LONGEST = 40  # letters of a name


@dataclass(frozen=True, kw_only=True)
class ViewContent:
    """What a kept view shows: a standard view under it, filters as chips hold them, and order."""

    view: str = "active"
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    sort: str = "due"
    descending: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KeptView:
    """A view somebody kept; `shared` ones are everybody's in this office."""

    uid: str
    name: str
    shared: bool
    mine: bool  # may be changed by who is logged in
    content: ViewContent


@use_case("case.read")
def kept_views(posko: Posko) -> tuple[KeptView, ...]:
    """The office's and one's own views, by name."""
    with posko.store.read() as session:
        rows = session.scalars(
            select(SavedView)
            .where(or_(SavedView.account == "", SavedView.account == posko.user.login))
            .order_by(SavedView.id)
        ).all()
        found = [
            KeptView(
                uid=row.uid,
                name=row.name,
                shared=not row.account,
                mine=_may_change(posko, row),
                content=_read(row.content),
            )
            for row in rows
        ]
    return tuple(sorted(found, key=lambda view: fold(view.name)))


@use_case("case.read")
def keep_view(
    posko: Posko, name: str, content: ViewContent, *, shared: bool = False, uid: str = ""
) -> str:
    """Keep a view under a name, or change the one of `uid`; returns its uid.

    The words typed into the search field are kept with it. Raises InvalidInput for an empty or
    long name, or one that another view of the same people bears; NotAllowed for the office's when
    the role may not settle it.
    """
    name = " ".join(clean(name).split())
    if shared:
        permissions.require(posko.user.role, "case.decide")
    account = "" if shared else posko.user.login
    with posko.write() as session:
        named = session.scalars(select(SavedView).where(SavedView.account == account)).all()
        problem = _problem(name, [row.name for row in named if row.uid != uid])
        if problem:
            raise InvalidInput([Problem("name", problem)])
        row = session.scalar(select(SavedView).where(SavedView.uid == uid)) if uid else None
        if row is None:
            row = SavedView(uid=uid or new_uid(), made_by=posko.user.login, made_at=posko.now())
            session.add(row)
        elif not _may_change(posko, row):
            raise _not_yours(row)
        row.account, row.name, row.content = account, name, _written(content)
        posko.note(session, "view.kept", row.uid, shared=shared)
        return row.uid


@use_case("case.read")
def drop_view(posko: Posko, uid: str) -> KeptView:
    """Let a kept view go and give back what it was, for undo. Raises UserError when it is gone."""
    with posko.write() as session:
        row = session.scalar(select(SavedView).where(SavedView.uid == uid))
        if row is None:
            raise UserError("Tampilan ini sudah tidak ada.", "no_view")
        if not _may_change(posko, row):
            raise _not_yours(row)
        was = KeptView(
            uid=row.uid,
            name=row.name,
            shared=not row.account,
            mine=True,
            content=_read(row.content),
        )
        session.delete(row)
        posko.note(session, "view.dropped", uid)
    return was


@dataclass(frozen=True)
class Layout:
    """How somebody's columns stand: which, in which order, and widths in pixels at 100 % text."""

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)


@use_case("case.read")
def layout_of(posko: Posko, list_name: str) -> Layout | None:
    """The kept columns of a list for who is logged in; None as long as nothing was chosen."""
    with posko.store.read() as session:
        row = session.get(ListLayout, (posko.user.login, list_name))
        if row is None:
            return None
        raw = _object(row.content)
    return Layout(
        tuple(map(str, raw.get("columns", ()))),
        {str(k): int(v) for k, v in raw.get("widths", {}).items()},
    )


@use_case("case.read")
def keep_layout(posko: Posko, list_name: str, layout: Layout | None) -> None:
    """Keep the columns of a list for who is logged in; None goes back to how it came."""
    with posko.write() as session:
        key = (posko.user.login, list_name)
        row = session.get(ListLayout, key)
        if layout is None:
            if row is not None:
                session.delete(row)
            return
        content = json.dumps({"columns": layout.columns, "widths": dict(layout.widths)})
        if row is None:
            session.add(ListLayout(account=key[0], list_name=list_name, content=content))
        else:
            row.content = content


def _problem(name: str, taken: Sequence[str]) -> str:
    if not name:
        return "Isi nama tampilan, misalnya: Politik uang Kurun."
    if len(name) > LONGEST:
        return f"Nama tampilan paling panjang {LONGEST} huruf."
    if fold(name) in {fold(other) for other in taken}:
        return f"Nama {name} sudah dipakai. Pilih nama lain."
    return ""


def _may_change(posko: Posko, row: SavedView) -> bool:
    if row.account:
        return row.account == posko.user.login
    return permissions.allowed(posko.user.role, "case.decide") or row.made_by == posko.user.login


def _not_yours(row: SavedView) -> UserError:
    return UserError(
        f"Tampilan {row.name} milik kantor. Simpan dengan nama lain sebagai tampilan sendiri.",
        "not_yours",
    )


def _written(content: ViewContent) -> str:
    return json.dumps(
        {
            "view": content.view,
            "text": content.text,
            "values": {k: v for k, v in sorted(content.values.items()) if v and k in FILTERS},
            "sort": content.sort,
            "descending": content.descending,
            "columns": list(content.columns),
        },
        ensure_ascii=False,
    )


def _read(text: str) -> ViewContent:
    """What was kept, as far as this program knows it."""
    raw = _object(text)
    view, sort = str(raw.get("view", "")), str(raw.get("sort", ""))
    return ViewContent(
        view=view if view in standard_views() else "all",
        text=str(raw.get("text", "")),
        values={k: str(v) for k, v in raw.get("values", {}).items() if k in FILTERS},
        sort=sort if sort in SORT_KEYS else "due",
        descending=bool(raw.get("descending")),
        columns=tuple(map(str, raw.get("columns", ()))),
    )


def _object(text: str) -> dict[str, Any]:
    raw = json.loads(text)
    return raw if isinstance(raw, dict) else {}
