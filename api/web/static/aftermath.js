// What comes after the harm: what closing waits for, the postmortem, and its action items.

import { due, when } from "./clock.js";
import { button, cap, el, icon, saidAt, tag, upper } from "./tools.js";

const STAGES = ["owner", "draft", "meeting", "review", "final", "done"];
const SOON = 14_400_000; // these deadlines are days away: four hours is close

export function closing(report) {
  if (report.status !== "resolved") return null;
  const met = report.closing.filter((condition) => condition.met).length;
  const row = ({ name, met: done, mend }) => el("li", { class: done ? "good" : "", "data-key": name },
    icon(done ? "check" : "cross"), el("span", {}, el("strong", {}, upper(name)), done ? null : el("span", { class: "dim" }, ` ${mend}`)));
  return [
    cap("Closing", el("span", { class: "count" }, `${met} of ${report.closing.length}`), button("Confirm…", "confirm"), button("Close…", "close")),
    saidAt("closing"),
    report.closing.length ? el("ul", { class: "conditions" }, report.closing.map(row)) : el("p", { class: "dim" }, "Nothing stands in the way."),
    report.postmortem_owed ? el("p", {}, `A postmortem is owed: ${report.postmortem_owed}.`) : null,
  ];
}

export function aftermath(report) {
  const found = report.postmortem;
  if (!found) return null;
  const at = STAGES.indexOf(found.stage);
  const stages = STAGES.map((stage, place) => el("li", { class: place < at ? "past" : place === at ? "now" : "ahead" }, el("i"), el("span", {}, upper(stage))));
  const deadline = (one) => el("li", { "data-key": one.name }, el("span", {}, upper(one.name)), due(one.at, SOON), when(one.at));
  return [
    cap("Postmortem", found.owner ? el("span", { class: "dim" }, `by ${found.owner.name}`) : tag("no owner", "late")),
    saidAt("aftermath"),
    el("ol", { class: "life short", "aria-label": `Stage: ${found.stage}` }, stages),
    found.reason ? el("p", { class: "dim" }, `Owed: ${found.reason}.`) : null,
    found.overdue.length ? el("p", { class: "tags" }, found.overdue.map((name) => tag(`${name}: missed`, "late"))) : null,
    found.deadlines.length ? el("ol", { class: "deadlines" }, found.deadlines.map(deadline)) : null,
    moments(found),
    found.remarks.length ? el("ul", { class: "remarks" }, found.remarks.map((remark) => el("li", {}, remark))) : null,
    el("h3", {}, `Action items (${found.items.length})`),
    found.items.length ? el("ol", { class: "records" }, found.items.map((item) => listed(item, found))) : el("p", { class: "dim" }, "None yet."),
  ];
}

function moments({ meeting_at, published_at, final_at, review_at, reviewed_at }) {
  const named = [["Meeting", meeting_at], ["Published", published_at], ["Final", final_at], ["Review of the items", review_at], ["Reviewed", reviewed_at]];
  const known = named.filter(([, at]) => at);
  return known.length ? el("dl", { class: "moments" }, known.map(([title, at]) => el("div", {}, el("dt", {}, title), el("dd", {}, when(at))))) : null;
}

function listed(item, { answers }) {
  const kind = { open: "soon", done: "good", dropped: "off" }[item.state];
  const said = answers[item.number];
  return el("li", { class: item.state === "open" ? "open" : "", "data-key": `item-${item.number}` },
    el("p", { class: "entry-head" }, el("span", { class: "number" }, String(item.number)), el("span", {}, item.text)),
    el("p", { class: "tags" }, tag(item.state, kind), tag(item.priority), tag(item.kind), item.state === "open" ? due(item.due_at, SOON) : null, item.moved ? tag(`moved ${item.moved}×`, "soon") : null),
    el("p", {}, el("span", { class: "dim" }, "Done when "), item.done_when),
    item.reason ? el("p", {}, el("span", { class: "dim" }, "Because "), item.reason) : null,
    said ? el("p", {}, el("span", { class: "dim" }, "The owner says "), said) : null,
    el("p", { class: "dim" }, `${item.owner.name}, due `, when(item.due_at), item.verified_by ? `; verified by ${item.verified_by}` : null));
}
