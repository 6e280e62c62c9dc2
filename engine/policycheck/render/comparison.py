"""What a change does, for a terminal."""

from __future__ import annotations

from policycheck.comparison import Comparison, Shift, Why
from policycheck.render.page import Page
from policycheck.strictness import Relation, Witness

_DIRECTIONS = {"stricter": "block", "milder": "allow", "reasons": "conditional"}
_RELATIONS = {
    "equivalent": "The rules as such are equivalent: no case that the vocabulary can describe tells them apart.",
    "stricter": "The rules as such became stricter: on no case milder, and stricter on this one:",
    "milder": "The rules as such became milder: on no case stricter, and milder on this one:",
    "incomparable": "The rules as such are incomparable: stricter on one case, milder on another:",
    "not-compared": "The rules as such are not compared: one is an exception to an exception.",
}


def render(
    comparison: Comparison,
    rules: Relation | None = None,
    *,
    verdicts: bool = True,
    colour: bool = False,
    width: int = 80,
) -> str:
    """The comparison as text of at most `width` columns."""
    page = Page(width, colour=colour)
    if verdicts:
        page.put(_summary(comparison), style="bold")
        for shift in comparison.shifts:
            page.put()
            _shift(page, shift)
    if rules is not None:
        if verdicts:
            page.put()
        _relation(page, rules)
    return page.text()


def _summary(comparison: Comparison) -> str:
    counts = comparison.summary
    if not comparison.shifts and not counts["same"]:
        return "Nothing was judged: no model is named. This is no approval."
    if not comparison.shifts:
        return f"No verdict differs; {counts['same']} {'is' if counts['same'] == 1 else 'are'} the same."
    return (
        f"{len(comparison.shifts)} of {len(comparison.shifts) + counts['same']} verdicts differ: "
        f"{counts['milder']} milder, {counts['stricter']} stricter, {counts['reasons']} for other reasons."
    )


def _shift(page: Page, shift: Shift) -> None:
    before, after = (word or "not judged" for word in (shift.before, shift.after))
    change = f"{before} → {after}" if before != after else f"still {after}, for other reasons"
    label = shift.direction.upper() if shift.direction != "reasons" else "REASONS"
    page.put(f"{shift.model} for {shift.use}: {change}", style=_DIRECTIONS[shift.direction], label=f"{label}:")
    for said, rules in (
        ("no longer in the way", shift.rules_removed),
        ("now in the way", shift.rules_added),
        ("changed", shift.rules_changed),
    ):
        if rules:
            page.put(f"{said}: {', '.join(rules)}", by=2)
    for why in shift.why:
        page.put(f"because {_why(why)}", by=2)


def _why(why: Why) -> str:
    if why.before is None:
        return f"{why.what} is new: {why.after}"
    if why.after is None:
        return f"{why.what} is gone (it was: {why.before})"
    return f"{why.what} was {why.before}, and is {why.after}"


def _relation(page: Page, rules: Relation) -> None:
    page.put(_RELATIONS[rules.word], style="bold")
    for witness in (rules.stricter, rules.milder):
        if witness is not None:
            _witness(page, witness)


def _witness(page: Page, witness: Witness) -> None:
    page.put(f"{witness.before} → {witness.after}, where", by=2)
    for fact, value in witness.facts.items():
        page.put(f"{fact}: {value}", by=4)
    if witness.rest:
        page.put("and no other rule stands in the way (the facts for that: --format json)", by=4)
    if not witness.facts and not witness.rest:
        page.put("nothing in particular is so", by=4)
