"""The report as JSON, for machines."""

from __future__ import annotations

import json
from typing import Any

from policycheck.report import Report


def render(report: Report) -> str:
    """The report as JSON text; the same report gives the same bytes."""
    return written(report.as_json())


def written(whole: dict[str, Any]) -> str:
    """A report's data as JSON text."""
    verdicts = whole["verdicts"]
    # A verdict a line: a million of them stay quick to write, and a diff shows which one changed.
    whole["verdicts"] = []
    frame = json.dumps(whole, ensure_ascii=False, indent=2)
    lines = ",\n".join("    " + json.dumps(verdict, ensure_ascii=False) for verdict in verdicts)
    whole_text = frame.replace('"verdicts": []', f'"verdicts": [\n{lines}\n  ]' if lines else '"verdicts": []', 1)
    return inert(whole_text) + "\n"


def inert(text: str) -> str:
    """The same JSON without the command `##[` to the runner of a pipeline; no line of it begins with `::`."""
    return text.replace("##", "#\\u0023")
