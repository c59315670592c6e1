// Who holds which role, and what is missing; and where they meet.

import { since, when } from "./clock.js";
import { button, cap, el, icon, saidAt, tag, upper } from "./tools.js";

export function people(report, open) {
  const held = Object.entries(report.roles);
  const missing = report.missing_roles.map((role) => el("li", { class: "missing", "data-key": `role-${role}` },
    el("span", { class: "whose" }, el("strong", {}, upper(role)), tag("missing", "late")),
    open ? el("span", { class: "do" }, button("Take", "take", { role }, "small primary"), button("Give…", "role", { role })) : null));
  const filled = held.map(([role, { person, since: at }]) => el("li", { "data-key": `role-${role}` },
    el("span", { class: "whose" }, el("strong", {}, person.name), el("span", { class: "dim" }, `${role}, `, since(at))),
    open ? el("span", { class: "do" }, button("Change…", "role", { role })) : null));
  return [
    cap("People", open ? button("Give a role…", "role") : null),
    saidAt("people"),
    missing.length || filled.length ? el("ul", { class: "roles" }, missing, filled) : el("p", { class: "dim" }, "Nobody has a role yet."),
  ];
}

const shown = (url, label, name) => el("a", { class: "go", href: url, rel: "noreferrer", target: "_blank" }, icon(name), label);

/** Only addresses that a browser opens harmlessly become links. */
const web = (url) => (/^https?:\/\//i.test(url ?? "") ? url : null);

export function room(report, open) {
  const { war_room: room, channels } = report;
  const name = channels?.room_name ? `#${channels.room_name}` : "Room in Slack";
  return [
    cap("War room", room ? tag(room.closed_at ? "closed" : "open", room.closed_at ? "" : "good") : null,
      open && !room ? button("Open…", "war-room") : null),
    saidAt("room"),
    room ? el("p", { class: "dim" }, `${upper(room.why)}, since `, when(room.opened_at)) : el("p", { class: "dim" }, "There is none."),
    el("p", { class: "links" },
      web(channels?.room_url) ? shown(channels.room_url, name, "sms") : channels?.room_name ? tag(name) : null,
      web(room?.bridge) ? shown(room.bridge, "Bridge", "call") : null),
  ];
}
