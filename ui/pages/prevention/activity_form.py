"""The dialog of an activity: everything that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posko_app.app import Posko
from posko_app.cases.prevention import NewActivity
from ui.fields import Choices, Field

from .activity_entry import number

KEYS = ("on", "item", "kind", "title", "place", "region_code", "target", "subject", "description",
         "done")  # fmt: skip


def edit_fields(posko: Posko, region_code: str = "") -> list[Field]:
    """The questions; `region_code` is the region that stands there already."""
    code = posko.office.code

    def regions(typed: str) -> Choices:
        level = "desa" if posko.office.level == "kecamatan" else ""
        found = posko.regions.search(typed, level, under=code, limit=40)
        return [(region.code, _named(posko, region.code)) for region in found]

    kept = [(region_code, _named(posko, region_code))] if region_code else []
    return [
        Field(key="on", label="Tanggal", kind="date", width=3, missing="Isi tanggal kegiatan."),
        Field(key="item", label="Jenis", kind="combo", width=6, missing="Pilih jenis kegiatan.",
              choices=posko.vocabulary.items("prevention_item")),
        Field(key="done", label="Terlaksana", kind="check", width=3),
        Field(key="title", label="Kegiatan", width=7, missing="Isi nama kegiatan."),
        Field(key="kind", label="Bentuk", kind="combo", width=5, hint="kosong: menurut jenisnya",
              optional=True, choices=posko.vocabulary.items("prevention_kind")),
        Field(key="place", label="Tempat", width=7, optional=True),
        Field(key="region_code", label="Wilayah", kind="region", width=5, optional=True,
              search=regions, choices=kept),
        Field(key="target", label="Sasaran", width=6, optional=True),
        Field(key="participants", label="Peserta", width=3, optional=True, hint=" ",
              parse=number),
        Field(key="quantity", label="Jumlah bahan", width=3, optional=True, hint=" ",
              parse=number),
        Field(key="subject", label="Pokok", optional=True),
        Field(key="description", label="Uraian singkat", kind="multiline", lines=2,
              optional=True),
    ]  # fmt: skip


def activity_of(values: Mapping[str, Any]) -> NewActivity:
    """An activity as it was answered."""
    counts = {key: int(values[key] or 0) for key in ("participants", "quantity")}
    known: dict[str, Any] = {**{key: values[key] for key in KEYS}, **counts}
    return NewActivity(**known)


def _named(posko: Posko, code: str) -> str:
    """A region by its name; villages of one name are told apart by their kecamatan."""
    path = posko.regions.path(code)
    names = [region.name for region in path[-2:]] if path and path[-1].level == "desa" else []
    return ", kec. ".join(reversed(names)) or (path[-1].name if path else code)
