"""Options that mean the same on every command that reads a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from policycheck.advice import is_day
from policycheck.errors import UsageError

from policycheck_cli.inquiry import Asked

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Options = tuple[Callable[[Any], Any], ...]


def _file(incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


class Day(click.ParamType[date]):
    """A day as 2026-11-25."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if not is_day(str(value)):
            self.fail(f"`{value}` is no day; write it as 2026-11-25", param, ctx)
        return date.fromisoformat(str(value))


class Place(click.ParamType[Path]):
    """A path; an empty one, as of a variable that is not set, does not stand for the folder one is in."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail("the path is empty; write `.` for the folder you are in", param, ctx)
        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _file(incomplete)


class File(Place):
    """A path of a file; an empty one, as of a variable that is not set, does not stand for the folder one is in."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail("the path is empty; name a file", param, ctx)
        return Path(value)


class Target(click.ParamType[Path | None]):
    """Where a report goes: a file, or None for standard output, which `-` stands for."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | None:
        return None if str(value) == "-" else File().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _file(incomplete)


class ModelName(click.ParamType[str]):
    """The name of a model; an empty one, as of a variable that is not set, is no model that nobody knows."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            self.fail("the name is empty; write a catalog id, an alias or a Hub id", param, ctx)
        return str(value)


class Named(click.ParamType[str]):
    """The name of a file, or `-`; the shell completes it."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            self.fail("the path is empty; name a file, or `-` for standard input", param, ctx)
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _file(incomplete)


def models(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Ids of models that the shell completes."""
    from policycheck import shipped

    found = shipped.catalog()
    return [each for each in sorted({*found.identifiers, *found.families}) if each.startswith(incomplete.lower())]


def entries(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Ids of licenses, models and publishers that the shell completes."""
    from policycheck import shipped

    found = shipped.catalog()
    others = [
        each
        for ids in (found.licenses, found.publishers)
        for each in sorted(ids)
        if each.startswith(incomplete.lower())
    ]
    return list(dict.fromkeys([*others, *models(ctx, param, incomplete)]))


NARROWED: Options = (
    click.option(
        "--model",
        "models",
        type=ModelName(),
        multiple=True,
        metavar="ID",
        shell_complete=models,
        help="Judge this model only (repeatable).",
    ),
    click.option(
        "--model-dir",
        "folders",
        type=Place(),
        multiple=True,
        help="Judge the model in this folder by its own files (repeatable).",
    ),
    click.option("--use", "uses", multiple=True, metavar="NAME", help="Judge this use only (repeatable)."),
)
"""--model, --model-dir and --use."""
LISTED: Options = (
    click.option("--models-from", type=File(), help="A file with one model id a line; - is standard input."),
    click.option("--every-model", is_flag=True, help="Judge the whole catalog, whatever the policy names."),
)
"""--models-from and --every-model."""
OVERLAID: Options = (
    click.option(
        "--catalog",
        "overlays",
        metavar="OVERLAY",
        type=Place(),
        multiple=True,
        help="An overlay that `catalog import` wrote, read beside the catalog (repeatable).",
    ),
)
"""--catalog."""
FROM_HUB: Options = (
    click.option("--hub", is_flag=True, help="Ask a Hub (HF_ENDPOINT) for models that the catalog lacks."),
    click.option("--hub-cache", type=Place(), help="Keep what the Hub answers in this file."),
)
"""--hub and --hub-cache."""
VARIED: Options = (
    click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a key, as organisation.mau=800M."
    ),
    click.option("--today", type=Day(), help="Judge as of this day (2026-11-25); default is today."),
)
"""--set and --today."""
JUDGED: Options = (click.option("--engine", type=click.Choice(["durable-rules", "clips"]), help="The rules engine."),)
"""--engine."""
WRITTEN: Options = (
    click.option("--output", type=Target(), help="Write the report to this file; - is standard output."),
)
"""--output."""


def asking(*groups: Options) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Gives a command these options, and their values as one `asked`."""

    def decorated(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def called(today: date | None, **given: Any) -> int:
            shared = {each.name: given.pop(each.name) for each in fields(Asked) if each.name in given}
            asked = Asked(today=day(today), **shared)
            read = [given.get(name) for name in ("policy", "report", "old", "new")]
            spared(asked.output, [*read, asked.models_from, *asked.overlays])
            return command(asked=asked, **given)

        for option in reversed([option for group in groups for option in group]):
            called = option(called)
        return called

    return decorated


def spared(output: Path | None, read: Iterable[str | Path | None]) -> None:
    """Refuses to write over a file that is read."""
    for path in (Path(each) for each in read if each):
        if output is not None and output.exists() and path.exists() and output.samefile(path):
            raise UsageError(f"`{output}` is read and would be lost; name another file with --output")


def day(today: date | None) -> date:
    """The day to judge on; only here the clock is asked."""
    return today or date.today()
