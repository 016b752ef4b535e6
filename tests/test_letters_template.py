"""Templates: strict placeholders, control keys, form codes, who may read what."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko_app.errors import InvalidInput
from posko_app.letters import samples
from posko_app.letters.blocks import (
    FormFields,
    FormMark,
    Listing,
    Paragraph,
    Signatures,
    as_text,
    plain,
)
from posko_app.letters.catalogue import Value, load_catalogue
from posko_app.letters.template import Template, load_template, load_templates, template_named
from posko_app.paths import resource
from posko_app.rules.book import load_rules
from posko_app.text import clean

from .golden import assert_golden

TEMPLATES = load_templates()
BOOK = load_rules(resource("rules"))
LAWS = {law.regime: law for law in BOOK.regulations.values()}
SHIPPED = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))

HEAD = 'title = "Uji"\ngroup = "Surat"\naudience = "{audience}"\n'


def written(tmp_path: Path, body: str, audience: str = "office", extra: str = "") -> Template:
    """A template file with this body, loaded."""
    path = tmp_path / "uji.toml"
    path.write_text(HEAD.format(audience=audience) + extra + body, "utf-8")
    return load_template(path)


def paragraph(text: str, more: str = "") -> str:
    return f"[[block]]\nkind = 'paragraph'\ntext = '{text}'\n{more}\n"


@SHIPPED
@pytest.mark.parametrize("regime", ["pilkada", "pemilu"])
def test_golden_text(template: Template, regime: str) -> None:
    values = dict(samples.typical())
    for name in template.preset(regime):
        values.pop(name, None)  # the template's own wording is what is kept
    text = as_text(template.fill(values, LAWS[regime]))
    assert_golden(f"letters/{template.name}-{regime}.txt", text)


@SHIPPED
def test_shortest_has_all_that_is_needed(template: Template) -> None:
    assert template.fill(samples.shortest(template), LAWS["pilkada"])


@SHIPPED
def test_missing_values_are_named_all_at_once(template: Template) -> None:
    with pytest.raises(InvalidInput) as caught:
        template.fill({}, LAWS["pemilu"])
    preset = template.preset("pemilu")
    named = {p.field for p in caught.value.problems}
    assert named == {n for n in template.needs if n not in preset}
    assert template.title in caught.value.message


@SHIPPED
def test_letters_for_outsiders_never_name_reporter_or_witness(template: Template) -> None:
    if template.audience != "outside":
        return
    catalogue = load_catalogue()
    secret = {"RAHASIA-" + name: name for name, v in catalogue.values.items() if v.private}
    values: dict[str, Value] = dict(samples.typical())
    values |= {name: word for word, name in secret.items()}
    for name, rows in catalogue.rows.items():
        if rows.private:
            values[name] = (dict.fromkeys(rows.fields, f"RAHASIA-{name}"),)
    text = as_text(template.fill(values, LAWS["pilkada"]))
    assert "RAHASIA" not in text


def test_a_template_for_outsiders_with_a_private_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"uji\.toml.*reporter\.name"):
        written(tmp_path, paragraph("{reporter.name}"), audience="outside")
    assert written(tmp_path, paragraph("{reporter.name}"), audience="reporter")
    rows = "[[block]]\nkind = 'list'\nitems = [{each = 'witnesses', text = '{witnesses.name}'}]"
    with pytest.raises(ValueError, match="witnesses"):
        written(tmp_path, rows, audience="outside")


@pytest.mark.parametrize(
    "text",
    [
        "{case.__class__}",
        "{case}",
        "{}",
        "{0}",
        "{case.number!r}",
        "{case.number:>9}",
        "{reported}",
    ],
)
def test_no_other_placeholder_is_accepted(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"uji\.toml"):
        written(tmp_path, paragraph(text))


@pytest.mark.parametrize(
    "body",
    [
        "[[block]]\nkind = 'parafgraf'\ntext = 'x'",
        "[[block]]\nkind = 'paragraph'\ntekst = 'x'",
        "[[block]]\nkind = 'paragraph'",
        "[[block]]\nkind = 'paragraph'\ntext = 7",
        "[[block]]\nkind = 'list'\nitems = 'x'",
        "[[block]]\nkind = 'list'\neach = 'case.number'\nitems = []",
        "[[block]]\nkind = 'paragraph'\nwhen = 'case.colour'\ntext = 'x'",
        paragraph("<b>x"),
        paragraph("<font>x</font>"),
        paragraph("x", "unknown = 1"),
    ],
)
def test_mistakes_are_found_at_load_and_name_the_file(tmp_path: Path, body: str) -> None:
    with pytest.raises(ValueError, match=r"uji\.toml"):
        written(tmp_path, body)


@pytest.mark.parametrize(
    "extra",
    ["audienc = 'x'\n", "page = 'A3'\n", "needs = ['x']\n", "number = {series = 'x'}\n"],
)
def test_wrong_settings_are_refused(tmp_path: Path, extra: str) -> None:
    with pytest.raises(ValueError, match=r"uji\.toml"):
        written(tmp_path, paragraph("x"), extra=extra)


def test_each_when_and_unless(tmp_path: Path) -> None:
    template = written(
        tmp_path,
        """
[[block]]
kind = "form_fields"
each = "reported"
title = "{reported.no} dari {case.number}"
rows = [
    { label = "Nama", value = "{reported.name}" },
    { when = "plenary.on", label = "Pleno", value = "{plenary.on}" },
    { unless = "plenary.on", label = "Pleno", value = "belum" },
]
[[block]]
kind = "list"
items = ["tetap", { each = "witnesses", text = "{witnesses.name}" }]
""",
    )
    made = template.fill(
        {"case.number": "1", "reported": [{"no": "1", "name": "A"}, {"no": "2", "name": "B"}]},
        LAWS["pilkada"],
    )
    first, second, items = made
    assert isinstance(first, FormFields)
    assert isinstance(second, FormFields)
    assert isinstance(items, Listing)
    assert (first.title, second.title) == ("1 dari 1", "2 dari 1")
    assert [r.value for r in first.rows] == ["A", "belum"]
    assert items.items == ("tetap",)


def test_an_unknown_value_is_a_bug_not_silence() -> None:
    with pytest.raises(KeyError, match=r"case\.colour"):
        template_named("laporan").fill({"case.colour": "x"}, LAWS["pilkada"])
    with pytest.raises(KeyError, match=r"reported\.colour"):
        template_named("laporan").fill({"reported": [{"colour": "x"}]}, LAWS["pilkada"])


def form_line(template: str, regime: str, confirmed: dict[str, str] | None = None) -> str:
    values = samples.typical()
    blocks = template_named(template).fill(values, LAWS[regime], confirmed=confirmed)
    return "".join(b.text for b in blocks if isinstance(b, FormMark))


def test_only_certain_or_confirmed_form_codes_are_printed() -> None:
    assert form_line("laporan", "pilkada") == "Formulir Model A.1"
    assert form_line("laporan", "pemilu") == "Formulir Model B.1"
    assert form_line("tanda-bukti", "pilkada") == ""
    assert form_line("tanda-bukti", "pemilu") == ""
    assert form_line("tanda-bukti", "pilkada", {"tanda-bukti": "A.3"}) == "Formulir Model A.3"
    assert form_line("penerusan-hukum-lainnya", "pilkada") == ""
    assert form_line("penerusan-hukum-lainnya", "pemilu") == ""


def test_every_form_exists_in_a_regulation() -> None:
    for template in TEMPLATES.values():
        if template.form:
            assert any(law.form_for(template.form) for law in LAWS.values()), template.name


def test_our_own_codes_never_appear() -> None:
    for template in TEMPLATES.values():
        for regime in ("pilkada", "pemilu"):
            text = as_text(template.fill(samples.typical(), LAWS[regime]))
            assert not re.search(r"\b(KE|DS)-\d", text)
            assert not re.search(r"sanksi|berat|sedang|ringan", text, re.IGNORECASE)


def test_an_unknown_template_lists_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="laporan"):
        template_named("lapran")


def test_asked_values_are_those_the_template_uses() -> None:
    asked = template_named("imbauan").asked(load_catalogue())
    assert {"letter.addressee", "appeals", "basis", "signer.name"} <= set(asked)
    assert "letter.summary" not in asked
    assert template_named("laporan").asked(load_catalogue()) == ()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_value_comes_out_as_the_text_it_is(value: str) -> None:
    blocks = template_named("laporan").fill(
        {**samples.typical(), "case.narrative": "", "reporter.name": f"x{value}x"},
        LAWS["pilkada"],
    )
    signatures = next(b for b in blocks if isinstance(b, Signatures))
    assert plain(signatures.signers[0].name) == clean(f"x{value}x")


def test_braces_in_values_are_never_read_again() -> None:
    blocks = template_named("laporan").fill(
        {**samples.typical(), "case.event": "{reporter.name} {{ }"}, LAWS["pilkada"]
    )
    assert "{reporter.name} {{ }" in as_text(blocks)


def test_the_catalogue_is_complete_and_labelled() -> None:
    catalogue = load_catalogue()
    used = set().union(*(t.placeholders() for t in TEMPLATES.values()))
    for name in used:
        assert catalogue.label(name)
    for entry in catalogue.values.values():
        assert set(entry.name) <= set(string.ascii_lowercase + "._")
        assert entry.label[0].isupper()
    assert all(len(b.text) for b in [Paragraph(text=catalogue.label(n)) for n in used])
