"""A Hub on this machine: it speaks the API of the real one, and can be slow, silent, or lead elsewhere."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SHA = "0123456789abcdef0123456789abcdef01234567"
OLD = "fedcba9876543210fedcba9876543210fedcba98"


def info(name: str, license: str | None, *, sha: str | None = SHA, **card: Any) -> dict[str, Any]:
    """What the API answers for a model."""
    card = {"license": license, **card}
    tags = ["transformers", "region:us", *([f"license:{license}"] if license else [])]
    found = {"_id": "1", "id": name, "modelId": name, "private": False, "gated": False, "tags": tags, "cardData": card}
    return {
        **found,
        "downloads": 1,
        "likes": 0,
        "siblings": [{"rfilename": "README.md"}],
        **({"sha": sha} if sha else {}),
    }


class Spoken:
    """A Hub that runs, and what it was asked."""

    def __init__(self, models: Mapping[str, Any]) -> None:
        self.models, self.asked, self.tokens = dict(models), list[str](), list[str | None]()
        self.endpoint = ""


@contextmanager
def speaking(models: Mapping[str, Any]) -> Iterator[Spoken]:
    """A Hub with these models: a mapping is the answer, a number a status, a text where it leads, bytes a body."""
    hub = Spoken(models)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path.removeprefix("/api/models/")
            name, _, revision = path.partition("/revision/")
            hub.asked.append(path)
            hub.tokens.append(self.headers.get("authorization"))
            found = hub.models.get(f"{name}@{revision}" if revision else name, 404)
            if callable(found):
                found(self)
            elif isinstance(found, int):
                self.answer(found, b'{"error": "no"}')
            elif isinstance(found, str):
                self.answer(307, b"", location=found)
            else:
                self.answer(200, found if isinstance(found, bytes) else json.dumps(found).encode())

        def answer(self, status: int, body: bytes, location: str | None = None) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing for longer than anybody waits."""
    time.sleep(15)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Begins an answer, and sends a byte of it now and then."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.5)


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Ends in the middle of an answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": ')
