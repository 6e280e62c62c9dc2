"""A growing catalog: what each entry costs a user's process, as 60 models become 10,000. By hand."""

from __future__ import annotations

import argparse
import compileall
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from policycheck.documents import read_file

ROOT = Path(__file__).parents[1]
SIZES = (60, 500, 1_000, 2_000, 5_000, 10_000)
ENGINE = "durable.engine" if find_spec("durable_rules_engine") else "clips"
BARE = f"import yaml, jsonschema, click, {ENGINE}"
RUN = "from policycheck_cli.main import main; main()"
EXAMPLE = ROOT / "policies" / "examples" / "startup.yaml"


class Plain(yaml.SafeDumper):
    """Writes out what stands twice, since a catalog file takes no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


UNNAMED = "policy_version: 1\norganisation:\n  name: Start AG\n"


def publishers() -> list[dict[str, Any]]:
    """The real files of models."""
    return [read_file(path).data for path in sorted((ROOT / "catalog" / "models").glob("*.yaml"))]


def entries(real: Sequence[dict[str, Any]], seed: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """Publisher and entry without end: first the real ones, mixed, those of the example in front; then copies."""
    found = [(each["publisher"], model) for each in real for model in each["models"]]
    random.Random(seed).shuffle(found)
    named = {name.split(":")[0] for name in map(str, read_file(EXAMPLE).data["models"])}
    found.sort(key=lambda pair: not named & {pair[1]["id"], pair[1].get("family")})
    yield from found
    number = 2
    while True:
        yield from ((publisher, copied(model, number)) for publisher, model in found)
        number += 1


def copied(model: dict[str, Any], number: int) -> dict[str, Any]:
    """An entry under another name: the same licenses, bases and claims."""
    renamed = {key: [f"{name}-copy{number}" for name in model[key]] for key in ("hub", "aliases") if key in model}
    return {**model, **renamed, "id": f"{model['id']}-copy{number}", "name": f"{model['name']} copy {number}"}


def catalog_of(size: int, real: Sequence[dict[str, Any]], folder: Path) -> None:
    """Writes a catalog of `size` models, in which every name that a file mentions is there."""
    shutil.copytree(ROOT / "catalog", folder, ignore=shutil.ignore_patterns("models"))
    models: dict[str, list[dict[str, Any]]] = {}
    for (publisher, model), _ in zip(entries(real), range(size), strict=False):
        models.setdefault(publisher, []).append(model)
    ids = {model["id"] for each in models.values() for model in each}
    families = {
        family["id"]: [member for member in family["members"] if member in ids]
        for each in real
        for family in each.get("families", ())
    }
    ids |= {name for name, members in families.items() if members}
    (folder / "models").mkdir()
    for each in real:
        own = [kept(model, ids) for model in models.get(each["publisher"], ())]
        whole = {**each, "models": own}
        found = [{**f, "members": families[f["id"]]} for f in each.get("families", ()) if families[f["id"]]]
        whole = {**whole, "families": found} if found else {key: whole[key] for key in whole if key != "families"}
        text = yaml.dump(whole, Dumper=Plain, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
        (folder / "models" / f"{each['publisher']}.yaml").write_text(text, encoding="utf-8", newline="\n")


def kept(model: dict[str, Any], ids: set[str]) -> dict[str, Any]:
    """An entry without base models that a smaller catalog lacks."""
    bases = [base for base in model.get("based_on", ()) if base["model"] in ids]
    rest = {key: value for key, value in model.items() if key != "based_on"}
    return {**rest, "based_on": bases} if bases else rest


class Checkout:
    """A checkout with a catalog of its own, as somebody would run it."""

    def __init__(self, size: int, real: Sequence[dict[str, Any]], folder: Path) -> None:
        self.code = folder / "engine" / "policycheck"
        shutil.copytree(
            ROOT / "engine", folder / "engine", ignore=shutil.ignore_patterns("_index*", "__pycache__", "*.tmp")
        )
        shutil.copytree(ROOT / "cli", folder / "cli", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "policies", folder / "policies")
        catalog_of(size, real, folder / "catalog")
        (folder / "unnamed.yaml").write_text(UNNAMED, encoding="utf-8")
        self.unnamed = folder / "unnamed.yaml"
        paths = os.pathsep.join((str(folder / "engine"), str(folder / "cli")))
        self.environment = {**os.environ, "PYTHONPATH": paths}
        compileall.compile_dir(folder, quiet=2)
        self._files = set(self.code.iterdir())

    def index(self) -> None:
        """Builds the index, as a wheel has it."""
        build = "from policycheck import shipped; shipped.build_index()"
        subprocess.run([sys.executable, "-c", build], env=self.environment, check=True)

    def no_index(self) -> None:
        """Takes away whatever was written beside the code."""
        for path in set(self.code.iterdir()) - self._files:
            path.unlink()

    def run(self, policy: Path) -> float:
        """CPU milliseconds of `policycheck evaluate` on a policy."""
        return milliseconds([sys.executable, "-c", RUN, "evaluate", str(policy)], self.environment)


def milliseconds(command: list[str], environment: dict[str, str]) -> float:
    """CPU time of a whole process, from its start to its end, in the program and in the system for it."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execve(command[0], command, environment)
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)} ended in {code}")
    return (used.ru_utime + used.ru_stime) * 1000


def measured(checkout: Checkout, rounds: int) -> list[float]:
    """Medians of: the bare imports; the example with the index and without; the whole catalog judged."""
    columns: list[list[float]] = [[], [], [], []]
    checkout.index()
    for _ in range(rounds + 1):
        columns[0].append(milliseconds([sys.executable, "-c", BARE], checkout.environment))
        columns[1].append(checkout.run(EXAMPLE))
        columns[3].append(checkout.run(checkout.unnamed))
    for _ in range(max(rounds // 2, 1)):
        checkout.no_index()
        columns[2].append(checkout.run(EXAMPLE))
    return [statistics.median(column[1:] or column) for column in columns]


def main() -> None:
    """Prints a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    real = publishers()
    print(f"The catalog itself has {sum(len(each['models']) for each in real):,} models. {BARE}: the imports.")
    print("ms of CPU; times the imports; µs for each model, above the imports\n")
    print("models    imports  | example, index      | example, no index     | whole catalog, index")
    lines = []
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            bare, *found = measured(Checkout(size, real, Path(folder)), asked.rounds)
        lines.append((size, found))
        cells = (f"{ms:>7,.0f} {ms / bare:>5.1f}x {(ms - bare) * 1000 / size:>6,.0f}" for ms in found)
        print(f"{size:>6,}  {bare:>8,.0f}   | {' | '.join(cells)}", flush=True)
    (small, first), (large, last) = lines[0], lines[-1]
    if large > small:
        more = (f"{(b - a) * 1000 / (large - small):>21,.0f}" for a, b in zip(first, last, strict=True))
        print(f"µs for each model more | {' | '.join(more)}")


if __name__ == "__main__":
    main()
