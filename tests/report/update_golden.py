"""Rewrites the whole reports on the examples; read the difference by eye before you commit it."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "engine"), str(ROOT / "cli")]

from policycheck import shipped  # noqa: E402  (the sources need not be installed)
from policycheck.documents import read_file  # noqa: E402
from policycheck.evaluate import evaluate  # noqa: E402
from policycheck.policy import read_policy  # noqa: E402
from policycheck.render import json as as_json  # noqa: E402
from policycheck.render import markdown, text  # noqa: E402
from policycheck.report import Report  # noqa: E402

GOLDEN = ROOT / "fixtures" / "golden"
# The examples that ship, and the worked policies of situations that a license text tells apart.
FOLDERS = ("policies/examples", "fixtures/policies")
EXAMPLES = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.yaml"))]
TODAY = date(2026, 11, 25)
# What changes with any file of the catalog, a release or the engine that is installed, and is no matter of the report.
_UNSTABLE = ("version", "engine", "sha256")


def judged(path: Path) -> Report:
    """The report on an example, on the day that is fixed here."""
    document = read_file(path, shown=path.relative_to(ROOT).as_posix())
    catalog = shipped.catalog()
    return evaluate(read_policy(document, catalog, TODAY), catalog, today=TODAY)


def reports(path: Path) -> dict[str, str]:
    """The reports on an example by the ending of their file, with placeholders for what is unstable."""
    report = judged(path)
    return {
        "txt": text.render(report, every=True),
        "md": markdown.render(report),
        "json": placeheld(as_json.render(report)),
    }


def placeheld(rendered: str) -> str:
    """A JSON report with placeholders in `tool`, `policy` and `catalog`; every other byte stays."""
    data = json.loads(rendered)
    for part in ("tool", "policy", "catalog"):
        for key in _UNSTABLE:
            if key in data[part]:
                line = re.escape(f'"{key}": {json.dumps(data[part][key])}')
                rendered = re.sub(f'("{part}": {{[^}}]*?){line}', rf'\1"{key}": "({part} {key})"', rendered, count=1)
    return rendered


def main() -> None:
    """Rewrite every golden file, and name those that changed."""
    GOLDEN.mkdir(exist_ok=True)
    wanted = set()
    for path in EXAMPLES:
        for ending, rendered in reports(path).items():
            golden = GOLDEN / f"{path.stem}.{ending}"
            wanted.add(golden)
            if not golden.exists() or golden.read_bytes() != rendered.encode("utf-8"):
                golden.write_bytes(rendered.encode("utf-8"))
                print(f"wrote {golden.relative_to(ROOT)}")
    for old in sorted(set(GOLDEN.iterdir()) - wanted):
        print(f"{old.relative_to(ROOT)} belongs to no example")


if __name__ == "__main__":
    main()
