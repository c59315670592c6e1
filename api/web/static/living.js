// The living report: what answers everybody at any moment.

import { due, when } from "./clock.js";
import { button, cap, el, saidAt, tag, upper } from "./tools.js";

const TREND = { growing: "↗ growing", steady: "→ steady", shrinking: "↘ shrinking", over: "✓ over" };

export function living(report, open) {
  const now = report.living;
  const row = (title, ...content) => el("div", {}, el("dt", {}, title), el("dd", {}, content));
  const impact = now?.impact || report.impact;
  return [
    cap("Report", open ? button("Impact…", "impact") : null),
    saidAt("living"),
    el("dl", { class: "report" },
      row("Impact", el("p", { class: impact ? "" : "dim" }, impact || "Nobody has said yet who suffers, and how."),
        now ? el("p", { class: "tags" }, tag(TREND[now.trend] ?? now.trend, `trend-${now.trend}`), tag(now.customer_impact ? "customers notice" : "no customer impact known")) : null),
      now ? row("Technical", el("p", {}, now.technical || "Nothing is known yet."), el("p", { class: "tags" }, confidence(now.confidence))) : null,
      row("Owned by", owner("commander", now?.commander ?? report.commander), now?.tech_lead ? owner("tech lead", now.tech_lead) : null,
        now?.communications_lead ? owner("communications", now.communications_lead) : null),
      now?.next_update ? row("Next update", el("p", { class: "pair" }, el("span", {}, when(now.next_update.at)), due(now.next_update.at))) : null,
      now?.changes?.length ? row("Since the last update", el("ul", {}, now.changes.map((change) => el("li", {}, change)))) : null,
      report.resolution ? row("Resolution", el("p", {}, report.resolution)) : null,
      report.cause ? row("Cause", el("p", {}, report.cause)) : null),
  ];
}

const owner = (role, person) => el("p", {}, el("strong", { class: person ? "" : "late" }, person?.name ?? "nobody"), ` ${role}`);

export function confidence(level) {
  const bars = { low: 1, medium: 2, high: 3 }[level];
  return el("span", { class: `tag sure sure-${bars}` }, el("i"), el("i"), el("i"), `${upper(level)} confidence`);
}
