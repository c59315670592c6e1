// All incidents, live.

import { choices, post } from "./api.js";
import { due, since, when } from "./clock.js";
import { ask, closeOnOutside } from "./forms.js";
import { me, offer, onKey, remember, tellLink } from "./me.js";
import { Stream } from "./stream.js";
import { byId, cap, el, show, tag, upper } from "./tools.js";

const AWAY = {
  database: "The database is away. These are the incidents that are running; details and those that are over are missing. People are paged as always.",
  everything: "Neither the database nor Temporal answers. What is shown is what was known last.",
};
const choosing = choices();

function row(line, clock) {
  const deadline = line.next_deadline;
  const person = line.commander ? el("span", {}, line.commander.name) : line.resolved_at ? null : el("strong", { class: "late" }, "nobody has it");
  return el("li", { "data-key": line.id },
    el("a", { class: "line", href: `/incidents/${encodeURIComponent(line.id)}` },
      el("span", { class: `severity rank-${line.rank}` }, line.severity),
      el("span", { class: "what" },
        el("strong", {}, line.title),
        el("span", { class: "facts" }, line.drill ? tag("drill", "drill") : null, el("span", {}, line.service_name), el("span", {}, upper(line.status)), person)),
      el("span", { class: "age" }, clock(line)),
      el("span", { class: "next" }, deadline ? [el("span", {}, deadline.name), due(deadline.at, line.resolved_at ? 14_400_000 : undefined)] : null)));
}

const AGE = {
  open: (line) => [since(line.opened_at), el("small", {}, "open")],
  after: (line) => [since(line.resolved_at ?? line.opened_at), el("small", {}, "resolved")],
  closed: (line) => when(line.closed_at ?? line.opened_at),
};
const TITLES = { open: "Open", after: "In review and prevention", closed: "Recently closed" };

function section(name, lines, empty) {
  const rows = lines.length ? el("ol", { class: "lines card" }, lines.map((line) => row(line, AGE[name]))) : empty;
  show(byId(name), rows ? [cap(TITLES[name], lines.length ? el("span", { class: "count" }, String(lines.length)) : null), rows] : []);
}

function nothing() {
  const code = (text) => el("code", {}, text);
  return el("div", { class: "card empty" },
    el("p", {}, el("strong", {}, "No incident is open.")),
    el("p", { class: "dim" }, "They open by themselves when an alert comes in: point Alertmanager at ",
      code(`${location.origin}/ingest/alertmanager`), ", or anything else at ", code("/ingest/generic"),
      ", with the API token as bearer. Or declare one here."));
}

let known = null;

function take(board) {
  byId("away").hidden = !board.away;
  byId("away").textContent = AWAY[board.away] ?? "";
  section("open", board.open, board.away === "everything" ? null : nothing());
  section("after", board.after, null);
  section("closed", board.closed, null);
  const worst = board.open[0];
  document.title = worst ? `${board.open.length} open, ${worst.severity} · Midwatch` : "Incidents · Midwatch";
  const fresh = board.open.filter((line) => known && !known.has(line.id));
  if (fresh.length) byId("news").append(...fresh.map((line) => el("p", {}, `${line.severity} ${line.service_name}: ${line.title}`)));
  known = new Set([...board.open, ...board.after, ...board.closed].map((line) => line.id));
}

async function declare() {
  const offered = await choosing;
  const severities = offered.severities.map(({ name, meaning }) => [name, `${name}: ${meaning}`]);
  ask({
    title: "Declare an incident",
    note: "Whoever is on call for the service is phoned at once.",
    go: "Declare and page",
    fields: [
      { name: "declared_by", label: "I am", kind: "select", required: true, value: me() || undefined, options: offered.people.map(({ id, name }) => [id, name]) },
      { name: "title", label: "What is wrong", required: true, maximum: 300 },
      { name: "service", label: "Service", kind: "select", value: "", options: [["", "not known"], ...offered.services.map(({ id, name }) => [id, name])] },
      { name: "severity", label: "Severity", kind: "select", value: "", options: [["", "not known yet"], ...severities] },
      { name: "impact", label: "Who suffers, and how", kind: "area", rows: 2 },
    ],
    send: (values, key) => {
      remember(values.declared_by);
      return post("/api/v1/incidents", values, key);
    },
    done: (outcome) => {
      if (!outcome.ok || !outcome.id) return;
      location.assign(`/incidents/${encodeURIComponent(outcome.id)}`);
    },
  });
}

function move(step) {
  const lines = [...document.querySelectorAll("a.line")];
  const at = lines.indexOf(document.activeElement);
  lines[at < 0 ? 0 : Math.max(0, Math.min(lines.length - 1, at + step))]?.focus();
}

byId("declare").onclick = declare;
onKey({ j: () => move(1), k: () => move(-1), d: declare });
closeOnOutside();
choosing.then(({ people }) => offer(people));
new Stream("/api/v1/incidents/stream", (event, board) => take(board), tellLink).follow(() => false);
