"""An explanation for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from policycheck.explanation import Explanation
from policycheck.render import words

_STATES = {"fired": "applies", "undetermined": "could not be decided", "not-fired": "does not apply"}


def render(explanation: Explanation) -> str:
    """The explanation as text."""
    return "\n".join(part for line in _lines(explanation) for part in _folded(line)) + "\n"


def _folded(line: str) -> list[str]:
    """A line in parts of at most 80 columns; what is meant to be copied stays whole."""
    if "--set " in line:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    deeper = f"{indent}    " if indent else ""
    return textwrap.wrap(line, 80, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False) or [""]


def _lines(explanation: Explanation) -> Iterator[str]:
    verdict = explanation.verdict
    yield words.heading(verdict)
    yield ""
    for state, said in _STATES.items():
        chosen = [rule for rule in explanation.rules if rule["state"] == state]
        if not chosen:
            continue
        if state == "not-fired":
            yield f"{len(chosen)} other rules do not apply: {', '.join(dict.fromkeys(r['rule'] for r in chosen))}."
            yield ""
            continue
        for rule in chosen:
            yield f"{rule['rule']} {said}" + (f" ({rule['license']})" if rule["license"] else "")
            for read in rule["reads"]:
                value = "not known" if read["value"] is None else words.clean(str(read["value"]))
                origin = f"  [{words.clean(read['from'])}]" if read["from"] else ""
                yield f"    {read['fact']}: {value}{origin}"
            yield ""
    for finding in verdict.findings:
        if finding.defeated_by and finding.original_outcome is not None:
            yield f"{finding.rule} would be {finding.original_outcome.name}; {finding.defeated_by} takes it away."
    if explanation.changes:
        yield "What would change the verdict (each was tried):"
        for change in explanation.changes:
            each = change["set"][0]
            was = "left out" if each["from"] is None else each["from"]
            yield f"    {change['verdict']}: --set {each['key']}={each['to']}  (now {words.clean(str(was))})"
    else:
        yield "No change of a single key that was tried alters the verdict."
