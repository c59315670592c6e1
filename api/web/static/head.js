// The head of an incident: how bad, what, where in its life; and its deadlines.

import { due, length, now, since, when } from "./clock.js";
import { button, cap, el, saidAt, tag, upper } from "./tools.js";
import { verbsOf } from "./verbs.js";

const LIFE = ["detected", "triaged", "responding", "mitigated", "resolved", "in review", "in prevention", "closed"];

function life(status) {
  const at = LIFE.indexOf(status);
  const state = (place) => (place < at ? "past" : place === at ? "now" : "ahead");
  return el("ol", { class: "life", "aria-label": `Status: ${status}, ${at + 1} of ${LIFE.length}` },
    LIFE.map((name, place) => el("li", { class: state(place), "aria-current": place === at ? "step" : null }, el("i"), el("span", {}, upper(name)))));
}

function age(report) {
  const end = report.closed_at ?? report.resolved_at;
  if (!end) return ["Open for ", since(report.opened_at)];
  return [`Lasted ${length(new Date(report.resolved_at ?? end) - new Date(report.opened_at))}`];
}

export function head(report) {
  const fact = (...content) => el("span", {}, content);
  return [
    el("p", { class: "kicker" },
      el("span", { class: `severity rank-${report.rank}` }, report.severity),
      report.classified ? null : tag("not classified", "soon"),
      report.data_loss ? tag("data may be lost", "late") : null,
      report.by_customer ? tag("customers report it", "soon") : null,
      report.drill ? tag("drill", "drill") : null,
      fact(report.service_name)),
    el("h1", {}, report.title),
    el("p", { class: "facts" },
      el("strong", { class: "age" }, age(report)),
      fact("since ", when(report.opened_at)),
      fact("commander ", el("strong", { class: report.commander ? "" : "late" }, report.commander?.name ?? "nobody")),
      report.alerts_received ? fact(alerts(report)) : null,
      fact("reply code ", el("code", {}, report.reply_code))),
    life(report.status),
  ];
}

function alerts({ alerts_received: received, alerts_firing: firing }) {
  return `${received} ${received === 1 ? "alert" : "alerts"}, ${firing} firing`;
}

export function notices(report, away) {
  const database = away ? [el("p", { class: "notice" }, "The database is away. People are paged as always, and what is done is kept; older entries of the timeline are missing until it is back.")] : [];
  const faults = Object.entries(report.faults).map(([duty, count]) => `Midwatch had trouble ${count === 1 ? "once" : `${count} times`} with its duty “${duty}”, and went on.`);
  const slack = report.chat_away_since ? [el("p", { class: "notice" }, "Slack has not answered since ", when(report.chat_away_since), ". Calls and messages go on.")] : [];
  return [...database, ...slack, ...faults.map((text) => el("p", { class: "notice" }, text))];
}

export function acts(report) {
  const { first, all } = verbsOf(report.status);
  if (!all.length) return null;
  const buttons = first.map(([verb, label], place) => button(label, verb, {}, place ? "big" : "big primary"));
  const more = all.length > first.length ? button("More…", "more", {}, "big") : null;
  return [el("div", { class: "buttons" }, buttons, more), saidAt("acts")];
}

export function deadlines(report) {
  if (report.postmortem) return null; // its own are shown with it
  const list = report.deadlines.length ? report.deadlines : report.next_deadline ? [report.next_deadline] : [];
  const rows = list.map(({ name, at }) => el("li", { "data-key": `${name}` }, el("span", {}, upper(name)), due(at, new Date(at) - now() > 86_400_000 ? 14_400_000 : undefined), when(at)));
  return [cap("Deadlines"), rows.length ? el("ol", { class: "deadlines" }, rows) : el("p", { class: "dim" }, "Nothing is due.")];
}
