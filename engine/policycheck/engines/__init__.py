"""The engines behind the door: what they are given, and which are installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Final, Protocol

from policycheck.errors import UsageError
from policycheck.values import frozen

DURABLE: Final = "durable-rules"
CLIPS: Final = "clips"

_NEEDED: Final = {DURABLE: ("durable", "durable_rules_engine"), CLIPS: ("clips",)}
_DISTRIBUTION: Final = {DURABLE: "durable-rules", CLIPS: "clipspy"}


@frozen(kw_only=False, eq=True)
class Condition:
    """What one column of a row must be, in the one form that every engine can be given.

    `op` is `holds`, which asks for a mark (its `value` is 1), or `>=` or `<=` over a number. Columns have short names
    of the door's own making; no text of a user gets this far.
    """

    column: str
    op: str
    value: int


Group = tuple[Condition, ...]
"""Distinct conditions that must all hold; at least one."""


class Engine(Protocol):
    """A rules engine, loaded with groups of conditions."""

    def matched(self, marks: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
        """The places of the groups that hold on a row, in no order; raises EngineFault where the engine failed.

        `marks` are the columns that hold, each once, and `numbers` every column that is a number.
        """


def engine_names() -> tuple[str, ...]:
    """The names of the engines that are installed, the preferred one first."""
    return tuple(name for name, needed in _NEEDED.items() if all(find_spec(module) for module in needed))


def chosen(name: str | None) -> str:
    """The engine called `name`, or the preferred one for None; raises UsageError where it is not installed."""
    installed = engine_names()
    if name in installed:
        return name
    if name is not None and name not in _NEEDED:
        raise UsageError(f"no rules engine is called `{name}`; there are `{DURABLE}` and `{CLIPS}`")
    if name is None and installed:
        return installed[0]
    missing = f"the rules engine `{name}` is not installed" if name else "no rules engine is installed"
    raise UsageError(f"{missing}; `pip install {_DISTRIBUTION[name or CLIPS]}` brings it")


def full_name(name: str) -> str:
    """An engine's name and version, as `clips 1.0.6`."""
    from importlib.metadata import version  # slow to import, and only some reports name the engine

    return f"{name} {version(_DISTRIBUTION[name])}"


def loaded(name: str, groups: Sequence[Group]) -> Engine:
    """A new engine that knows `groups`; its library is imported only here, since that takes time."""
    if name == DURABLE:
        from policycheck.engines.durable import Durable

        return Durable(groups)
    from policycheck.engines.clips import Clips

    return Clips(groups)
