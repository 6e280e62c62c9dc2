"""License expressions: names joined by OR, AND and WITH."""

from __future__ import annotations

from collections.abc import Sequence


def alternatives_of(expression: str) -> list[list[str]]:
    """A license expression as alternatives, of each of which every license counts: `A AND (B OR C)` gives AB, AC."""
    words = expression.replace("(", " ( ").replace(")", " ) ").split()
    return _Expression(words).whole()


class _Expression:
    """Reads OR, AND, WITH and brackets; a name may be any run of other words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def whole(self) -> list[list[str]]:
        found = self._either()
        return found if not self.words else [[" ".join(self.words)]]

    def _either(self) -> list[list[str]]:
        found = self._both()
        while self.words and self.words[0] == "OR":
            self.words.pop(0)
            found = found + self._both()
        return found

    def _both(self) -> list[list[str]]:
        found = self._one()
        while self.words and self.words[0] == "AND":
            self.words.pop(0)
            other = self._one()
            found = [left + right for left in found for right in other]
        return found

    def _one(self) -> list[list[str]]:
        if self.words and self.words[0] == "(":
            self.words.pop(0)
            found = self._either()
            if self.words and self.words[0] == ")":
                self.words.pop(0)
            return found
        name: list[str] = []
        while self.words and self.words[0] not in ("OR", "AND", "(", ")"):
            name.append(self.words.pop(0))
        return [[" ".join(name)]]
