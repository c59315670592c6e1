// Reading from the API, and having it do something. How the connection stands is told in the bar.

import { setBy } from "./clock.js";
import { tellLink } from "./me.js";

/** JSON, or null when it cannot be had. */
export async function get(path) {
  try {
    const begun = Date.now();
    const answer = await fetch(path, { cache: "no-store" });
    if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `it answers ${answer.status}`);
    setBy(answer, begun);
    tellLink("live");
    return await answer.json();
  } catch (fault) {
    tellLink("broken", fault.name === "Error" ? fault.message : "");
    return null;
  }
}

/** Have something done, and tell what came of it: `ok`, `text` for people, the `code` of a refusal. It never throws. */
export async function send(method, path, body, key) {
  try {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return { ok: true, text: told.said ?? "", faults: [] };
    return { ok: false, code: told.error, text: told.detail ?? `It answers ${answer.status}.`, faults: told.faults ?? [] };
  } catch {
    return { ok: false, text: "Midwatch does not answer. Nothing is known to be done; try again.", faults: [] };
  }
}
