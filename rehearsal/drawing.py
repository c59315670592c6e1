"""A rehearsal as a drawn timeline: a row for each person, the ladder above them, the clock below.

It stands by itself (no script, no font, no address), so that it can be put into a review; it follows the
reader's light or dark.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from domain.base import zone
from rehearsal import words
from rehearsal.record import METHODS, PageLine, Rehearsed

WIDTH, LEFT, RIGHT = 1080, 190, 44
TOP, ROW, BAND, FOOT = 84, 34, 26, 64
BAR = 14
STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)
"""Distances of the clock's lines, in seconds."""
MOST_STEPS = 10
NIGHT_ENDS, NIGHT_BEGINS = 7, 22
"""Hours of the clock on the wall between which people sleep."""

STYLE = """
svg { --ink: #1c2733; --soft: #5b6b7b; --line: #d9e0e7; --paper: #ffffff; --night: #e9edf5;
  --band: #eef3f8; --band-edge: #b9c7d6; --call: #c2410c; --message: #2563a8; --taken: #15803d;
  --gone: #98a5b3; background: var(--paper); font: 13px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6ebf0; --soft: #9fb0c0; --line: #2d3845;
  --paper: #12181f; --night: #222f4a; --band: #1d2732; --band-edge: #42546a; --call: #fb923c;
  --message: #7cb7f5; --taken: #4ade80; --gone: #6b7987; } }
text { fill: var(--ink); } .soft { fill: var(--soft); } .title { font-size: 17px; font-weight: 600; }
.line { stroke: var(--line); } .night { fill: var(--night); } .small { font-size: 11px; }
.window { fill: var(--ink); fill-opacity: 0.04; }
.band { fill: var(--band); stroke: var(--band-edge); } .call { fill: var(--call); }
.message { fill: var(--paper); stroke: var(--message); stroke-width: 1.6; } .taken { fill: var(--taken); }
.gone { fill: var(--gone); } .moment { stroke: var(--taken); stroke-width: 1.5; stroke-dasharray: 4 3; }
.tick { fill: none; stroke: var(--paper); stroke-width: 1.8; }
"""


def drawn(rehearsed: Rehearsed) -> str:
    """The drawing, as SVG."""
    people = {page.person: page.name for page in rehearsed.pages}
    sheet = _Sheet(rehearsed, list(people))
    parts = [
        *_night(sheet),
        *_clock(sheet),
        *_ladder(sheet),
        *_people(sheet, people),
        *_taken(sheet),
        *(_page(sheet, page) for page in rehearsed.pages),
        *_legend(sheet),
    ]
    said = f"{words.heading(rehearsed)}. {words.outcome(rehearsed)}. {words.count(rehearsed)}."
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {sheet.height}" '
        f'width="{WIDTH}" height="{sheet.height}" role="img" aria-label={quoteattr(said)}>'
    )
    title = (
        f'<text class="title" x="16" y="28">{escape(words.heading(rehearsed))}</text>'
        f'<text class="soft" x="16" y="50">{escape(words.pattern(rehearsed))} · '
        f"{escape(words.outcome(rehearsed))} · {len(rehearsed.pages)} pages</text>"
    )
    return "\n".join([head, f"<style>{STYLE}</style>", title, *parts, "</svg>", ""])


class _Sheet:
    """Where things are on it."""

    def __init__(self, rehearsed: Rehearsed, people: list[str]) -> None:
        self.rehearsed = rehearsed
        self.begins, self.ends = rehearsed.scene.at, rehearsed.ends
        self._rows = {person: number for number, person in enumerate(people)}
        self.rows_top = TOP + BAND + 10
        self.rows_end = self.rows_top + ROW * max(1, len(people))
        self.height = self.rows_end + FOOT

    def x(self, moment: datetime) -> float:
        """How far to the right a moment is."""
        share = (min(max(moment, self.begins), self.ends) - self.begins) / (self.ends - self.begins)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, person: str) -> int:
        """The middle of somebody's row."""
        return self.rows_top + self._rows[person] * ROW + ROW // 2


def _night(sheet: _Sheet) -> Iterator[str]:
    place = zone(sheet.rehearsed.time_zone)
    day = sheet.begins.astimezone(place).date() - timedelta(days=1)
    while True:
        falls = datetime(day.year, day.month, day.day, NIGHT_BEGINS, tzinfo=place)
        day += timedelta(days=1)
        lifts = datetime(day.year, day.month, day.day, NIGHT_ENDS, tzinfo=place)
        if falls >= sheet.ends:
            return
        if lifts > sheet.begins:
            left, right = sheet.x(falls), sheet.x(lifts)
            yield _rect("night", left, TOP, right - left, sheet.rows_end - TOP)


def _clock(sheet: _Sheet) -> Iterator[str]:
    length = (sheet.ends - sheet.begins).total_seconds()
    step = next((step for step in STEPS if length / step <= MOST_STEPS), None)
    step = step or STEPS[-1] * -(-int(length) // (STEPS[-1] * MOST_STEPS))
    place = zone(sheet.rehearsed.time_zone)
    many_days = length > timedelta(days=2).total_seconds()
    for number in range(int(length // step) + 1):
        moment = sheet.begins + timedelta(seconds=step * number)
        x, local = sheet.x(moment), moment.astimezone(place)
        yield f'<line class="line" x1="{x}" y1="{TOP}" x2="{x}" y2="{sheet.rows_end}"/>'
        label = f"{local:%a %d %H:%M}" if many_days else f"{local:%H:%M}"
        yield _text("small", x, sheet.rows_end + 16, label, "middle")
        yield _text("small soft", x, sheet.rows_end + 30, f"+{words.since(moment - sheet.begins)}", "middle")
    yield _text("small soft", 16, sheet.rows_end + 16, sheet.rehearsed.time_zone)


def _ladder(sheet: _Sheet) -> Iterator[str]:
    yield _text("soft", 16, TOP + BAND / 2 + 4, "ladder")
    for number, rung in enumerate(sheet.rehearsed.rungs):
        left, right = sheet.x(rung.at), sheet.x(rung.ends)
        if number % 2 == 0:
            yield _rect("window", left, TOP + BAND, right - left, sheet.rows_end - TOP - BAND)
        said = f"{rung.rung} (round {rung.round}), {words.clock(rung.at, sheet.rehearsed)}: {rung.run_for}"
        yield _rect("band", left, TOP, max(right - left, 1.5), BAND, said)
        letters = int((right - left - 8) / 6.8)
        if letters >= 3:
            name = rung.rung if len(rung.rung) <= letters else f"{rung.rung[: letters - 1]}…"
            yield _text("small", left + 4, TOP + BAND / 2 + 4, name)


def _people(sheet: _Sheet, people: dict[str, str]) -> Iterator[str]:
    for person, name in people.items():
        y = sheet.y(person)
        yield f'<line class="line" x1="16" y1="{y + ROW / 2}" x2="{WIDTH - RIGHT}" y2="{y + ROW / 2}"/>'
        short = name if len(name) <= 22 else f"{name[:21]}…"
        yield f'<text x="16" y="{y + 4}">{escape(short)}<title>{escape(name)}</title></text>'
        times = sum(page.person == person for page in sheet.rehearsed.pages)
        yield _text("small soft", LEFT - 12, y + 4, str(times), "end")


def _taken(sheet: _Sheet) -> Iterator[str]:
    after = sheet.rehearsed.taken_after
    if after is not None:
        x = sheet.x(sheet.begins + after)
        yield f'<line class="moment" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{sheet.rows_end}"/>'


def _page(sheet: _Sheet, page: PageLine) -> str:
    y, left = sheet.y(page.person), sheet.x(page.at)
    said = (
        f"{METHODS[page.method]} to {page.name} at {words.clock(page.at, sheet.rehearsed)} "
        f"({words.rung(page)}): {words.fate(page)}; {page.why}"
    )
    answered = page.fate == "acknowledged" and page.ends is not None
    parts = []
    if page.method == "call":
        right = sheet.x(page.ends or sheet.ends)
        shade = "gone" if page.fate in ("withdrawn", "held back") else "call"
        parts.append(_rect(shade, left, y - BAR / 2, max(right - left, 4), BAR))
    else:
        parts.append(f'<path class="message" d="M{left} {y - 5}h11v10h-11z m0 0 l5.5 5 l5.5 -5"/>')
    if answered and page.ends:
        x = sheet.x(page.ends)
        parts.append(f'<circle class="taken" cx="{x}" cy="{y}" r="7"/>')
        parts.append(f'<path class="tick" d="M{x - 4} {y} l3 3 l5 -6"/>')
    return f"<g><title>{escape(said)}</title>{''.join(parts)}</g>"


def _legend(sheet: _Sheet) -> Iterator[str]:
    y = sheet.rows_end + 50
    yield _rect("call", LEFT, y - 9, 18, 11)
    yield _text("small soft", LEFT + 24, y, "rings")
    yield f'<path class="message" d="M{LEFT + 74} {y - 9}h11v10h-11z m0 0 l5.5 5 l5.5 -5"/>'
    yield _text("small soft", LEFT + 92, y, "message")
    yield f'<circle class="taken" cx="{LEFT + 162}" cy="{y - 4}" r="6"/>'
    yield _text("small soft", LEFT + 174, y, "acknowledged")
    yield _rect("night", LEFT + 268, y - 10, 18, 13)
    yield _text("small soft", LEFT + 292, y, f"night, {NIGHT_BEGINS}:00 to {NIGHT_ENDS}:00")


def _rect(kind: str, x: float, y: float, width: float, height: float, said: str = "") -> str:
    title = f"<title>{escape(said)}</title>" if said else ""
    box = f'x="{x}" y="{y}" width="{width:.1f}" height="{height}"'
    return f'<rect class="{kind}" {box} rx="2">{title}</rect>'


def _text(kind: str, x: float, y: float, said: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(said)}</text>'
