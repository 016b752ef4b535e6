"""Letter templates: a TOML file in, typed blocks out; placeholders are strict.

`{case.number}` is one key, looked up whole in a flat mapping and escaped; attributes are never
followed. Three keys may stand in any table of a block: `each = "reported"` repeats it for every row
of that list, `when = "case.place"` and `unless = …` keep it only if that value is (not) there.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from posko_app.errors import InvalidInput, Problem
from posko_app.paths import resource
from posko_app.rules.book import Regulation

from .blocks import Block, make_block
from .catalogue import Catalogue, Value, Values, load_catalogue

AUDIENCES = ("office", "reporter", "outside")
SERIES = ("report", "letter", "none")
FORM_LINE = "form.line"  # filled here and not by the case: "Formulir Model A.1" or nothing


@dataclass(frozen=True, kw_only=True)
class NumberKey:
    """Which series numbers the letter.

    `report`: it bears the number of the report. `letter`: it takes the next letter number, by
    default under `classification`, which the office may change.
    """

    series: str = "none"
    classification: str = ""


@dataclass(frozen=True, kw_only=True)
class Template:
    """One letter or form: what it is called, whom it may go to, how it is numbered, its blocks."""

    name: str
    title: str
    group: str
    audience: str
    number: NumberKey = field(default_factory=NumberKey)
    form: str = ""  # its use in the regulation's list of forms: report, receipt …
    page: str = ""  # empty: as the office has set it; else F4 or A4
    stages: tuple[str, ...] = ()  # stages at which it is offered first; none: at all
    kinds: tuple[str, ...] = ()  # kinds of intake it is for; none: all, and letters without a case
    needs: tuple[str, ...] = ()  # without these it cannot be made
    wants: tuple[str, ...] = ()  # without these it can, with a warning
    defaults: Mapping[str, Value] = field(default_factory=dict)
    regime_defaults: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    block: tuple[Mapping[str, Any], ...] = ()

    def placeholders(self) -> frozenset[str]:
        """Every value and list that the blocks use."""
        return frozenset(name for b in self.block for name in _names(b, frozenset()))

    def asked(self, catalogue: Catalogue) -> tuple[str, ...]:
        """The values that the person who makes the letter fills in, in catalogue order."""
        used = self.placeholders() | {*self.needs, *self.wants}
        asked = [v.name for v in catalogue.values.values() if v.asked]
        asked += [r.name for r in catalogue.rows.values() if r.asked]
        return tuple(name for name in asked if name in used)

    def form_line(self, law: Regulation, confirmed: Mapping[str, str]) -> str:
        """The line with the form's code, empty while the code is neither certain nor confirmed.

        `confirmed` holds the codes that this office has confirmed, by name of template.
        """
        if code := confirmed.get(self.name, ""):
            return law.form_line.format(code=code)
        form = law.form_for(self.form) if self.form else None
        sure = form is not None and form.confidence == "C"
        return law.form_line.format(code=form.code) if form and sure else ""

    def preset(self, regime: str) -> dict[str, Value]:
        """What the asked values hold before anyone types: the file's own wording."""
        return {**self.defaults, **self.regime_defaults.get(regime, {})}

    def fill(
        self, values: Values, law: Regulation, *, confirmed: Mapping[str, str] | None = None
    ) -> tuple[Block, ...]:
        """The blocks with every placeholder replaced.

        Raises `InvalidInput` naming every needed value that is empty, `KeyError` for a value name
        that the catalogue does not know.
        """
        catalogue = load_catalogue()
        scope = catalogue.complete({**self.preset(law.regime), **values})
        missing = [name for name in self.needs if not scope[name]]
        if missing:
            raise InvalidInput(
                [Problem(n, f"{catalogue.label(n)} belum diisi.") for n in missing],
                f"{self.title} belum dapat dibuat. Isi dulu: "
                + ", ".join(catalogue.label(n).lower() for n in missing)
                + ".",
            )
        scope[FORM_LINE] = self.form_line(law, confirmed or {})
        filled = (made for block in self.block for made in _expand(block, scope))
        return tuple(make_block(made) for made in filled)


def load_template(path: Path, catalogue: Catalogue | None = None) -> Template:
    """Read and check one template file.

    Raises `ValueError` naming the file for an unknown key, block kind or placeholder, and for a
    letter to an outsider that prints a private value.
    """
    known = catalogue or load_catalogue()
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        raw["number"] = NumberKey(**raw.get("number", {}))
        for key in ("stages", "kinds", "needs", "wants", "block"):
            raw[key] = tuple(raw.get(key, ()))
        template = Template(name=path.stem, **raw)
        _check(template, known)
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return template


@cache
def load_templates(folder: Path | None = None) -> dict[str, Template]:
    """Every template of a folder by name; the shipped ones by default."""
    files = sorted((folder or resource("letters")).glob("*.toml"))
    return {f.stem: load_template(f) for f in files if f.stem != "values"}


def template_named(name: str) -> Template:
    """The shipped template `name`; `InvalidInput` lists the ones that exist."""
    templates = load_templates()
    if name not in templates:
        known = ", ".join(templates)
        raise InvalidInput([Problem("template", f"Surat {name} tidak ada. Pilih: {known}.")])
    return templates[name]


def _check(template: Template, catalogue: Catalogue) -> None:
    """Raise `ValueError` for the first thing that does not fit."""
    if template.audience not in AUDIENCES or template.number.series not in SERIES:
        raise ValueError(f"audience {template.audience!r} or series is unknown")
    if template.page not in ("", "A4", "F4"):
        raise ValueError(f"page {template.page!r} is unknown")
    known = catalogue.values.keys() | catalogue.rows.keys()
    for name in template.placeholders() | {*template.needs, *template.wants}:
        if name not in known:
            raise ValueError(f"unknown placeholder {{{name}}}")
        entry = catalogue.values.get(name) or catalogue.rows[name]
        if template.audience == "outside" and entry.private:
            raise ValueError(f"{{{name}}} must not reach an addressee outside Bawaslu")
    for preset in (template.defaults, *template.regime_defaults.values()):
        catalogue.complete(preset)
    scope = catalogue.complete(catalogue.samples())
    for block in template.block:
        for text in _texts(block):
            _check_markup(text)
        for filled in _expand(block, scope):
            make_block(filled)


def _check_markup(text: str) -> None:
    """Only `<b>`, `<i>`, `<u>`, each closed, and `<br/>` are mark-up in a template."""
    rest, opened = text, []
    while (at := rest.find("<")) >= 0:
        tag, _, rest = rest[at + 1 :].partition(">")
        if tag in ("b", "i", "u"):
            opened.append(tag)
        elif tag.startswith("/") and opened and opened[-1] == tag[1:]:
            opened.pop()
        elif tag != "br/":
            raise ValueError(f"unknown mark-up <{tag}>")
    if opened:
        raise ValueError(f"<{opened[-1]}> is not closed in {text[:40]!r}")


_CONTROL = ("each", "when", "unless")


def _expand(table: Mapping[str, Any], scope: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    """The table filled: not at all, once, or once per row, as its control keys say."""
    if "when" in table and not scope[table["when"]]:
        return
    if "unless" in table and scope[table["unless"]]:
        return
    body = {k: v for k, v in table.items() if k not in _CONTROL}
    if "each" not in table:
        yield {k: _filled(v, scope, k) for k, v in body.items()}
        return
    name = table["each"]
    rows = scope[name]
    if isinstance(rows, str):
        raise ValueError(f"{name} is no list")
    for row in rows:
        inner = {**scope, **{f"{name}.{key}": text for key, text in row.items()}}
        yield {k: _filled(v, inner, k) for k, v in body.items()}


def _filled(value: Any, scope: Mapping[str, Value], key: str = "") -> Any:
    if isinstance(value, str):
        return value if key == "kind" else _Strict().vformat(value, (), scope)
    if isinstance(value, list):
        return [
            made
            for part in value
            for made in (
                _expand(part, scope) if isinstance(part, Mapping) else [_filled(part, scope)]
            )
        ]
    if isinstance(value, Mapping):
        return {k: _filled(v, scope, k) for k, v in value.items()}
    return value


class _Strict(string.Formatter):
    """Fills a text; a name is one key, its value is escaped and its line breaks kept."""

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> tuple[str, str]:
        value = kwargs[field_name]
        if not isinstance(value, str):
            raise ValueError(f"{{{field_name}}} is a list and needs each")
        return escape(value, quote=False).replace("\n", "<br/>"), field_name


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Every text in a block, however deep; names of kinds and lists are no text."""
    if isinstance(value, str):
        if key not in ("kind", *_CONTROL):
            yield value
    elif isinstance(value, Mapping):
        for k, v in value.items():
            yield from _texts(v, k)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _names(value: Any, rows: frozenset[str]) -> Iterator[str]:
    """Every value or list a block uses; `{reported.name}` inside `each` counts as `reported`."""
    if isinstance(value, Mapping):
        inner = rows | {value["each"]} if "each" in value else rows
        yield from (value[k] for k in _CONTROL if k in value)
        for k, v in value.items():
            if k not in ("kind", *_CONTROL):
                yield from _names(v, inner)
    elif isinstance(value, list):
        for part in value:
            yield from _names(part, rows)
    elif isinstance(value, str):
        for _, name, spec, conversion in string.Formatter().parse(value):
            if name is None:
                continue
            if spec or conversion or not name.replace(".", "_").isidentifier():
                raise ValueError(f"{{{name}}} is no plain placeholder")
            group = name.partition(".")[0]
            yield group if group in rows else name
