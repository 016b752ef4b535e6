"""Loads everything letters are made of and renders each template once."""

from __future__ import annotations

from collections.abc import Iterator

from posko_app.paths import resource
from posko_app.rules.book import load_rules

from . import samples
from .catalogue import load_catalogue
from .template import Template, load_templates


def check_resources() -> Iterator[str]:
    """What is wrong with the shipped letters, one sentence each; nothing when all is well."""
    from .pdf import About, PageSetup, render

    try:
        load_catalogue()
        templates = load_templates()
        laws = load_rules(resource("rules")).regulations.values()
    except (OSError, ValueError) as error:
        yield str(error)
        return
    for template in templates.values():
        yield from _form_problems(template, {f.use for law in laws for f in law.forms.values()})
        for law in laws:
            for values in (samples.shortest(template), samples.typical()):
                blocks = template.fill(values, law)
                for paper in ("F4", "A4"):
                    render(blocks, PageSetup(paper=paper), About(title=template.title))


def _form_problems(template: Template, uses: set[str]) -> Iterator[str]:
    if template.form and template.form not in uses:
        yield f"{template.name}.toml: no regulation has a form for {template.form!r}"
