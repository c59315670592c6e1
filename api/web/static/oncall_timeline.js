// One schedule, drawn: a row for who is on call at last, one for each layer, one for the overrides.

import { now } from "./clock.js";
import { colourOf } from "./oncall_colours.js";
import { zoneName } from "./oncall_zone.js";
import { el } from "./tools.js";

const SVG = "http://www.w3.org/2000/svg";
const AXIS = 40;
const ROW = 30;
const FINAL = 40;
const GUTTER = 132;
const NARROW = 620; // here the names of the rows stand above them
const LABEL = 24;
const LETTER = 7.2; // a letter's width, about
const BOLD = 8.2;

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** A name as far as there is room for it. */
function fitted(name, width, letter) {
  const room = Math.floor((width - 12) / letter);
  if (name.length <= room) return name;
  const words = name.split(/\s+/);
  if (words[0].length <= room) return words[0];
  const initials = words.map((word) => word[0]).join("");
  return initials.length <= room ? initials : "";
}

/** Overrides that overlap are drawn below each other. */
function lanes(bars) {
  const ends = [];
  return bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.begins);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = bar.ends;
    return { ...bar, lane };
  });
}

function axis(days, place, left, height) {
  const each = (place(days[days.length - 1].ends) - left) / days.length;
  const every = each >= 26 ? 1 : each >= 13 ? 2 : 7; // a number for each day, or fewer
  return days.map((day, number) => {
    const x = place(day.begins);
    const changed = day.changed ? `the clock goes ${day.changed > 0 ? "back" : "forward"} by ${Math.abs(day.changed)} minutes` : null;
    const named = day.monday || number === 0 || every === 1 || (every === 2 && number % 2 === 0);
    return svg("g", { class: `day-column${day.weekend ? " weekend" : ""}${day.changed ? " changed" : ""}` },
      svg("rect", { x, y: AXIS, width: Math.max(0, place(day.ends) - x), height: height - AXIS }),
      svg("line", { x1: x, x2: x, y1: day.monday ? 4 : AXIS - 6, y2: height, class: day.monday ? "week" : "midnight" }),
      number === 0 || (day.monday && day.month !== days[number - 7]?.month) ? svg("text", { x: x + 4, y: 13, class: "month" }, day.month) : null,
      named ? svg("text", { x: x + (every === 1 ? each / 2 : 4), y: 32, class: "date", "text-anchor": every === 1 ? "middle" : "start" },
        each >= 58 ? `${day.weekday} ${day.date}` : each >= 42 ? `${day.weekday.slice(0, 2)} ${day.date}` : String(day.date)) : null,
      changed && each >= 46 ? svg("text", { x: x + each / 2, y: 16, class: "date", "text-anchor": "middle" }, `clock ${day.changed > 0 ? "−" : "+"}${Math.abs(day.changed) / 60} h`) : null,
      changed ? svg("title", {}, changed) : null);
  });
}

function bar(shift, row, place, y, height, window) {
  const [from, to] = [Math.max(shift.begins, window.begins), Math.min(shift.ends, window.ends)];
  const [x, width] = [place(from), Math.max(1.5, place(to) - place(from))];
  const over = shift.ends <= now() ? " over" : "";
  const standing = shift.override && row.final && width > 26;
  const text = shift.person ? fitted(shift.person.name, width - (standing ? 14 : 0), row.final ? BOLD : LETTER) : width > 60 ? "nobody" : "";
  const kind = shift.person ? `bar ${colourOf(shift.person.id)}${row.final ? " final" : ""}${over}` : `bar gap${over}`;
  const node = svg("g", { class: kind, tabindex: "-1", role: row.press ? "button" : "img", "aria-label": shift.told, "data-begins": shift.begins },
    svg("rect", { x: x + .5, y, width: Math.max(1, width - 1), height, rx: Math.min(5, width / 3), class: "face" }),
    shift.person ? svg("rect", { x: x + .5, y, width: Math.min(4, width), height, rx: Math.min(2, width / 3), class: "edge" }) : null,
    standing ? svg("circle", { cx: x + width - 9, cy: y + 9, r: 3.5, class: "stand-in" }) : null,
    text ? svg("text", { x: x + 9, y: y + height / 2, class: "who" }, text) : null);
  node.shift = shift;
  node.row = row;
  return node;
}

/**
 * Draw it.
 * @param rows each with its `name`, its `shifts` (begin and end in milliseconds, person, `told`), whether it is the
 *   `final` one, what `press` does with one of them.
 * @param marks moments with a name.
 */
export function timeline({ label, rows, days, zone, width, marks }) {
  const narrow = width < NARROW;
  const left = narrow ? 0 : GUTTER;
  const window = { begins: days[0].begins, ends: days[days.length - 1].ends };
  const place = (at) => left + ((at - window.begins) / (window.ends - window.begins)) * (width - left);
  let y = AXIS + 8;
  const drawn = rows.map((row) => {
    const tall = row.final ? FINAL : ROW;
    const shown = lanes(row.shifts.filter((shift) => shift.ends > window.begins && shift.begins < window.ends));
    const count = Math.max(1, ...shown.map(({ lane }) => lane + 1));
    if (narrow) y += LABEL;
    const top = y;
    y += tall * count + 4 * (count - 1) + 8;
    const text = narrow ? { x: 2, y: top - 11 } : { x: 0, y: top + tall / 2 };
    const room = Math.floor((narrow ? width : GUTTER - 8) / LETTER);
    const name = row.name.length > room ? `${row.name.slice(0, room - 1)}…` : row.name;
    return svg("g", { class: `track${row.final ? " final" : ""}`, role: "group", "aria-label": row.name },
      svg("text", { ...text, class: `row-name${narrow ? " above" : ""}` }, name, name === row.name ? null : svg("title", {}, row.name)),
      row.final ? null : svg("line", { x1: left, x2: width, y1: top + tall / 2, y2: top + tall / 2, class: "empty" }),
      shown.map((shift) => bar(shift, row, place, top + shift.lane * (tall + 4), tall, window)));
  });
  const height = y;
  const lines = marks.filter(({ at }) => at > window.begins && at < window.ends).map(({ at, name, kind }) => {
    const [x, wide] = [place(at), name.length * LETTER + 10];
    const from = Math.min(Math.max(left, x - wide / 2), width - wide);
    return svg("g", { class: `mark ${kind}` },
      svg("line", { x1: x, x2: x, y1: 18, y2: height }),
      svg("rect", { x: from, y: 2, width: wide, height: 17, rx: 5 }),
      svg("text", { x: from + wide / 2, y: 10.5 }, name));
  });
  const gone = Math.min(Math.max(place(now()), left), width);
  const picture = svg("svg", { class: "drawn", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label },
    svg("rect", { x: left, y: AXIS, width: gone - left, height: height - AXIS, class: "gone" }),
    axis(days, place, left, height),
    narrow ? null : svg("text", { x: 0, y: 32, class: "row-name zone" }, [...new Set([window.begins, window.ends].map((at) => zoneName(zone, at)))].join(", then ")),
    drawn, lines);
  walk(picture);
  return picture;
}

/** One stop for the tabulator key; from there the arrows lead from bar to bar, and from row to row. */
function walk(picture) {
  const tracks = [...picture.querySelectorAll(".track")].map((track) => [...track.querySelectorAll(".bar")]).filter((bars) => bars.length);
  const present = tracks[0]?.find((node) => node.shift.ends > now()) ?? tracks[0]?.[0];
  present?.setAttribute("tabindex", "0");
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.target.closest(".bar");
    const row = tracks.findIndex((bars) => bars.includes(at));
    if (row < 0) return;
    const beside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const below = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    let to = null;
    if (beside) to = tracks[row][tracks[row].indexOf(at) + beside];
    else if (below) to = tracks[row + below]?.find((node) => node.shift.ends > at.shift.begins) ?? tracks[row + below]?.at(-1);
    else if (event.key === "Enter" || event.key === " ") at.row.press?.(at.shift);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!to) return;
    picture.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
  });
  picture.addEventListener("click", (event) => {
    const at = event.target.closest(".bar");
    at?.row.press?.(at.shift);
  });
}

/** What one sees by pointing at a bar, or by coming to it with the keyboard. */
export function tips(place, told) {
  const tip = el("div", { class: "tip", id: "tip", role: "tooltip", hidden: true });
  document.body.append(tip);
  const hide = () => { tip.hidden = true; };
  const look = (event) => {
    const at = event.target.closest?.(".bar");
    if (!at) return hide();
    tip.replaceChildren(...told(at.shift, at.row));
    tip.hidden = false;
    const [box, size] = [at.querySelector(".face").getBoundingClientRect(), tip.getBoundingClientRect()];
    const middle = event.clientX && event.type === "pointermove" ? event.clientX : Math.max(box.left, 0) + Math.min(box.width, innerWidth) / 2;
    const above = box.top - size.height - 8;
    tip.style.left = `${Math.max(8, Math.min(innerWidth - size.width - 8, middle - size.width / 2))}px`;
    tip.style.top = `${above > 60 ? above : box.bottom + 8}px`;
  };
  for (const kind of ["pointermove", "focusin"]) place.addEventListener(kind, look);
  for (const kind of ["pointerleave", "focusout"]) place.addEventListener(kind, hide);
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
