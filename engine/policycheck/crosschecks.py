"""What a JSON Schema can't say about a policy: keys against each other, against the rules and the day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from policycheck import currencies, figures, licenses_named, licensors
from policycheck.advice import shown
from policycheck.catalog import Catalog
from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.parts import uses_of
from policycheck.rules import Rule
from policycheck.vocabulary import suggestion


def check(
    document: Document, catalog: Catalog, rules: Sequence[Rule], today: date, aside: Collection[Where] = ()
) -> Iterator[Problem]:
    """Problems of a policy; what its schema refuses (`aside`) has been taken out, so that every key may be missing.

    Nothing is said that only follows from a part which was taken out.
    """
    data = document.data
    if "use" in data and "uses" in data:
        yield document.problem(("use",), "write `use:` for one use or `uses:` for several, not both", key=True)
    names = [] if _nameless(aside) else _entities(data)
    uses = None if ("uses",) in aside else {*data.get("uses", {"default": 0}), *_names_of_uses(aside)}
    yield from _affiliates(document, ("organisation",), data.get("organisation", {}), today)
    yield from figures.check(document, today)
    yield from currencies.check(document, catalog.vocabulary)
    yield from licensors.check(document, catalog)
    yield from licenses_named.check(document, catalog)
    for where, use in uses_of(data):
        yield from _use(document, where, use, names, today)
        if not any(part[: len(where)] == where and {"serves_users_in", "outputs"} & {*part} for part in aside):
            yield from _not_served(document, where, use)
    yield from _models(document, catalog, today)
    yield from _answers(document, {rule.id: rule for rule in rules}, uses, today, aside)
    yield from _agreements(document, uses)


def _entities(data: Any) -> list[str]:
    organisation = data.get("organisation", {})
    names = [each.get("name") for each in (organisation, *organisation.get("affiliates", ()))]
    return [name for name in names if name is not None]


def _nameless(aside: Collection[Where]) -> bool:
    """Whether the name of the organisation, or of an affiliate, is among what was taken out."""
    return any(
        part[0] == "organisation"
        and (len(part) == 1 or part[-1] in ("name", "affiliates") or isinstance(part[-1], int))
        for part in aside
    )


def _names_of_uses(aside: Collection[Where]) -> set[str]:
    return {str(part[1]) for part in aside if part[0] == "uses" and len(part) == 2}


def _affiliates(document: Document, where: Where, organisation: Any, today: date) -> Iterator[Problem]:
    seen = {organisation.get("name")}
    for index, affiliate in enumerate(organisation.get("affiliates", ())):
        inner: Where = (*where, "affiliates", index)
        name = affiliate.get("name")
        if name is not None and name in seen:
            yield document.problem((*inner, "name"), f"`{name}` stands here a second time")
        seen.add(name)
        since, until = affiliate.get("since"), affiliate.get("until")
        if since and until and until < since:
            yield document.problem((*inner, "until"), f"`until` ({until}) lies before `since` ({since})")


def _use(document: Document, where: Where, use: Any, names: list[str], today: date) -> Iterator[Problem]:
    def problem(key: str, message: str, meant: str | None = None, *, on_key: bool = False) -> Problem:
        return document.problem((*where, key), message, suggestion=meant, key=on_key)

    deployment = use.get("deployment")
    distribution = use.get("distribution", [])
    acts = [distribution] if isinstance(distribution, str) else distribution
    if "licensee" in use and names and use["licensee"] not in names:
        listed = ", ".join(f"`{shown(name)}`" for name in names)
        yield problem(
            "licensee",
            f"`{shown(use['licensee'])}` is neither the organisation nor one of its affiliates ({listed})",
            suggestion(use["licensee"], names),
        )
    if "provider" in use and deployment in ("self-hosted", "on-device"):
        yield problem(
            "provider", f"`provider` belongs to hosted-api and third-party-product, not to {deployment}", on_key=True
        )
    if deployment == "on-device" and {"service", "model-api"} & set(acts) and not {"product", "weights"} & set(acts):
        message = "on a device others get a copy of the weights; write `distribution: product`"
        yield problem("distribution", message, "product")
    if "client" in use:
        if use["client"].get("name") in names[:1]:
            message = "the organisation can't be its own client; leave `client` out, or name who it is run for"
            yield document.problem((*where, "client", "name"), message)
        yield from _affiliates(document, (*where, "client"), use["client"], today)


def _not_served(document: Document, where: Where, use: Any) -> Iterator[Problem]:
    # Outputs that are public, or may be, are shown everywhere but where they are fenced off.
    everywhere = "worldwide" in use.get("serves_users_in", ()) or use.get("outputs", "public") == "public"
    if "not_served" in use and not everywhere:
        message = "`not_served` belongs to `serves_users_in: [worldwide]` and to `outputs: public`"
        yield document.problem((*where, "not_served"), message, key=True)


def _models(document: Document, catalog: Catalog, today: date) -> Iterator[Problem]:
    for index, entry in enumerate(document.data.get("models", ())):
        if not isinstance(entry, dict):
            continue
        where: Where = ("models", index)
        if entry.get("obtained_on", "") > today.isoformat():
            yield document.problem((*where, "obtained_on"), f"{entry['obtained_on']} lies after today ({today})")
        for number, base in enumerate(entry.get("based_on", ())):
            if base.get("model", "") == entry.get("id"):
                yield document.problem((*where, "based_on", number, "model"), "a model can't be based on itself")


# The section of answers, the key of the day it was given on, and what may be answered so.
_DAYS = {"fulfilled": "done_on", "determinations": "on", "waivers": "approved_on"}
_ENDS = {"fulfilled": "valid_until", "determinations": "review_by", "waivers": "expires"}


def _answers(
    document: Document, rules: dict[str, Rule], uses: set[str] | None, today: date, aside: Collection[Where]
) -> Iterator[Problem]:
    longest = document.data.get("settings", {}).get("waiver_longest", "1 year")
    lengths = not {("settings",), ("settings", "waiver_longest")} & {*aside}
    for section, day in _DAYS.items():
        for index, entry in enumerate(document.data.get(section, ())):
            where: Where = (section, index)
            refused = {part[2] for part in aside if part[:2] == where and len(part) > 2}
            if entry and not {"model", "models", "license"} & {*entry, *refused}:
                yield document.problem(where, "name a `model`, `models` or a `license` that is meant")
            start, end = entry.get(day, ""), entry.get(_ENDS[section])
            if start > today.isoformat():
                yield document.problem((*where, day), f"`{day}` ({start}) lies after today ({today})")
            if end and end < start:
                yield document.problem((*where, _ENDS[section]), f"this day ({end}) lies before `{day}` ({start})")
            yield from _uses_named(document, where, entry, uses)
            yield from _kind(document, where, section, entry, rules)
            if section == "waivers" and start and end and lengths:
                yield from _length(document, where, entry, longest)


def _length(document: Document, where: Where, entry: Any, longest: str) -> Iterator[Problem]:
    start, end = date.fromisoformat(entry["approved_on"]), date.fromisoformat(entry["expires"])
    if end > _after(start, longest):
        message = f"this waiver runs from {start} to {end}; the longest is {longest} (settings.waiver_longest)"
        yield document.problem((*where, "expires"), message)


def _after(start: date, longest: str) -> date:
    """The day that lies a length of time after another: a year ends on the same day of the calendar."""
    from calendar import isleap

    from policycheck.policy import span

    number, unit = longest.split()
    if not unit.startswith("year"):
        return start + span(longest)
    year = min(start.year + int(number), date.max.year)
    leap = (start.month, start.day) == (2, 29) and not isleap(year)
    return date(year, 3, 1) if leap else start.replace(year=year)


def _kind(document: Document, where: Where, section: str, entry: Any, rules: dict[str, Rule]) -> Iterator[Problem]:
    key = "question" if section == "determinations" else "rule"
    rule = rules.get(entry.get(key))
    if rule is None:
        return
    if section == "fulfilled" and rule.kind not in ("duty", "review"):
        way = {"question": "a determination answers it", "missing-fact": "write the fact"}.get(
            rule.kind,
            "only the licensor can permit it, by an agreement" if rule.basis != "house" else "a waiver may lift it",
        )
        yield document.problem(
            (*where, key), f"`{rule.id}` makes a finding of kind {rule.kind}, which can't be fulfilled; {way}"
        )
    if section == "determinations" and rule.kind != "question":
        yield document.problem((*where, key), f"`{rule.id}` asks no question; it makes a finding of kind {rule.kind}")


def _uses_named(document: Document, where: Where, entry: Any, uses: set[str] | None) -> Iterator[Problem]:
    """Names of uses that there are not; nothing is known of them where `uses` is None."""
    named: list[tuple[Where, Any]] = [(("use",), entry["use"])] if "use" in entry else []
    named += [(("uses", index), name) for index, name in enumerate(entry.get("uses", ()))]
    for part, name in named:
        if uses is not None and name and name not in uses:
            meant = suggestion(name, uses)
            end = f"did you mean `{meant}`?" if meant else f"there are {', '.join(f'`{use}`' for use in sorted(uses))}"
            message = f"no use is called `{shown(name)}`; {end}"
            yield document.problem((*where, *part), message, suggestion=meant)


def _agreements(document: Document, uses: set[str] | None) -> Iterator[Problem]:
    for index, entry in enumerate(document.data.get("agreements", ())):
        where: Where = ("agreements", index)
        start, end = entry.get("from"), entry.get("expires", "never")
        if start and end != "never" and end < start:
            yield document.problem((*where, "expires"), f"`expires` ({end}) lies before `from` ({start})")
        yield from _uses_named(document, where, entry, uses)
