// A day's duty that is offered to somebody else, because of a bad night.

import { newKey } from "./api.js";
import { now } from "./clock.js";
import { me } from "./me.js";
import { get, send } from "./oncall_api.js";
import { say } from "./oncall_forms.js";
import { OURS, span } from "./oncall_zone.js";
import { button, el, icon, show } from "./tools.js";

/** Those that wait for an answer, the reader's own with the buttons to give it. */
export async function offers(place) {
  const found = await get("/api/v1/rest-offers");
  const open = (found?.offers ?? []).filter((one) => !one.answer && Date.parse(one.ends) > now());
  show(place, ...open.map((one) => el("div", { class: "offer card", "data-key": `offer-${one.id}` },
    icon("person"),
    el("p", {}, one.reason, " ", el("strong", {}, one.to.id === me() ? "Will you take over " : `${one.to.name} is asked to take over `),
      one.schedule.name, `, ${span(OURS, Date.parse(one.begins), Date.parse(one.ends))}`, one.to.id === me() ? "?" : "."),
    one.to.id === me() ? el("span", { class: "do" }, button("Not today", "decline", { offer: one.id }), button("Take it", "accept", { offer: one.id }, "small primary")) : null)));
}

/** Answer one. */
export async function answer(offer, how, done) {
  say("page", await send("POST", `/api/v1/rest-offers/${offer}/${how}`, { by: me() }, newKey()));
  done();
}
