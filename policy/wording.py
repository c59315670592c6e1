"""Whether an update is fit for customers to read (spec 7.3). It looks at words, not at meaning, and in doubt
it keeps silent: a check that cries wolf is passed over by everybody at the hour when it matters."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from domain.response import Phase
from policy import wording_lists as lists


@dataclass(frozen=True)
class Objection:
    """One thing that customers should not read: `where` in the text's own words, `why`, and how to mend it. A
    `warning` may be passed over by whoever approves; what bears anything else should not be published."""

    where: str
    why: str
    mend: str
    warning: bool = False


def objections(
    text: str,
    *,
    phase: Phase,
    internal_names: Collection[str],
    customers_reported: bool,
    validated_fix: bool,
) -> tuple[Objection, ...]:
    """Everything that is wrong with the words of a public update.

    Args:
        text: as it would be published.
        phase: the phase that the update declares.
        internal_names: of services, and of whatever else customers do not know; see `internal`.
        customers_reported: customers have told us of the incident, or are known to be hit by it.
        validated_fix: a repair that is known to work is under way.
    """
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    found = [*_names(plain, internal_names), *_jargon(plain), *_times(plain)]
    if customers_reported:
        found += _denials(plain)
    if not validated_fix:
        found += _promises(plain)
    if phase in (Phase.INVESTIGATING, Phase.IDENTIFIED):
        found += _impact_first(plain)
    return tuple(dict.fromkeys(found))


def internal(names: Iterable[str], public: Iterable[str]) -> frozenset[str]:
    """Those of our names that would give something away. One whose every word customers know from the names
    in `public` does not: `checkout` is no secret where a component is called Checkout."""
    known = set(re.findall(r"[^\W_]+", " ".join(public).lower()))
    return frozenset(name for name in names if not known.issuperset(re.findall(r"[^\W_]+", name.lower())))


def _names(text: str, names: Collection[str]) -> Iterator[Objection]:
    for name in sorted(filter(None, names)):
        # Several plain words may be anybody's, unless they are written just as our name is.
        exact = re.fullmatch(r"[A-Za-z]+(?: [A-Za-z]+)+", name)
        flags = re.NOFLAG if exact else re.IGNORECASE
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, flags):
            yield Objection(match[0], "is a name that customers do not know", "name what they use instead")


def _jargon(text: str) -> Iterator[Objection]:
    for match in lists.ERROR_CODES.finditer(text):
        yield Objection(match[0], "is an error code", "say what customers see instead")
    for match in lists.JARGON.finditer(text):
        yield Objection(match[0], "is jargon of our own", "say it in general terms, or leave it out")


def _times(text: str) -> Iterator[Objection]:
    if lists.ALL_TIMES.search(text):
        return
    for match in lists.TIMES.finditer(text):
        if not match["zone"]:
            yield Objection(match["times"], "is a time without a zone", "add the zone, as in 14:30 UTC")


def _denials(text: str) -> Iterator[Objection]:
    mend = "say what those customers notice, or which part works"
    for match in lists.DENIALS.finditer(text):
        yield Objection(match[0], "denies an impact that customers have reported", mend)


def _promises(text: str) -> Iterator[Objection]:
    mend = "say when the next update comes, until a fix is known to work"
    for sentence in _sentences(text):
        # When news will come may be promised; what is left is looked at for when the service will.
        if match := lists.PROMISES.search(lists.NEWS.sub("", sentence)):
            yield Objection(match[0].strip(), "promises when service is restored", mend)


def _impact_first(text: str) -> Iterator[Objection]:
    first = next(_sentences(text), "")
    if first and not lists.NOTICED.search(first):
        mend = "begin with what customers notice, then say what is done about it"
        yield Objection(first, "says nothing of what customers notice", mend, warning=True)


def _sentences(text: str) -> Iterator[str]:
    return (part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip())
