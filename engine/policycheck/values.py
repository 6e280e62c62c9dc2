"""How values are written of which a run makes thousands, and of which no two are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def frozen(cls: type[T]) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(field,))
def frozen(cls: Any = None, *, kw_only: bool = True) -> Any:
    """A dataclass that the type checker holds frozen: at run time that would take three times as long to make one.

    To define one takes a third of the time, too. It has slots unless it remembers what it worked out.
    """
    return partial(_made, kw_only=kw_only) if cls is None else _made(cls, kw_only=kw_only)


def _made(cls: type[T], *, kw_only: bool) -> type[T]:
    remembers = any(isinstance(each, cached_property) for of in cls.__mro__ for each in vars(of).values())
    if "__repr__" not in vars(cls):
        cls.__repr__ = _shown  # type: ignore[method-assign]
    return dataclass(slots=not remembers, kw_only=kw_only, eq=False, repr=False)(cls)


def _shown(value: Any) -> str:
    shown = (f"{each.name}={getattr(value, each.name)!r}" for each in fields(value) if each.repr)
    return f"{type(value).__qualname__}({', '.join(shown)})"
