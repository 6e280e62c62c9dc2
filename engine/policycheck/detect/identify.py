"""What a model's own files say: which license its text is, what its card claims, and where they disagree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from policycheck.catalog import Catalog
from policycheck.detect import card as cards
from policycheck.detect import fingerprints, folder, lineage
from policycheck.detect.card import Card
from policycheck.detect.claimed import claimed, unversioned
from policycheck.detect.folder import File, Folder
from policycheck.detect.identity import UNREAD, Detected, Finding, Identity
from policycheck.detect.names import resolve
from policycheck.detect.restrictions import restrictions
from policycheck.detect.texts import Library, Match, Passage
from policycheck.documents import printable
from policycheck.entries import Base, Model
from policycheck.errors import DocumentError, Problem
from policycheck.license import Evidence
from policycheck.students import DISTILLED

_MOST_SHOWN: Final = 160


def identify(path: Path, catalog: Catalog, library: Library | None = None) -> Identity:
    """What the files at `path` are; raises DocumentError with all that can't be read."""
    found = folder.read(path)
    return _Reading(found, catalog, library or Library(fingerprints.load(), catalog)).identity()


class _Reading:
    """Brings card, texts and lineage of one folder together."""

    def __init__(self, found: Folder, catalog: Catalog, library: Library) -> None:
        self.folder, self.catalog, self.library = found, catalog, library
        self.findings: list[Finding] = []
        self.card = self._card()
        self.claimed = self._claimed()
        self.detected = tuple(self._detected())

    def identity(self) -> Identity:
        model = self.catalog.resolve_model(self.folder.hub_id) if self.folder.hub_id else None
        self._config(model)
        licenses, evidence = self._governing(model)
        self._policies(licenses)
        self._restrictions(licenses)
        bases = tuple(lineage.ancestors(self._bases(model), self.catalog))
        for check, message in lineage.drift(licenses, bases, self.catalog):
            self._say(check, message)
        return Identity(
            path=self.folder.path,
            folder=self.folder,
            card=self.card,
            model=model,
            licenses=licenses,
            evidence=evidence,
            code=tuple(dict.fromkeys(each.license or UNREAD for each in self._code())),
            rungs=tuple(self._rungs()),
            detected=self.detected,
            bases=bases,
            findings=tuple(self.findings),
        )

    def _bases(self, model: Model | None) -> Iterator[Base]:
        """The base models of the card, and those that the catalog knows beside."""
        card, ours = self.card, model.based_on if model else ()
        taught = {base.model for base in ours if base.relation == DISTILLED}
        known = set[str]()
        for name in card.bases if card else ():
            found = self.catalog.resolve_model(name)
            known |= {found.id} if found else set()
            by_card = found is None or found.id not in taught
            yield Base(model=name, relation=card.relation if card else None, by_card=by_card)
        # A card that tells of a teacher takes nothing away from weights that the catalog knows to be inside.
        inside = card is not None and card.relation == DISTILLED
        yield from (b for b in ours if b.model not in known or (inside and b.relation != DISTILLED))

    def _say(self, check: str, message: str, passages: Sequence[Passage] = (), file: str | None = None) -> None:
        self.findings.append(Finding(check=check, message=printable(message), passages=tuple(passages), file=file))

    def _card(self) -> Card | None:
        """The card, its odd parts noted; of several files the one called README.md."""
        files = sorted(self.folder.of_kind("card"), key=lambda each: not each.name.lower().startswith("readme"))
        if not files:
            return None
        card = cards.read(files[0], self.folder.path)
        for note in card.notes:
            self._say(note.check, note.message, file=card.file)
        return card

    def _claimed(self) -> tuple[str, ...] | None:
        """The licenses that the card names; () where it names none, None where they can't be told."""
        card = self.card
        if card is None or not card.declared:
            return None if card and card.unclear else ()
        found = claimed(card.licenses, card.license_name, self.catalog, said_by=card.file)
        for note in found.notes:
            self._say(note.check, note.message)
        return None if card.unclear else found.licenses

    def _detected(self) -> Iterator[Detected]:
        for file in self.folder.of_kind("weights", "license", "code", "policy"):
            match = self.library.match(fingerprints.read(file.raw))
            yield Detected(file=file.name, kind=file.kind, match=match, license=self._license_of(match))

    def _license_of(self, match: Match) -> str | None:
        """The license of a known text; of several that share it the one that the card names, else the public one."""
        groups = {each.whole: [e.license for e in match.known if e.whole == each.whole] for each in match.known}
        chosen = {self._chosen(list(dict.fromkeys(group))) for group in groups.values()}
        shared = set.intersection(*(set(group) for group in groups.values())) if groups else set()
        if shared:
            return self._chosen(sorted(shared))
        return next(iter(chosen)) if len(chosen) == 1 else None

    def _chosen(self, licenses: Sequence[str]) -> str:
        claimed = [each for each in licenses if each in (self.claimed or ())]
        public = [each for each in licenses if self.catalog.licenses.get(each, {}).get("licensor") == "anyone"]
        return [*claimed, *public, *licenses][0]

    def _governing(self, model: Model | None) -> tuple[tuple[str, ...], Evidence]:
        """Every license that counts for the weights, and how well that is shown."""
        texts = self._texts("weights") or self._texts("license")
        for each in (*texts, *self._code()):
            self._unread(each)
        read = [each.license if self._is_license(each) else None for each in texts]
        found = list(dict.fromkeys(each or UNREAD for each in read))
        claimed = list(self.claimed) if self.claimed is not None else [UNREAD]
        if texts and None not in read:
            claimed = self._against(claimed, found, texts)
        elif not texts and (self.card is not None or self.folder.of_kind("notice")):
            self._say("no-license-text", "no license text lies in the folder; a card alone is weaker evidence")
        # A text in the folder says more than a card that names none.
        listed = [*found, *(each for each in claimed if each != UNREAD or not found)]
        listed = self._catalogued(listed, model) or [UNREAD]
        evidence = Evidence.verified if texts and None not in read else Evidence.stated
        return tuple(dict.fromkeys(listed)), evidence if listed != [UNREAD] else Evidence.reported

    def _texts(self, kind: str) -> list[Detected]:
        return [each for each in self.detected if each.kind == kind]

    def _code(self) -> list[Detected]:
        """The texts that are for the code alone: a bare LICENSE too, where the weights have a file of their own."""
        return [*self._texts("code"), *(self._texts("license") if self._texts("weights") else [])]

    def _is_license(self, detected: Detected) -> bool:
        return any(each.document.startswith(("license", "readme")) for each in detected.match.known)

    def _against(self, claimed: list[str], found: list[str], texts: Sequence[Detected]) -> list[str]:
        """What the card names where it is not the text's own license."""
        others = [each for each in claimed if each not in found and each != UNREAD]
        if not others and UNREAD not in claimed:
            return []
        said = self.card.declared if self.card else ""
        files = " and ".join(each.file for each in texts)
        names = " and ".join(f"`{each}`" for each in found)
        if others and unversioned(str(said), others, found, self.catalog):
            return []
        if others:
            listed = " and ".join(f"`{each}`" for each in others)
            message = f"the card says `{said}`, which is {listed}; the text in {files} is that of {names}"
            self._say("card-contradicts-text", message)
        return others

    def _unread(self, detected: Detected) -> None:
        match = detected.match
        if self._is_license(detected) and detected.license is not None:
            return
        if match.known:
            names = " and ".join(f"`{each}`" for each in match.licenses)
            self._say(
                "text-names-several", f"{detected.file} holds the texts of {names}; which counts is not said there"
            )
        elif match.nearest:
            near = " and ".join(dict.fromkeys(f"`{each.license}`" for each in match.nearest))
            gone = f"; {_sentences(match.missing)} of it {'is' if match.missing == 1 else 'are'} missing"
            said = f"{detected.file} is near to {near} and has {_sentences(len(match.differing))} of its own"
            said += f"{gone if match.missing else ''}: a variant that nobody read"
            self._say("text-changed", said, match.differing, detected.file)
        else:
            self._say("text-unknown", f"{detected.file} is no text that was read", (), detected.file)

    def _restrictions(self, licenses: Sequence[str]) -> None:
        """A card may keep the model to research or from business, where the license leaves every purpose free."""
        known = [self.catalog.license(each) for each in licenses if each in self.catalog.licenses]
        grants = [clause.value for license in known for clause in license.stated("grant")]
        if not grants or any(value != "any" for value in grants):
            return
        names = " and ".join(f"`{license.id}`" for license in known)
        for file in self.folder.of_kind("card", "translation"):
            found = list(restrictions(file))
            if found:
                line, said = found[0].lines[0], found[0].text
                shown = said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN]}…"
                message = f'{file.name} says in line {line} "{shown}", and {names} grants every purpose'
                self._say("card-restricts-use", message, found, file.name)

    def _policies(self, licenses: Sequence[str]) -> None:
        """A use policy that belongs to the license must be the one that was read with it."""
        for each in self.detected:
            if each.kind != "policy":
                continue
            owners = {known.license for known in each.match.known}
            if not owners:
                message = f"{each.file} is no use policy that was read"
                self._say("policy-changed", message, each.match.differing, each.file)
            elif UNREAD not in licenses and not owners & set(licenses):
                listed = " or ".join(f"`{owner}`" for owner in sorted(owners))
                self._say("policy-of-another-license", f"{each.file} is the use policy of {listed}", (), each.file)

    def _catalogued(self, listed: list[str], model: Model | None) -> list[str]:
        """What the catalog says of the model counts too; where it says something else, that is a finding."""
        own = resolve(model.license, self.catalog).licenses if model and model.license else ()
        if not own:
            return listed
        if listed == [UNREAD] and not self.detected:
            return list(own)
        if UNREAD not in listed and not set(listed) <= set(own):
            said = " and ".join(f"`{each}`" for each in own)
            self._say("catalog-differs", f"the catalog gives the model {model.id if model else ''} the license {said}")
        return [*listed, *own] if not set(listed) & set(own) or UNREAD in listed else listed

    def _config(self, model: Model | None) -> None:
        """The name in config.json is a hint: it may be the model's own, or that of the one it was made from."""
        for file in self.folder.of_kind("config"):
            name = _name_in(file, self.folder.path)
            found = self.catalog.resolve_model(name) if name and "/" in name else None
            known = {model.id} if model else set()
            bases = self.card.bases if self.card else ()
            known |= {base.id for each in bases if (base := self.catalog.resolve_model(each))}
            if found is not None and found.id not in known:
                message = f"config.json calls the model `{name}`; the card does not name it as a base model"
                self._say("config-names-a-model", message, (), file.name)

    def _rungs(self) -> Iterable[str]:
        if self.card and self.card.licenses:
            yield "tag"
        if self.card and (self.card.license_name or self.card.license_link):
            yield "card"
        main = [each for each in self.detected if each.kind in ("weights", "license")]
        if main:
            yield "file"
        if any(each.license for each in main):
            yield "text"
        if self.folder.of_kind("notice"):
            yield "notice"


def _sentences(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"


def _name_in(file: File, path: str) -> str | None:
    """What config.json calls the model; raises DocumentError where it is no JSON."""
    try:
        data = json.loads(file.raw)
    except (ValueError, RecursionError) as error:
        where = (getattr(error, "lineno", 0), getattr(error, "colno", 0))
        message = f"this is no JSON: {getattr(error, 'msg', 'nested too deep')}"
        name = printable(f"{path}/{file.name}")
        raise DocumentError([Problem(file=name, line=where[0], column=where[1], message=message)]) from None
    said = data.get("_name_or_path") if isinstance(data, dict) else None
    return said.strip() if isinstance(said, str) else None
