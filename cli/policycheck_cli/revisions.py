"""Documents as they were at a git revision: `HEAD~1:policies/org.yaml`."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from policycheck.documents import Document, parse
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.packs import leads_out


def at_revision(revision: str, path: str, stack: ExitStack) -> Document:
    """The document at `path` (from this folder) as of `revision`, with the packs beside it that it names.

    What is written for that lasts as long as `stack`. Raises UsageError where git can't say.
    """
    path = path if os.sep == "/" else path.replace(os.sep, "/")  # git knows no other
    name = f"{revision}:{path}"
    document = parse(_shown(revision, path), name)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="policycheck-")))
    extended = document.data.get("extends", ()) if isinstance(document.data, dict) else ()
    for pack in extended if isinstance(extended, list) else ():
        if isinstance(pack, str) and _beside(pack):
            target = folder / pack
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_pack(revision, (PurePosixPath(path).parent / pack).as_posix(), document, pack))
    return replace(document, folder=folder)


def _beside(pack: str) -> bool:
    """Whether `extends` means a file below the policy's folder; anything else is the policy's own error to name."""
    return pack.endswith((".yaml", ".yml")) and not leads_out(pack)


def _pack(revision: str, path: str, document: Document, pack: str) -> bytes:
    try:
        return _shown(revision, path)
    except UsageError:
        where = ("extends", document.data["extends"].index(pack))
        line, column = document.mark(where)
        message = f"`{path}` does not exist at `{revision}`"
        raise DocumentError([Problem(file=document.file, line=line, column=column, message=message)]) from None


def _shown(revision: str, path: str) -> bytes:
    if revision.startswith("-") or not revision:
        raise UsageError(f"`{revision}` is no git revision")
    spelled = path if Path(path).is_absolute() else f"./{path}"
    try:
        done = subprocess.run(
            ["git", "show", f"{revision}:{spelled}"], capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; give two files instead") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"`{revision}:{path}`: git finds no such file ({said[0] if said else 'no reason given'})")
    return done.stdout
