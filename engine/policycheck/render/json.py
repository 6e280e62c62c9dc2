"""The report as JSON, for machines."""

from __future__ import annotations

import json

from policycheck.report import Report


def render(report: Report) -> str:
    """The report as JSON text; the same report gives the same bytes."""
    return json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n"
