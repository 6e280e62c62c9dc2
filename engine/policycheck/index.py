"""The compiled catalog: what was parsed and checked, each part on a line of its own that is read when asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from policycheck.lazily import Lazily

# Of these each entry has a line of its own: a policy that names a few models pays for their licenses only.
_APART: Final = "licenses"


def read(path: Path, sha256: str) -> Mapping[str, Any] | None:
    """What was compiled from the documents with this SHA-256; None where there is no such index."""
    try:
        head, *lines = path.read_bytes().split(b"\n")
        found = json.loads(head)
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.get("sha256") != sha256 or len(lines) != found["lines"]:
        return None
    sections = dict(zip(found["sections"], lines, strict=False))
    apart = dict(zip(found[_APART], lines[len(sections) :], strict=True))
    return Lazily({**sections, _APART: apart}, _made)


def _made(line: bytes | Mapping[str, bytes]) -> Any:
    return json.loads(line) if isinstance(line, bytes) else Lazily(line, json.loads)


def write(path: Path, sha256: str, data: Mapping[str, Any]) -> None:
    """Compiles `data`; where the folder can't be written to, nothing happens: the index only saves time."""
    sections = {name: each for name, each in data.items() if name != _APART}
    names = {"sections": list(sections), _APART: list(data[_APART]), "lines": len(sections) + len(data[_APART])}
    parts = [{"sha256": sha256, **names}, *sections.values(), *data[_APART].values()]
    text = "\n".join(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts)
    made = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with suppress(OSError):
        try:
            made.write_bytes(text.encode())
            os.replace(made, path)
        finally:
            made.unlink(missing_ok=True)
