"""What ScanCode takes a text for: supporting evidence, never identity. Installed by the extra `detect`."""

from __future__ import annotations

import importlib.util
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from policycheck.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What ScanCode takes a part of a file for."""

    file: str
    license: str
    """In ScanCode's own keys."""
    spdx: str
    score: float
    """Of 100; it measures likeness: a lowered limit and another layout score the same."""
    lines: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        """The opinion as JSON."""
        return {
            "by": f"scancode {_version()}",
            "file": self.file,
            "license": self.license,
            "spdx": self.spdx,
            "score": self.score,
            "lines": list(self.lines),
        }


def installed() -> bool:
    """Whether ScanCode itself is here, and not its data alone."""
    return importlib.util.find_spec("scancode") is not None and importlib.util.find_spec("licensedcode") is not None


def opinions(name: str, raw: bytes) -> Iterator[Opinion]:
    """What ScanCode takes the text `raw` of the file `name` for; raises UsageError where it is not installed."""
    if not installed():
        raise UsageError("ScanCode is not installed; `pip install 'policycheck[detect]'` brings it")
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as place:
        # It warns of its own parts on every start.
        warnings.simplefilter("ignore")
        from scancode.api import get_licenses

        path = Path(place) / "text"
        path.write_bytes(raw)
        found = get_licenses(str(path))
    for detection in found["license_detections"]:
        for match in detection["matches"]:
            yield Opinion(
                file=name,
                license=match["license_expression"],
                spdx=match.get("license_expression_spdx") or match["spdx_license_expression"],
                score=float(match["score"]),
                lines=(match["start_line"], match["end_line"]),
            )


def _version() -> str:
    for name in ("scancode-toolkit-mini", "scancode-toolkit"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "unknown"
