"""Build hook: parse and check the catalog once, so that no start of an installed policycheck has to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes engine/policycheck/_index.jsonl from the YAML files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the index before files are collected; a catalog with a problem is not packaged."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, str(Path(self.root) / "engine"))
        from policycheck import shipped

        shipped.build_index()
