"""How values are written of which a run makes thousands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A dataclass that the type checker holds frozen: at run time that would take three times as long to make one."""
    return dataclass(slots=True, kw_only=True, eq=False)(cls)
