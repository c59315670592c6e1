// How the configuration stands, what is wrong with it, and whom it names.

import { since, when } from "./clock.js";
import { cap, el, icon, tag, upper } from "./tools.js";

const LEVELS = [["all", "All"], ["error", "Errors"], ["warning", "Warnings"]];
const POSITIONS = { primary: "primary on call", secondary: "secondary on call", lead: "lead", manager: "manager" };
const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const at = (spot) => (spot ? `${spot.file}:${spot.line}` : "");

/** What is in force, and the change that is not. */
export function standing(now) {
  const { organisation } = now;
  const counts = [plural(organisation.people, "person", "people"), plural(organisation.teams.length, "team"), plural(organisation.services.length, "service"),
    plural(organisation.schedules.length, "schedule"), plural(organisation.ladders.length, "ladder"), ...(organisation.regions.length ? [plural(organisation.regions.length, "region")] : [])];
  return [
    now.refusals.length || now.refused_at ? refused(now) : null,
    el("div", { class: `card stands ${now.refusals.length ? "old" : ""}` },
      el("p", { class: "source" }, icon("page"), el("code", {}, now.path)),
      el("p", { class: "facts" }, el("span", {}, "in force since ", when(now.loaded_at), " (", since(now.loaded_at), " ago)"), el("span", {}, "pack ", el("strong", {}, organisation.pack)),
        now.refused_at ? null : el("span", {}, "changes are taken up by themselves")),
      el("p", { class: "tags" }, counts.map((text) => tag(text)))),
  ];
}

function refused(now) {
  return el("div", { class: "refusal", role: "alert" },
    el("h2", {}, icon("warn"), "The latest change is refused", now.refused_at ? [", ", when(now.refused_at)] : null),
    el("p", {}, "It has faults. The last good configuration is still in force, and people are paged by it. It was loaded ", when(now.loaded_at), "."),
    el("ol", {}, now.refusals.map((fault) => el("li", {}, fault.spot ? el("code", {}, at(fault.spot)) : null, el("span", {}, fault.message)))));
}

/** How many of each kind. */
export function levels(found, chosen) {
  return LEVELS.map(([level, name]) => el("button", { type: "button", class: "chip", "data-level": level, "aria-pressed": String(level === chosen) },
    name, el("span", { class: "count" }, String(level === "all" ? found.length : found.filter((one) => one.level === level).length))));
}

/** By file and line; what has none is by the section it belongs to. */
export function files(found, all) {
  if (!all.length) return el("div", { class: "card fine" }, icon("check"), el("p", {}, el("strong", {}, "Nothing to mend."), el("span", { class: "dim" }, " Every ladder reaches somebody, at every hour of the next 90 days.")));
  if (!found.length) return el("p", { class: "dim" }, "Nothing fits what you look for.");
  const groups = new Map();
  for (const one of found) {
    const key = one.spot?.file ?? upper(String(one.place[0] ?? "whole"));
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const worst = (list) => (worstOf(list) === "error" ? 0 : 1);
  return [...groups].sort(([one, mine], [other, theirs]) => worst(mine) - worst(theirs) || one.localeCompare(other)).map(([file, list]) => el("section", { class: "card file", "data-key": `file-${file}`, "aria-label": file },
    el("h3", {}, icon("page"), el("code", {}, file), el("span", { class: "count" }, counted(list))),
    el("ol", {}, list.sort(order).map(finding))));
}

const order = (one, other) => (one.level === other.level ? (one.spot?.line ?? 0) - (other.spot?.line ?? 0) : one.level === "error" ? -1 : 1);

function counted(list) {
  const errors = list.filter(({ level }) => level === "error").length;
  return [errors ? plural(errors, "error") : "", list.length - errors ? plural(list.length - errors, "warning") : ""].filter(Boolean).join(", ");
}

function finding(one) {
  return el("li", { class: `finding ${one.level}`, tabindex: "-1", "data-key": [one.rule, ...one.place, one.message].join("/") },
    el("span", { class: "line figures", title: at(one.spot) }, one.spot ? `line ${one.spot.line}` : ""),
    el("div", {},
      el("p", { class: "message" }, icon(one.level === "error" ? "cross" : "warn"), el("span", { class: "unheard" }, `${upper(one.level)}: `), el("span", {}, coded(upper(one.message)))),
      el("p", { class: "mend" }, el("strong", {}, "Mend: "), coded(one.mend))),
    el("span", { class: "about" }, el("code", {}, one.place.join(".")), tag(one.rule)));
}

/** What stands between backticks is to be typed. */
const coded = (text) => text.split(/`([^`]*)`/).map((part, place) => (place % 2 ? el("code", {}, part) : part));

const worstOf = (list) => (list.some(({ level }) => level === "error") ? "error" : list.length ? "warning" : "");

/** The worst that was found about this entry: error, warning, or nothing. */
export const state = (now, section, id) => worstOf(now.findings.filter(({ place }) => place[0] === section && place[1] === id));

function signs(now, section, id) {
  const list = now.findings.filter(({ place }) => place[0] === section && place[1] === id);
  return list.length ? el("a", { class: `tag ${worstOf(list) === "error" ? "late" : "soon"}`, href: "#findings", title: list.map(({ message }) => message).join("\n") }, `${list.length} to mend`) : null;
}

/** Each service in a line: who owns it, its ladder, its runbook. */
export function services(now) {
  const teams = new Map(now.organisation.teams.map(({ id, name }) => [id, name]));
  return el("ul", { class: "owned card" }, now.organisation.services.map((one) => el("li", { id: `service-${one.id}`, "data-key": `service-${one.id}` },
    el("strong", {}, one.name),
    el("span", { class: "facts" },
      one.team ? el("span", {}, el("a", { href: `#team-${one.team}` }, teams.get(one.team) ?? one.team)) : el("span", { class: "warned" }, "no team"),
      el("span", {}, el("a", { href: `#ladder-${one.ladder}` }, `ladder ${one.ladder}`)),
      el("span", {}, runbook(one.runbook)),
      one.automated_response ? el("span", {}, "tries to mend itself first") : null),
    signs(now, "services", one.id))));
}

function runbook(address) {
  if (!address) return el("span", { class: "warned" }, "no runbook");
  // Only addresses that a browser opens harmlessly become links.
  return /^https?:\/\//i.test(address) ? el("a", { href: address, rel: "noreferrer", target: "_blank" }, "runbook") : el("span", {}, "runbook ", el("code", {}, address));
}

/** A card for each team. */
export function teams(now) {
  const { teams: all, services: owned, schedules } = now.organisation;
  if (!all.length) return null;
  const named = new Map(schedules.map(({ id, name }) => [id, name]));
  const row = (title, content) => el("div", {}, el("dt", {}, title), el("dd", {}, content ?? el("span", { class: "dim" }, "nobody")));
  const duty = (id) => (id ? el("a", { href: `/on-call#schedule-${id}` }, named.get(id) ?? id) : null);
  return [cap("Teams", el("span", { class: "count" }, String(all.length))), el("ul", { class: "cards" }, all.map((team) => el("li", { class: "card team", id: `team-${team.id}`, "data-key": `team-${team.id}` },
    el("h3", {}, team.name, team.region ? tag(team.region) : null, signs(now, "teams", team.id)),
    el("dl", {}, row("First on call", duty(team.primary)), row("Second", duty(team.secondary)), row("Lead", team.lead?.name), row("Manager", team.manager?.name),
      row("Owns", owned.filter((one) => one.team === team.id).map(({ name }) => name).join(", ") || el("span", { class: "dim" }, "nothing")),
      row(`Members, ${team.members.length}`, team.members.map(({ name }) => name).join(", "))))))];
}

/** A card for each ladder, with its rungs. */
export function ladders(now) {
  const { ladders: all, services: climbed, schedules } = now.organisation;
  const named = new Map(schedules.map(({ id, name }) => [id, name]));
  const whom = (rung) => [...rung.schedules.map((id) => named.get(id) ?? id), ...rung.team.map((position) => `the team's ${POSITIONS[position]}`), ...rung.people.map(({ name }) => name), rung.dependent_services ? "on call for dependent services" : null].filter(Boolean).join(", ");
  return [cap("Ladders", el("span", { class: "count" }, String(all.length))), el("ul", { class: "cards" }, all.map((ladder) => el("li", { class: "card", id: `ladder-${ladder.id}`, "data-key": `ladder-${ladder.id}` },
    el("h3", {}, upper(ladder.id), signs(now, "ladders", ladder.id)),
    el("ol", { class: "climb" }, ladder.rungs.map((rung, place) => el("li", { class: "rung" }, el("p", {}, el("strong", {}, upper(rung.name)), rung.severities.length ? [" ", tag(`only ${rung.severities.join(", ")}`)] : null), el("p", { class: "dim" }, whom(rung)), el("b", {}, String(place + 1))))),
    el("p", { class: "dim end" }, ladder.repeats ? `Climbed ${plural(ladder.repeats + 1, "time")}, then ` : "Climbed once, then ",
      ladder.fallback ? ["tells ", el("strong", {}, ladder.fallback)] : el("span", { class: "warned" }, "nobody is told"), ", and goes on."),
    el("p", { class: "dim" }, "For ", climbed.filter((one) => one.ladder === ladder.id).map(({ name }) => name).join(", ") || "no service", "."))))];
}
