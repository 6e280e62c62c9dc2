"""What the catalog holds, as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from policycheck_cli.quoting import said

if TYPE_CHECKING:
    from policycheck.render.page import Page

_SAID = ("fact", "value", "document", "section", "heading", "summary", "evidence", "source", "sha256", "quote")


def print_rows(rows: list[dict[str, Any]]) -> None:
    """Rows under heads, in columns."""
    page = _page()
    cells = [["unknown" if value is None else str(value) for value in row.values()] for row in rows]
    if rows:
        page.table(list(rows[0]), cells)
    click.echo(page.text(), nl=False)


def print_entry(data: dict[str, Any]) -> None:
    """A license with its facts, a publisher with its models, a model or a host."""
    page = _page()
    for key, value in data.items():
        if key not in ("facts", "models") and value not in (None, [], {}):
            page.put(f"{key}: {_shown(value)}")
    if models := data.get("models"):
        page.put()
        page.table(["model", "license"], [[each["model"], each["license"] or "unknown"] for each in models])
    for fact in data.get("facts", ()):
        head = f" “{fact['heading']}”" if fact["heading"] else ""
        page.put()
        page.put(f"{fact['fact']}: {_shown(fact['value'])} [{fact['evidence']}]")
        page.put(f"{fact['document']}, section {fact['section']}{head}", by=4)
        more = {key: value for key, value in fact.items() if key not in _SAID}
        if more:
            page.put("; ".join(_shown({key: value}) for key, value in more.items()), by=4)
        page.put(fact["summary"], by=4)
        if "quote" in fact:
            page.put(said(fact["quote"]), by=4)
    click.echo(page.text(), nl=False)


def _shown(value: Any) -> str:
    """A value in words: a list with commas, a mapping with its keys before their values."""
    if isinstance(value, dict):
        if value.keys() == {"amount", "currency"}:
            return f"{value['amount']} {value['currency']}"
        mark = "; " if any(isinstance(each, list | dict) for each in value.values()) else ", "
        return mark.join(f"{key.replace('_', ' ')} {_shown(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ("; " if any(isinstance(each, dict) for each in value) else ", ").join(map(_shown, value)) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _page() -> Page:
    """As wide as the terminal, 80 columns where there is none."""
    import shutil

    from policycheck.render.page import Page

    return Page(min(shutil.get_terminal_size((80, 24)).columns, 120), colour=False)
