"""The closed vocabulary: every word that documents may use, and the facts that rules may read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from policycheck.values import frozen

WORLDWIDE = "worldwide"
# A license file says nothing of these duties where its text has none.
OPTIONAL_DUTIES = frozenset({"further_condition"})


@frozen
class FactType:
    """A fact that rules may read: its name, what it is, and what stands behind it."""

    name: str
    type: str
    """word, words, number, amount, yes-no, text, texts, place, places or date."""
    means: str
    words: str | None = None
    """The list of words it is taken from, if any."""
    derived: bool = False
    figures: tuple[str, ...] = ()
    """Figures that a message of a rule which reads it may use, beside facts."""
    clauses: tuple[str, ...] = ()
    """The clauses of a license file behind it."""
    called: str | None = None
    """What a sentence about its value begins with; of a list in the plural, of a number with its verb."""
    denied: str | None = None
    """Of what is so or is not, the sentence where it is not."""

    @property
    def is_list(self) -> bool:
        """Whether its value is a list."""
        return self.type in ("words", "texts", "places")

    @property
    def is_place(self) -> bool:
        """Whether its value is a country or countries."""
        return self.type in ("place", "places")


@frozen(kw_only=False)
class Vocabulary:
    """The words of catalog/vocabulary.yaml."""

    data: Mapping[str, Any]

    @cached_property
    def memory(self) -> dict[str, Any]:
        """A place for what is made out of the vocabulary once, as schemas."""
        return {}

    @cached_property
    def facts(self) -> Mapping[str, FactType]:
        """Every fact that rules may read, by its name."""
        facts = {
            name: FactType(
                name=name,
                type=spec["type"],
                means=spec["means"],
                words=spec.get("words"),
                derived=spec.get("derived", False),
                figures=tuple(spec.get("figures", ())),
                clauses=tuple(spec.get("clauses", ())),
                called=spec.get("called"),
                denied=spec.get("denied"),
            )
            for name, spec in self.data["facts"].items()
        }
        for duty, means in self.data["duties"].items():
            name = f"license.{duty}"
            facts[name] = FactType(
                name=name,
                type="word",
                words="duty_states",
                derived=True,
                figures=("what", "label"),
                # Users who choose the use raise this duty wherever the license bars fields.
                clauses=(duty, "grant", "fields_barred") if duty == "pass_on_restrictions" else (duty, "grant"),
                means=f"Whether this duty arises in the use: {means}",
            )
        return facts

    @cached_property
    def duties(self) -> tuple[str, ...]:
        """The names of all duties."""
        return tuple(self.data["duties"])

    @cached_property
    def clauses(self) -> Mapping[str, Mapping[str, Any]]:
        """What a license file may state: the name of each clause, with its form."""
        return {**self.data["clauses"], **{duty: _duty(duty) for duty in self.data["duties"]}}

    @cached_property
    def _derived_lists(self) -> Mapping[str, Mapping[str, str]]:
        countries, groups = self.data["countries"], dict.fromkeys(self.data["groups"], "A group of countries.")
        places = {**countries, **groups}
        return {
            "countries": countries,
            "places": places,
            "places_or_worldwide": {**places, WORLDWIDE: "Everywhere."},
            "clause_names": dict.fromkeys(self.clauses, ""),
            "duty_names": dict.fromkeys(self._duty_words, ""),
        }

    @cached_property
    def _duty_words(self) -> tuple[str, ...]:
        return tuple(duty.replace("_", "-") for duty in self.duties)

    def words(self, name: str) -> Mapping[str, str]:
        """The list of words called `name`, each with its sentence; raises KeyError where there is none."""
        found = self.data["words"].get(name)
        return found if found is not None else self._derived_lists[name]

    @cached_property
    def currencies(self) -> Mapping[str, str]:
        """The codes of ISO 4217 for money that somebody can owe, each with its name."""
        found: Mapping[str, str] = self.data["currencies"]
        return found

    @cached_property
    def _countries(self) -> frozenset[str]:
        return frozenset(self.data["countries"])

    def countries(self, places: Iterable[str]) -> frozenset[str]:
        """The countries of `places`: a group stands for its members, `worldwide` for all."""
        found: set[str] = set()
        for place in places:
            if place == WORLDWIDE:
                found |= self._countries
            else:
                found.update(self.data["groups"].get(place) or (self.country(place),))
        return frozenset(found)

    def country(self, place: str) -> str:
        """The country that a place counts as: Réunion as France."""
        return str(self.data.get("part_of", {}).get(place, place))

    def shown_places(self, countries: Iterable[str]) -> str:
        """Countries as short as they can be said: whole groups by name, `worldwide` for all."""
        left = set(countries)
        if left == self._countries:
            return WORLDWIDE
        said: list[str] = []
        for group in ("EEA", "EU"):
            members = set(self.data["groups"][group])
            if members <= left:
                said.append(group)
                left -= members
        return ", ".join(said + sorted(left))

    def said_places(self, countries: Iterable[str]) -> str:
        """The same in a sentence: the EU, GB."""
        shown = self.shown_places(countries).split(", ")
        return ", ".join(f"the {place}" if place in self.data["groups"] else place for place in shown)

    def suggestion(self, word: str, among: Iterable[str]) -> str | None:
        """The word of `among` that was probably meant, or None; a country by its name, too."""
        known = list(among)
        named = self._by_name.get(word.strip().casefold())
        return named if named in known else suggestion(word, known, self.data.get("dialect", {}))

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return {name.casefold(): code for code, name in self.data.get("countries", {}).items()}


def _duty(name: str) -> Mapping[str, Any]:
    return {"form": "duty", "optional": True} if name in OPTIONAL_DUTIES else {"form": "duty"}


def suggestion(word: str, among: Iterable[str], dialect: Mapping[str, str] | None = None) -> str | None:
    """The word of `among` that was probably meant by `word`: a dialect's, another spelling, or a close one."""
    choices = list(among)
    known = set(choices)
    lower = word.strip().lower()
    plain = re.sub(r"[\s_]+", "-", lower)
    table = dialect or {}
    spellings = (word.strip(), lower, plain, plain.replace("-", "_"), word.strip().upper(), word.strip().title())
    for spelling in spellings:
        if table.get(spelling) in known:
            return table[spelling]
    for spelling in (plain, lower, plain.replace("-", "_"), word.strip().upper(), plain + "-use"):
        if spelling in known:
            return spelling
    if any(spelling in table for spelling in spellings):
        return None  # It means something else: `external` is near to `internal`.
    # A code of two or three letters is near to too many: UAE is no Ukraine, CHN no Honduras.
    by_lower = {choice.lower(): choice for choice in choices if len(choice) > 3}
    from difflib import get_close_matches  # only for who misspelt a word

    near = get_close_matches(plain, by_lower, n=1, cutoff=0.75 if len(plain) > 4 else 0.8)
    near = near or get_close_matches(plain.replace("-", "_"), by_lower, n=1, cutoff=0.75)
    return by_lower[near[0]] if near else None
