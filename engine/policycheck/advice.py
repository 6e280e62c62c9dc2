"""What to write instead of a value that is refused, and how such a value is shown."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from policycheck.documents import printable

_SUM = re.compile(r"\s*[€$£]?\s*(-?[0-9].*?)\s*(?:\s([A-Z]{3})|[€$£])?\s*")
_SCALED = re.compile(
    r"([0-9]+)[.,]?([0-9]*)\s*(k|m|b|bn|mln|mio\.?|mrd\.?|mill?ions?|billions?|thousand|milliarden?|millionen)", re.I
)

_AMOUNT = re.compile(r"[0-9][0-9_.,' ]*\s*([kmbt]|bn|mln|mio\.?|mrd\.?|mill?ions?|billions?|thousand)?", re.I)
_CURRENCY_FIRST = re.compile(r"([A-Z]{3})\s*([0-9][0-9_]*(?:\.[0-9]+)?[KMB]?)")
_UNITS = "d|days?|tage?n?|w|weeks?|wochen?|m|months?|monate?n?|y|yrs?|years?|jahre?n?"
_SPAN = re.compile(rf"([1-9][0-9]{{0,3}})\s*({_UNITS})", re.I)
_SHARE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*(%|percent|per cent|pct|Prozent)?", re.I)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai", "okt", "dez"]
_ELSEWHERE = {13: 5, 14: 10, 15: 12}
COUNTRY: Final = "a country by its two capital letters (ISO 3166-1), as `DE`"
PLACE: Final = f"{COUNTRY}, or a group, as `EU`"


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar, written 2027-03-31."""
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False


def shown(value: Any) -> str:
    """A value of the user's as it may stand in a message: short, one line, nothing that moves the cursor."""
    text = printable(json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else str(value))
    return text if len(text) <= 60 else text[:57] + "…"


def odd_characters(text: str) -> str:
    """A remark on characters outside ASCII in a word that should have none, as a Cyrillic letter that looks Latin."""
    odd = list(dict.fromkeys(char for char in text if not char.isascii()))
    named = ", ".join(f"{unicodedata.name(char, 'unnamed')} (U+{ord(char):04X})" for char in odd[:3])
    return f" (it holds {named})" if odd else ""


def hint(value: Any, *, money: bool = False) -> str:
    """A remark on a number (a sum where `money`) written in a way that can be read in two ways, or not at all."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    if money and (first := _CURRENCY_FIRST.fullmatch(str(value).strip())):
        return f"write `{first[2]} {first[1]}`"
    found = _SUM.fullmatch(str(value)) if money else None
    text, currency = (found[1], found[2] or "") if found else (str(value).strip(), "")
    lacks = "name the currency by its three letters" if money and not currency and _AMOUNT.fullmatch(text) else ""
    end = f" {currency}" if currency else ""
    if text.startswith("-"):
        return f"{'a sum' if money else 'a count'} can't be negative"
    if re.fullmatch(r"[0-9]{1,3}([.,' ][0-9]{3})+", text):
        digits = int(re.sub(r"\D", "", text))
        return f"{'it can be read in two ways; ' if len(text) < 8 else ''}write `{digits:_}{end}`"
    if text == str(value).strip() != str(value) and re.fullmatch(r"[1-9][0-9_]*(\.[0-9]+)?[KMB]?", text):
        return f"write `{text}` alone"
    if exponent := re.fullmatch(r"([1-9][0-9]?)[eE]\+?([0-9]{1,2})", text):
        return f"write `{int(exponent[1]) * 10 ** int(exponent[2]):_}{end}`"
    if scaled := _SCALED.fullmatch(text):
        unit = scaled[3].lower()
        letter = "B" if unit.startswith(("b", "mrd", "milliard")) else "K" if unit[0] in "kt" else "M"
        number = scaled[1] + (f".{scaled[2]}" if scaled[2] else "")
        if f"{number}{letter}" != text:
            return f"write `{number}{letter}{end}`"
    return lacks


def date_hint(value: Any) -> str:
    """A remark on a day written in another order, or one that the calendar lacks."""
    text = str(value).strip()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return "" if is_day(text) else "the calendar has no such day"
    year_first = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text)
    day_first = re.fullmatch(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})", text)
    parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else None
    meant = f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}" if parts else ""
    return f"write `{meant}`" if is_day(meant) else ""


def month_hint(value: Any) -> str:
    """A remark on a month written in another order, in words, or as one of its days."""
    text = str(value).strip()
    if is_day(text):
        return f"write `{text[:7]}`"
    year_first = re.fullmatch(r"([0-9]{4})[-/. ]([0-9]{1,2})", text)
    year_last = re.fullmatch(r"([0-9]{1,2}|[A-Za-z]{3,9})\.?[-/. ]+([0-9]{4})", text)
    year, month = year_first.groups() if year_first else year_last.groups()[::-1] if year_last else ("", "")
    number = int(month) if month.isdigit() else [*_MONTHS, month[:3].lower()].index(month[:3].lower()) + 1
    number = number if month.isdigit() else _ELSEWHERE.get(number, number)
    return f"write `{year}-{number:02}`" if 1 <= number <= 12 else ""


def share_hint(value: Any) -> str:
    """A remark on a share without its sign, as a fraction, or with a word for it."""
    found = _SHARE.fullmatch(str(value).strip())
    if isinstance(value, bool | list | dict) or found is None:
        return ""
    number = found[1].replace(",", ".")
    share = float(number) * (100 if "." in number and float(number) <= 1 and not found[2] else 1)
    return f"write `{share:g}%`" if 0 <= share <= 100 else ""


def span_hint(value: Any) -> str:
    """A remark on a length of time without its unit, or with another word for it."""
    text = str(value).strip()
    if text.isdigit() and int(text):
        return f"say of what, as `{int(text)} days`"
    if not (found := _SPAN.fullmatch(text)):
        return ""
    number, unit = int(found[1]), found[2][0].lower().replace("t", "d").replace("j", "y")
    number, unit = (number * 7, "d") if unit == "w" else (number, unit)
    return f"write `{number} {({'d': 'day', 'm': 'month', 'y': 'year'})[unit]}{'s' if number != 1 else ''}`"


def currency_hint(value: Any, currencies: Mapping[str, str]) -> str:
    """A remark on a currency in small letters, by its name or by its sign."""
    text = str(value).strip()
    names = {name.casefold(): code for code, name in currencies.items()} | {"dollar": "USD", "€": "EUR", "£": "GBP"}
    code = text.upper() if text.upper() in currencies else names.get(text.casefold().removesuffix("s"))
    return f"write `{code}`" if code else ""


def rate_hint(value: Any) -> str:
    """A remark on a rate with a comma."""
    text = str(value).strip()
    return f"write `{text.replace(',', '.')}`" if re.fullmatch("[0-9]+,[0-9]+", text) else ""


def advice(wanted: Any, value: Any) -> str:
    """How to write `value` where it has merely the wrong type."""
    text = shown(value)
    if wanted == "array" and isinstance(value, str | int):
        return f"write `[{text}]`"
    if wanted == "array" and isinstance(value, dict):
        return "begin each item with `- `"
    if wanted == "string" and isinstance(value, int):
        return f'write `"{text}"`, in quotes'
    if wanted == "boolean" and isinstance(value, str):
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.lower(), value.lower())
        quotes = ", without quotes" if meant == value else ""
        known = meant in ("true", "false")
        return f"write `{meant}`{quotes}" if known else "leave the key out where it is not known"
    if isinstance(wanted, int) and isinstance(value, str) and re.fullmatch(rf"{wanted}\.0*", value):
        return f"write `{wanted}`"
    plain = (wanted == "integer" or isinstance(wanted, int)) and isinstance(value, str) and value.isdigit()
    return "write it without quotes" if plain else ""
