"""The one door to a Hub: asks for the metadata of a model, and takes no silence and no detour for an answer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from policycheck import __version__
from policycheck.errors import UsageError

if TYPE_CHECKING:
    from policycheck.hub.overlaid import Overlaid
    from policycheck.hub.overlay import Overlay
    from policycheck.hub.statement import Statement
    from policycheck.policy import ModelRef

_PATIENCE: Final = 10.0
"""Seconds that one answer may take, from the question to its last byte."""
_MOST: Final = 500
_GIVE_UP: Final = 3
_LONGEST: Final = 16 << 20
_HEADERS: Final = {"user-agent": f"policycheck/{__version__}"}


class _NoAnswerError(Exception):
    """Why a Hub's answer can't be used; the model stays unknown."""


class _SilentError(_NoAnswerError):
    """The Hub can't be reached, or says nothing in time."""


class Hub:
    """A Hub that is asked without any token, model by model."""

    def __init__(self) -> None:
        try:
            from huggingface_hub import constants, get_session
        except ImportError:
            raise UsageError("`--hub` needs huggingface_hub: pip install 'policycheck[hub]'") from None
        self.endpoint = str(constants.ENDPOINT)
        self._session: Any = get_session()

    def learn(self, refs: Sequence[ModelRef], catalog: Overlaid, overlay: Overlay, today: date) -> Iterator[str]:
        """Asks for the models that the catalog lacks and for what these are made from; yields what was not answered.

        Each answer goes into `overlay`, with the commit of which it speaks.
        """
        left = deque(_named(refs))
        seen, silent, asked = set[str](), 0, 0
        while left:
            name, revision = left.popleft()
            if name in seen or not catalog.lacks(name):
                continue
            seen.add(name)
            try:
                stated = self._known(name, revision, catalog, overlay, today)
                if stated is None:
                    if silent >= _GIVE_UP or asked >= _MOST:
                        raise _NoAnswerError(
                            f"was not asked, after {_GIVE_UP} questions in a row without an answer"
                            if silent >= _GIVE_UP
                            else f"was not asked, after {_MOST} other questions"
                        )
                    asked += 1
                    stated = self._ask(name, revision)
                    silent = 0
                    overlay.put(stated, overlay.source(self._source(revision), None, today))
            except _NoAnswerError as error:
                silent += isinstance(error, _SilentError)
                overlay.hide(name)
                yield f"`{name}` stays unknown: {self.endpoint} {error}."
                continue
            left += [(base, None) for base, _ in stated.bases]

    def _source(self, revision: str | None) -> str:
        return f"{self.endpoint}, asked for {revision}" if revision else self.endpoint

    def _known(
        self, name: str, revision: str | None, catalog: Overlaid, overlay: Overlay, today: date
    ) -> Statement | None:
        """What was answered before and still counts: of a commit for ever, else for a day; or what was imported."""
        kept = overlay.get(name)
        if kept is not None and _is_commit(revision):
            return kept.statement if str(kept.statement.sha).startswith(str(revision)) else None
        if kept is not None:
            fresh = (self._source(revision), today.isoformat()) == (kept.source, kept.kept_on)
            return kept.statement if fresh else None
        other = catalog.kept(name)
        return other.statement if other is not None and revision is None else None

    def _ask(self, name: str, revision: str | None) -> Statement:
        """What the Hub states of a model at a revision."""
        from policycheck.hub.statement import BadRecord, statement

        record = _in_time(lambda: self._record(name, revision))
        try:
            stated = statement(record)
        except BadRecord as error:
            raise _NoAnswerError(f"gives an answer that can't be used ({error})") from None
        if stated.id.lower() != name.lower():
            raise _NoAnswerError(f"answers with another model, `{stated.id}`; ask for that one if you mean it")
        if stated.sha is None:
            raise _NoAnswerError("names no commit, so that the answer can't be pinned")
        if _is_commit(revision) and not stated.sha.startswith(str(revision)):
            raise _NoAnswerError(f"answers for another revision, {stated.sha[:12]}")
        return stated

    def _record(self, name: str, revision: str | None) -> Any:
        """What the Hub's API answers, as it stands."""
        from huggingface_hub.errors import HFValidationError, OfflineModeIsEnabled

        # Its documentation names it there; the module only lacks a list of what it exports.
        from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]
        from policycheck.hub.reading import whole

        try:
            validate_repo_id(name)
        except HFValidationError:
            raise _NoAnswerError("was not asked, since this is no id of a model there") from None
        address = f"{self.endpoint}/api/models/{name}" + (f"/revision/{quote(revision, safe='')}" if revision else "")
        body = b""
        try:
            # A redirect may lead to another model, or away from the Hub that was meant.
            with self._session.stream(
                "GET", address, headers=_HEADERS, timeout=_PATIENCE, follow_redirects=False
            ) as answer:
                if answer.status_code != 200:
                    raise _refusal(answer.status_code)
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > _LONGEST:
                        raise _NoAnswerError("sends more than a model's metadata can be")
        except _NoAnswerError:
            raise
        except OfflineModeIsEnabled:
            raise _SilentError("was not asked, since HF_HUB_OFFLINE is set") from None
        except Exception as error:
            # Whatever goes wrong on the way, there is no answer: no connection, a broken one, a bad address.
            raise _SilentError(f"can't be reached ({type(error).__name__})") from None
        try:
            return whole(body)
        except (ValueError, RecursionError):
            raise _NoAnswerError("gives an answer that is no JSON") from None


def _refusal(status: int) -> _NoAnswerError:
    if 300 <= status < 400:
        return _NoAnswerError(f"sends one elsewhere ({status}); ask for the model by its name of today")
    if status in (401, 403, 404):
        return _NoAnswerError(f"has no such model or revision, or does not show it to everyone ({status})")
    if status == 429 or status >= 500:
        return _SilentError(f"refuses for now ({status}); try again later")
    return _NoAnswerError(f"refuses ({status})")


def _named(refs: Sequence[ModelRef]) -> Iterator[tuple[str, str | None]]:
    """The models to ask for; of one's own nothing but what it is made from goes out."""
    own = {ref.name for ref in refs if ref.own}
    for ref in refs:
        if ref.own:
            yield from ((base, None) for base, _ in ref.based_on or () if base not in own)
        elif ref.described is None:
            yield ref.name, ref.revision


def _is_commit(revision: str | None) -> bool:
    """Whether a revision is a commit's id, whole or cut short, and no branch or tag that moves."""
    return revision is not None and len(revision) >= 7 and all(char in "0123456789abcdef" for char in revision)


def _in_time(question: Callable[[], Any]) -> Any:
    """The answer, where the whole of it comes in time; a Hub that sends a byte a second is left alone."""
    found: list[Any] = []
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            found.append(question())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    if failed:
        raise failed[0]
    if not found:
        raise _SilentError(f"did not answer within {_PATIENCE:.0f} seconds")
    return found[0]
