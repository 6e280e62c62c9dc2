"""Which keys of a policy are looked at while a fact is worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from policycheck.documents import Where
from policycheck.policy import Part, Policy


class _Watched(dict[str, Any]):
    """A mapping of a policy that writes down which of its keys were looked at, whether they are there or not."""

    def __init__(self, data: dict[str, Any], where: Where, seen: set[Where]) -> None:
        super().__init__({key: _watched(value, (*where, key), seen) for key, value in data.items()})
        self.where, self.seen = where, seen

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add((*self.where, key))
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.seen.add((*self.where, key))
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.seen.add((*self.where, str(key)))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.seen.update((*self.where, key) for key in tuple(super().__iter__()))
        return super().__iter__()

    def items(self) -> Any:
        self.seen.update((*self.where, key) for key in tuple(super().__iter__()))
        return super().items()


def _watched(value: Any, where: Where, seen: set[Where]) -> Any:
    if isinstance(value, dict):
        return _Watched(value, where, seen)
    if isinstance(value, list):
        return [_watched(item, (*where, index), seen) for index, item in enumerate(value)]
    return value


def watched(policy: Policy, seen: set[Where]) -> Policy:
    """The same policy; `seen` takes the path of each key of its organisation and uses that is looked at."""

    def part(inner: Part) -> Part:
        return replace(inner, data=_Watched(dict(inner.data), inner.where, seen))

    uses = {name: part(use) for name, use in policy.uses.items()}
    return replace(policy, organisation=part(policy.organisation), uses=uses)
