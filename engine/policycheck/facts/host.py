"""Who hosts the model: what the policy says, and where a host is seated that it names without saying so."""

from __future__ import annotations

from policycheck.facts.case import NO, Case, Fact, Source, derives, sourced, unknown
from policycheck.facts.taken import taken
from policycheck.hosts import Host, hosts_of
from policycheck.policy import Part
from policycheck.rules import NOTHING

_SEATS = frozenset({"jurisdiction", "parent_jurisdiction"})


def _seat(case: Case, provider: Part, key: str) -> Fact:
    """The seat of the host that the policy names, or of its parent; unknown where its companies differ in it.

    A service that several companies sell has a seat only where all of them have the same. What is shown more weakly
    than the policy lets an allow rest on is unknown.
    """
    hosts = _shown(case, provider, key)
    found = {getattr(host, key) for host in hosts}
    if len(found) != 1 or None in found:
        return unknown(provider.key(key))
    value = str(found.pop())
    source = Source(provider.key(key), value, hosts[0].place(key))
    return Fact(value=case.catalog.vocabulary.country(value), sources=(source,))


def _shown(case: Case, provider: Part, key: str) -> tuple[Host, ...]:
    """The companies that the host's name stands for; none where one of them is shown too weakly."""
    name = provider.get("name")
    hosts = hosts_of(case.catalog).named(str(name)) if name is not None else ()
    least = case.policy.settings.minimum_evidence
    return hosts if all(host.shown(key) >= least for host in hosts) else ()


@derives(
    "use.provider",
    "use.provider_jurisdiction",
    "use.provider_parent_jurisdiction",
    "use.provider_authorised",
    "use.provider_certifications",
)
def provider_fact(case: Case, name: str) -> Fact:
    """What the policy says of the host; who runs a model on machines or devices of their own has none."""
    key = name.partition("provider")[2].lstrip("_") or "name"
    if case.use.get("deployment") in ("self-hosted", "on-device"):
        none = frozenset[str]() if key == "certifications" else NOTHING
        return Fact(value=none, sources=(sourced(case.use, "deployment"),), shown="none")
    provider = case.use.part("provider")
    if provider is None:
        return unknown(f"{case.key('provider')}.{key}")
    if key in _SEATS and provider.get(key) is None:
        return _seat(case, provider, key)
    return taken(case, provider, key, name)


@derives("use.provider_seat_differs")
def seat_differs(case: Case, name: str) -> Fact:
    """Whether the policy says another seat of its host than the catalog, or of the host's parent."""
    provider = case.use.part("provider")
    if provider is None or provider.get("name") is None:
        return NO
    hosts = hosts_of(case.catalog).named(str(provider.get("name")))
    for key in sorted(_SEATS):
        said, known = provider.get(key), {getattr(host, key) for host in hosts} - {None}
        if said is not None and known and said not in known:
            figures = {
                "said": f"{key.replace('_', ' ')} {said}",
                "known": f"{' or '.join(sorted(known))} ({'; '.join(dict.fromkeys(h.source for h in hosts))})",
            }
            return Fact(value="yes", figures=figures)
    return NO
