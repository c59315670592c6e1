// Days and moments by the clock of a named time zone. A day is what that zone's calendar calls one: 23, 24 or 25 hours.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const formats = new Map();

/** The zone of whoever looks. */
export const OURS = Intl.DateTimeFormat().resolvedOptions().timeZone;

function format(zone, options, words = "en-GB") {
  const key = words + zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(words, { hourCycle: "h23", timeZone: zone, ...options }));
  return formats.get(key);
}

const FIELDS = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };

/** What the clock on the wall shows, in the milliseconds at which UTC's would show it. */
function wall(zone, at) {
  const found = Object.fromEntries(format(zone, FIELDS).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(found.year, found.month - 1, found.day, found.hour, found.minute, found.second);
}

/** The first moment, to the minute, at which the zone's clock shows this time of the wall or a later one. */
function momentOf(zone, shown) {
  let [before, then] = [shown - 16 * HOUR, shown + 16 * HOUR]; // no zone is farther from UTC
  while (then - before > MINUTE) {
    const between = before + Math.round((then - before) / 2 / MINUTE) * MINUTE;
    if (wall(zone, between) >= shown) then = between;
    else before = between;
  }
  return then;
}

const DAY = 24 * HOUR;

/** The Monday of the zone's week around `at`, as a day that UTC would call so. */
function mondayOf(zone, at) {
  const today = Math.floor(wall(zone, at) / DAY) * DAY;
  return today - ((new Date(today).getUTCDay() + 6) % 7) * DAY;
}

/** The days of `weeks` weeks from the one around `at` on, moved by `shift` weeks: when each begins and ends. */
export function days(zone, at, shift, weeks) {
  const monday = mondayOf(zone, at) + shift * 7 * DAY;
  const begins = Array.from({ length: weeks * 7 + 1 }, (_, number) => momentOf(zone, monday + number * DAY));
  return begins.slice(0, -1).map((begin, number) => {
    const date = new Date(monday + number * DAY);
    const day = date.getUTCDay();
    return {
      begins: begin, ends: begins[number + 1], date: date.getUTCDate(), monday: day === 1, weekend: day === 0 || day === 6,
      changed: Math.round((begins[number + 1] - begin - DAY) / MINUTE), // minutes by which the clock makes it longer
      month: format("UTC", { month: "long" }).format(date), weekday: format("UTC", { weekday: "short" }).format(date),
    };
  });
}

/** `Tue 24 Nov, 09:00`. */
export function moment(zone, at) {
  const text = format(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  return text.replace(/ at |, (?=\d\d:)/, " ");
}

/** What the zone is called at that moment: `CET`, `EST`, `GMT+5:30`. Europe's English has no letters for America's zones. */
export function zoneName(zone, at) {
  const named = (words) => format(zone, { timeZoneName: "short" }, words).formatToParts(new Date(at)).find((part) => part.type === "timeZoneName").value;
  const here = named("en-GB");
  return /\d/.test(here) ? named("en-US") : here;
}

/** From and to, the second one short where it is the same day. */
export function span(zone, begins, ends) {
  const [from, to] = [moment(zone, begins), moment(zone, ends)];
  const [day, time] = [to.slice(0, -6), to.slice(-5)];
  return `${from} – ${from.startsWith(day) ? time : to} ${zoneName(zone, ends)}`;
}

/** As a form's field for a moment takes it, by the clock of whoever looks. */
export function typed(at) {
  return new Date(wall(OURS, at)).toISOString().slice(0, 16);
}
