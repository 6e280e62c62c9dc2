"""What a policy writes down beside rules: entries that match nothing, have no effect, overlap or have ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from policycheck import licensors, strangers
from policycheck.catalog import Catalog, folded
from policycheck.documents import Document, Where
from policycheck.finding import Outcome
from policycheck.lint.remark import Remark, listed, remark
from policycheck.lint.watch import ENDS, NAMES, Meeting, WatchedDesk
from policycheck.near import near_models
from policycheck.policy import Part, Policy
from policycheck.subjects import Subject
from policycheck.variation import path_of
from policycheck.vocabulary import suggestion

_SAID = {"fulfilled": "fulfilment", "determinations": "determination", "waivers": "waiver", "agreements": "agreement"}


def check_entries(desk: WatchedDesk, subjects: Sequence[Subject]) -> Iterator[Remark]:
    """Remarks on the waivers, agreements, fulfilments and determinations of a policy that `desk` saw judged."""
    names = _Names(desk.policy, desk.catalog, subjects)
    for section in ENDS:
        parts: Sequence[Part] = getattr(desk.policy, section)
        ended = [part for part in parts if (_end(part, section) or "9999") < desk.today.isoformat()]
        for part in parts:
            if part in ended:
                yield _expired(part, section)
                continue
            yield from _covers(part, names)
            yield from _effect(part, section, desk.met.get(part.where, []), names)
            yield from _soon(part, section, desk)
        yield from _overlaps([part for part in parts if part not in ended], section, desk)


def check_names(policy: Policy, catalog: Catalog) -> Iterator[Remark]:
    """Models that no catalog knows, and words in rules of the house that can be no name of anything."""
    if policy.models == ():
        message = "`models` is empty, so nothing is judged; that is no approval"
        way = "name a model, or leave `models` out to have the whole catalog judged"
        yield remark("matches-nothing", "warning", (policy.document, ("models",)), message, way, key=True)
    for ref in policy.models or ():
        if not ref.own and catalog.resolve_model(ref.name) is None:
            way = _instead(near_models(ref.name, catalog), "describe it with `license` and `based_on`")
            message = f"the catalog knows no model `{ref.name}`; its verdict is conditional at best"
            yield remark("matches-nothing", "warning", (policy.document, ref.where), message, way)
    for notice in licensors.notices(policy.document, catalog):
        way = "copy a name from `policycheck catalog list publishers` where a licensor is meant"
        where = path_of(notice.path, policy.document.data)
        yield remark("matches-nothing", "note", (policy.document, where), notice.message, way)
    for rule, where, message, near in strangers.strangers(policy, catalog):
        way = _instead([near] if near else [], "check the spelling (`policycheck catalog search`)")
        assert rule.document is not None
        yield remark("matches-nothing", "warning", (rule.document, where), message, way, rules=(rule.id,))


def _instead(near: Sequence[str], otherwise: str) -> str:
    return f"did you mean {listed(list(near[:3]))}?" if near else otherwise


def _end(part: Part, section: str) -> str | None:
    end = part.get(ENDS[section])
    return None if end in (None, "never") else str(end)


def _place(part: Part, key: str) -> tuple[Document, Where]:
    return part.document, (*part.where, key)


def _expired(part: Part, section: str) -> Remark:
    end, name = _end(part, section), part.get(NAMES[section])
    message = f"this {_SAID[section]} (`{name}`) ended on {end} and weighs nothing"
    way = "have it renewed, with a new day of signature, or take it out"
    return remark("expired", "warning", _place(part, ENDS[section]), message, way, rules=_rules(part, section))


def _rules(part: Part, section: str) -> tuple[str, ...]:
    return () if section == "agreements" else (str(part.get(NAMES[section])),)


def _soon(part: Part, section: str, desk: WatchedDesk) -> Iterator[Remark]:
    end = _end(part, section)
    if end is None:
        return
    left = date.fromisoformat(end) - desk.today
    if left <= desk.policy.settings.waiver_notice:
        days = "today" if not left.days else f"in {left.days} day{'s' if left.days > 1 else ''}"
        message = f"this {_SAID[section]} (`{part.get(NAMES[section])}`) ends on {end}, {days}"
        way = "have it renewed before, or plan for the day after"
        yield remark("expires-soon", "note", _place(part, ENDS[section]), message, way, rules=_rules(part, section))


def _covers(part: Part, names: _Names) -> Iterator[Remark]:
    covers = part.get("covers")
    for index, rule in enumerate(covers if isinstance(covers, list) else ()):
        if rule not in names.rules:
            near = suggestion(rule, names.rules)
            message = f"no rule in force is called `{rule}`, so this agreement does not cover it"
            way = _instead([near] if near else [], "`policycheck catalog list rules` prints all that ship")
            place = (part.document, (*part.where, "covers", index))
            yield remark("matches-nothing", "warning", place, message, way, rules=(rule,))


def _effect(part: Part, section: str, met: Sequence[Meeting], names: _Names) -> Iterator[Remark]:
    """Whether an entry that has not ended does anything."""
    said, name = _SAID[section], part.get(NAMES[section])
    place, rules = _place(part, NAMES[section]), _rules(part, section)
    if not met:
        why, way = names.why_nothing(part, section)
        message = f"this {said} (`{name}`) matches no finding: {why}"
        yield remark("matches-nothing", "warning", place, message, way, rules=rules)
    elif all(each.gap is not None for each in met):
        # The gap where most is at stake is the one to mend.
        first = max(met, key=lambda each: each.finding.outcome)
        message = f"this {said} (`{name}`) has no effect on `{first.finding.rule}`: {first.gap}"
        way = "take it out, or answer the finding in the way that its kind asks for"
        witness = {"use.name": first.use, "model.id": first.model}
        rules = (first.finding.rule,)
        yield remark("no-effect", "warning", place, message, way, rules=rules, witness=witness)


def _overlaps(parts: Sequence[Part], section: str, desk: WatchedDesk) -> Iterator[Remark]:
    """Entries of one section that answer the same finding; the later is reported, once."""
    for number, part in enumerate(parts):
        own = {_case(each): each for each in desk.met.get(part.where, ()) if each.gap is None}
        for earlier in parts[:number]:
            shared = [own[case] for each in desk.met.get(earlier.where, ()) if (case := _case(each)) in own]
            shared = [each for each in shared if each.finding.outcome > Outcome.note]
            if not shared:
                continue
            line = earlier.document.mark(earlier.where)[0]
            whole = "" if len(shared) < len(own) else "; it adds nothing"
            message = f"this {_SAID[section]} answers what the one in line {line} answers already{whole}"
            witness = {"use.name": shared[0].use, "model.id": shared[0].model}
            rules = (shared[0].finding.rule,)
            way = "keep one of them, or narrow them to different uses, models or licenses"
            place = _place(part, NAMES[section])
            yield remark("overlaps", "warning", place, message, way, rules=rules, witness=witness)
            break


def _case(meeting: Meeting) -> tuple[Any, ...]:
    finding = meeting.finding
    return meeting.use, meeting.model, finding.rule, finding.license, finding.passage


class _Names:
    """The names that entries may use in a policy, to say why one matches nothing."""

    def __init__(self, policy: Policy, catalog: Catalog, subjects: Sequence[Subject]) -> None:
        self.catalog = catalog
        self.rules = {rule.id for rule in policy.rules}
        self.models = {folded(name) for each in subjects for name in (each.requested, each.model.id)}
        self.models |= {folded(name) for each in subjects for name in each.model.names}
        strands = [strand for each in subjects for strands in each.alternatives for strand in strands]
        self.licenses = {strand.license.id for strand in strands if strand.license}
        self.licensors = {strand.license.licensor for strand in strands if strand.license}
        self.licensors |= {strand.publisher.id for strand in strands if strand.publisher}

    def why_nothing(self, part: Part, section: str) -> tuple[str, str]:
        """Why an entry matches no finding, and the way out."""
        for why in (self._rule(part, section), self._licensor(part), self._license(part), self._model(part)):
            if why is not None:
                return why
        if section == "agreements":
            return "nothing of this licensor stands in the way here", "keep it if it is for later, or take it out"
        return "that rule makes no such finding for these models and uses", "take it out, or name what it is meant for"

    def _rule(self, part: Part, section: str) -> tuple[str, str] | None:
        name = str(part.get(NAMES[section]))
        if section == "agreements" or name in self.rules:
            return None
        near = suggestion(name, self.rules)
        return f"no rule in force is called `{name}`", _instead([near] if near else [], "copy the id from the report")

    def _licensor(self, part: Part) -> tuple[str, str] | None:
        name = part.get("licensor")
        if name is None:
            return None
        found = self.catalog.resolve_publisher(str(name))
        if found is None and folded(str(name)) not in self.licensors:
            near = suggestion(str(name), self._publisher_names())
            return f"the catalog knows no licensor `{name}`", _instead([near] if near else [], "copy the license's own")
        if (found or folded(str(name))) not in self.licensors:
            return f"no model judged here comes from `{name}`", "add the model that is meant to `models`"
        return None

    def _publisher_names(self) -> list[str]:
        return [name for each in self.catalog.publishers.values() for name in (each.id, each.name, *each.names)]

    def _license(self, part: Part) -> tuple[str, str] | None:
        name = part.get("license")
        if name is None:
            return None
        found = self.catalog.resolve_license(str(name))
        if found is None:
            near = self.catalog.similar_licenses(str(name))
            return f"the catalog knows no license `{name}`", _instead(near, "`policycheck catalog list licenses`")
        if found not in self.licenses:
            return f"no model judged here has the license `{name}`", "add the model that is meant to `models`"
        return None

    def _model(self, part: Part) -> tuple[str, str] | None:
        named = [*([part.get("model")] if part.get("model") else []), *(part.get("models") or ())]
        strange = [name for name in named if self._judged(str(name)) is None]
        if not named or len(strange) < len(named):
            return None
        name = str(strange[0])
        if self.catalog.resolve_model(name) is None:
            way = _instead(near_models(name, self.catalog), "`policycheck catalog search` finds names")
            return f"the catalog knows no model `{name}`", way
        return f"the model `{name}` is not judged here", "add it to `models`, or take this entry out"

    def _judged(self, name: str) -> str | None:
        found = self.catalog.resolve_model(name)
        names: Iterable[str] = (name,) if found is None else (name, found.id, *found.members)
        return next((each for each in names if folded(each) in self.models), None)
