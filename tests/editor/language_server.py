"""Talks to yaml-language-server (npm) as an editor does: JSON-RPC over its standard input and output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


def command() -> list[str] | None:
    """The command that starts the server, None where there is none on this machine."""
    script, found = os.environ.get("YAML_LANGUAGE_SERVER"), shutil.which("yaml-language-server")
    node = shutil.which("node")
    if script and node and Path(script).exists():
        return [node, script, "--stdio"]
    return [found, "--stdio"] if found else None


class Server:
    """A running server with one folder open."""

    def __init__(self, words: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # One that says nothing more must fail a test, not hold it up for ever.
        self.timer = threading.Timer(50, self.process.kill)
        self.timer.start()
        self.number = 0
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self._send({"method": "initialized", "params": {}})

    def close(self) -> None:
        """Ends it."""
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Opens a text as the file at `path`; its diagnostics."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        told = self._until(
            lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == path.as_uri()
        )
        found: list[dict[str, Any]] = told["params"]["diagnostics"]
        return found

    def at(self, what: str, path: Path, line: int, column: int) -> Any:
        """What it answers to `completion` or `hover` at a place, counted from 0."""
        place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}
        return self.ask(f"textDocument/{what}", place)

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request."""
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        return self._until(lambda message: message.get("id") == number and "method" not in message)["result"]

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        raw = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(raw) + raw)
        self.process.stdin.flush()

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            message = self._receive()
            if "method" in message and "id" in message:  # It asks for settings; there are none.
                items = message.get("params", {}).get("items", ())
                self._send({"id": message["id"], "result": [None] * len(items)})
            if wanted(message):
                return message

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        size = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        assert size, "the language server ended"
        found: dict[str, Any] = json.loads(self.process.stdout.read(size))
        return found
