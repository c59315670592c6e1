"use strict";
// The phones of everybody, kept up to date by the events of the control API. Everything shown comes from there: a key
// pressed here goes to the simulator and appears when the simulator says it was heard.

const MOODS = {
  normal: {},
  "slow (3 s)": { slow: 3 },
  "refuses: 429": { fail_with: 429 },
  "fails: 500": { fail_with: 500 },
  "fails: 503": { fail_with: 503 },
  "loses answers": { lose_answers: true },
  "callbacks late (5 s)": { callbacks: { delay: 5 } },
  "callbacks doubled": { callbacks: { times: 2 } },
  "callbacks reordered": { callbacks: { reorder: true } },
  "callbacks missing": { callbacks: { drop: ["initiated", "ringing", "answered", "completed", "amd", "sms"] } },
};
const LIVE = ["queued", "initiated", "ringing", "in-progress"];
const STATUS = { "in-progress": "in progress", "no-answer": "not answered", busy: "busy", failed: "line down" };
const ICON = (colour) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`)}`;

const byId = (id) => document.getElementById(id);
const phones = new Map(); // number → {setup, calls: Map, messages: Map, root, part}
let errors = [];

// --- what comes in ---------------------------------------------------------------------------------------------------

function listen() {
  const source = new EventSource("/control/events");
  const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  source.onopen = () => showLink(true);
  source.onerror = () => showLink(false);
  on("snapshot", (world) => {
    clear();
    world.phones.forEach(takePhone);
    world.calls.forEach(takeCall);
    world.messages.forEach(takeMessage);
    phones.forEach(show);
    errors = world.errors;
    showErrors();
    showCarrier(world.carrier);
    showRinging();
  });
  on("phone", (setup) => show(takePhone(setup)));
  on("call", (call) => { show(takeCall(call)); showRinging(); });
  on("message", (message) => show(takeMessage(message)));
  on("carrier", showCarrier);
  on("log", (entry) => { errors.push(entry); showErrors(); });
  on("reset", () => { clear(); errors = []; showErrors(); showCarrier({}); showRinging(); });
}

function clear() {
  phones.forEach((phone) => phone.root.remove());
  phones.clear();
  byId("empty").hidden = false;
}

function takePhone(setup) {
  const phone = phoneOf(setup.number);
  phone.setup = setup;
  return phone;
}

function takeCall(call) {
  const phone = phoneOf(call.to);
  phone.calls.set(call.sid, call);
  return phone;
}

function takeMessage(message) {
  const phone = phoneOf(message.direction === "inbound" ? message.from : message.to);
  phone.messages.set(message.sid, message);
  return phone;
}

function phoneOf(number) {
  if (!phones.has(number)) phones.set(number, install(number));
  return phones.get(number);
}

// --- a phone ---------------------------------------------------------------------------------------------------------

function install(number) {
  const root = byId("phone").content.firstElementChild.cloneNode(true);
  const part = {};
  root.querySelectorAll("[data-is]").forEach((node) => { part[node.dataset.is] = node; });
  const phone = { setup: { number, name: number }, calls: new Map(), messages: new Map(), root, part };
  for (const key of "123456789*0#") {
    const button = element("button", key);
    button.type = "button";
    button.setAttribute("aria-label", { "*": "star", "#": "hash" }[key] || key);
    button.onclick = () => act(phone, "press", { digits: key });
    part.keypad.append(button);
  }
  root.querySelectorAll("[data-do]").forEach((button) => {
    button.onclick = () => { act(phone, button.dataset.do); root.focus(); };
  });
  root.querySelectorAll("form").forEach((form) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      const text = form.elements.text.value.trim();
      if (text) act(phone, form.dataset.form, { text });
      form.reset();
    };
  });
  root.addEventListener("keydown", (event) => onKey(event, phone));
  byId("phones").append(root);
  byId("empty").hidden = true;
  return phone;
}

// As the simulator does: the call in progress, else the one that has rung longest.
function currentCall(phone) {
  const live = [...phone.calls.values()].filter((call) => LIVE.includes(call.status));
  return live.find((call) => call.status === "in-progress") || live.find((call) => call.status === "ringing");
}

function stateOf(phone) {
  const call = currentCall(phone);
  if (!call) return "idle";
  return call.status === "ringing" ? "ringing" : "talking";
}

function show(phone) {
  const { root, part, setup } = phone;
  const state = stateOf(phone);
  const call = currentCall(phone);
  const had = root.contains(document.activeElement) && root.dataset.state !== state;
  root.dataset.state = state;
  root.querySelectorAll("[data-shown]").forEach((node) => { node.hidden = node.dataset.shown !== state; });
  // What had the focus may just have been hidden; without this the next key would go nowhere.
  if (had && document.activeElement.closest("[hidden]")) root.focus();
  root.setAttribute("aria-label", `Phone of ${setup.name}, ${{ idle: "idle", ringing: "ringing", talking: "in a call" }[state]}`);
  part.name.textContent = setup.name;
  part.number.textContent = setup.number;
  part.manner.textContent = manner(setup);
  if (state === "ringing") showIncoming(phone, call);
  if (state === "talking") showTalk(part, call);
  if (state === "idle") showLast(phone);
  showThread(phone);
}

function showIncoming(phone, call) {
  const others = [...phone.calls.values()].filter((other) => other.status === "ringing").length - 1;
  phone.part.caller.textContent = call.from;
  phone.part.more.textContent = others > 0 ? `and ${others} more` : "";
}

function showTalk(part, call) {
  const machine = call.behaviour === "voicemail";
  part.party.textContent = machine ? "Voicemail has answered" : "Midwatch";
  part.elapsed.dateTime = call.answered_at || "";
  showElapsed(part);
  const lines = call.spoken.map((text) => element("p", text));
  if (call.speaking !== null && lines.length) lines[lines.length - 1].className = "now";
  call.heard.toReversed().forEach((heard) => {
    const line = element("p", heard.digits !== null ? `You pressed ${heard.digits}` : `You: “${heard.speech}”`, "you");
    lines.splice(heard.spoken_before, 0, line);
  });
  replaceLines(part.captions, lines.length ? lines : [element("p", "…")]);
  part.turn.textContent = call.joined.length ? `Joined ${call.joined.join(", ")}`
    : call.listening ? "Listening: press a key or speak" : "";
  part.turn.dataset.on = call.listening;
}

function showLast(phone) {
  const call = [...phone.calls.values()].pop();
  if (!call) {
    phone.part.last.replaceChildren(element("p", "No calls yet", "quiet"));
    return;
  }
  const status = STATUS[call.status] || call.status;
  const length = call.answered_at && call.ended_at ? `, ${clock(new Date(call.ended_at) - new Date(call.answered_at))}` : "";
  const heading = element("p", null, "quiet");
  heading.append(element("span", `Last call ${time(call.created_at)}`), element("span", status + length, `tag ${call.status}`));
  const nodes = [heading];
  if (call.voicemail) nodes.push(element("p", "Voicemail left", "label"), element("blockquote", call.voicemail));
  else if (call.spoken.length) nodes.push(element("p", "Last heard", "label"), element("blockquote", call.spoken.at(-1)));
  const did = call.heard.map((heard) => (heard.digits !== null ? `pressed ${heard.digits}` : `said “${heard.speech}”`));
  if (did.length) nodes.push(element("p", `You ${did.join(", ")}`, "did"));
  if (call.errors.length) nodes.push(element("p", `Error ${call.errors.at(-1).code}: ${call.errors.at(-1).message}`, "fault"));
  phone.part.last.replaceChildren(...nodes);
}

function showThread(phone) {
  const nodes = [...phone.messages.values()].slice(-30).map((message) => {
    const bubble = element("div", null, message.direction === "inbound" ? "bubble mine" : "bubble");
    const state = message.direction === "inbound" ? "" : ` · ${message.status}`;
    bubble.append(element("p", message.body), element("small", time(message.created_at) + state));
    return bubble;
  });
  const notes = phone.setup.opted_out ? [element("p", "Unsubscribed. Send START to get messages again.", "quiet")] : [];
  replaceLines(phone.part.thread, nodes.length || notes.length ? [...nodes, ...notes] : [element("p", "No messages", "quiet")]);
}

function manner(setup) {
  const say = {
    answer: (b) => `answers after ${b.after} s${b.then.map((s) => (s.press ? `, presses ${s.press}` : `, says “${s.say}”`)).join("")}`,
    mumble: (b) => `mumbles after ${b.after} s`, busy: () => "is busy", "no-answer": () => "does not answer",
    voicemail: (b) => `goes to voicemail after ${b.after} s`, "hang-up": (b) => `hangs up after ${b.talk} s`,
    "line-down": () => "is out of reach", manual: () => "waits for you", ignore: () => "ignores them",
    reply: (b) => `replies “${b.text}” after ${b.after} s`, undeliverable: () => "cannot be delivered", "opted-out": () => "has opted out",
  };
  const list = (behaviours) => (behaviours || []).map((b) => say[b.kind](b)).join(", then ");
  return setup.calls ? `Called: ${list(setup.calls)}. Written to: ${list(setup.messages)}.` : "";
}

// --- the page around them --------------------------------------------------------------------------------------------

let announced = "";
let blink = false;

function showRinging() {
  const ringing = [...phones.values()].filter((phone) => stateOf(phone) === "ringing");
  const names = ringing.map((phone) => phone.setup.name);
  const text = names.length ? `${names.join(", ")}: phone is ringing. Enter picks up.` : "";
  if (text !== announced) byId("ringing-live").textContent = announced = text;
  const jump = byId("jump");
  jump.hidden = !names.length;
  jump.textContent = names.length === 1 ? `${names[0]} is ringing` : `${names.length} phones are ringing`;
  jump.onclick = () => { ringing[0].root.scrollIntoView({ block: "nearest" }); ringing[0].root.focus(); };
  document.title = names.length ? `${blink ? "☎" : "●"} ${names.join(", ")} ringing` : "Phones · Midwatch simulator";
  const colour = names.length ? "#22c55e" : "#64748b";
  if (byId("icon").dataset.colour !== colour) {
    byId("icon").dataset.colour = colour;
    byId("icon").href = ICON(colour);
  }
}

function showLink(up) {
  byId("link").dataset.up = up;
  byId("link-text").textContent = up ? "Live" : "Connection lost, trying again";
}

function showErrors() {
  const box = byId("errors");
  box.hidden = errors.length === 0;
  if (!errors.length) return;
  const line = (entry) => `${entry.code} ${entry.message}`;
  byId("errors-count").textContent = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  byId("errors-last").textContent = line(errors.at(-1));
  byId("errors-list").replaceChildren(...errors.slice(-20).reverse().map((entry) => {
    const item = element("li");
    item.append(element("time", time(entry.at), "figures"), element("span", line(entry)), element("small", entry.url || ""));
    return item;
  }));
}

function showCarrier(carrier) {
  const same = (mood) => JSON.stringify(fullMood(mood)) === JSON.stringify(fullMood(carrier));
  const name = Object.keys(MOODS).find((key) => same(MOODS[key]));
  const select = byId("mood");
  const custom = name ? [] : [new Option(`as set by control${carrier.for_next ? `, next ${carrier.for_next}` : ""}`, "custom")];
  select.replaceChildren(...Object.keys(MOODS).map((key) => new Option(key, key)), ...custom);
  select.value = name || "custom";
  byId("carrier").dataset.mood = name === "normal" ? "normal" : "off";
}

function fullMood(mood) {
  const callbacks = { delay: 0, times: 1, reorder: false, drop: [], ...mood.callbacks };
  return { slow: mood.slow || 0, fail: mood.fail_with || null, lose: mood.lose_answers || false, left: mood.for_next || null,
    callbacks: [callbacks.delay, callbacks.times, callbacks.reorder, [...callbacks.drop].sort()] };
}

// --- hands -----------------------------------------------------------------------------------------------------------

async function act(phone, verb, body) {
  await send("POST", `/control/phones/${encodeURIComponent(phone.setup.number)}/${verb}`, body);
}

async function send(method, path, body) {
  try {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
    byId("status-live").textContent = answer.ok ? "" : `Refused: ${JSON.stringify((await answer.json()).detail)}`;
  } catch {
    byId("status-live").textContent = "The simulator does not answer.";
  }
}

function onKey(event, phone) {
  const typing = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const state = stateOf(phone);
  if (event.key === "Escape" && state !== "idle") take(() => act(phone, "hang-up"));
  else if (typing) return;
  else if (event.key === "Enter" && state === "ringing" && !event.target.matches("button")) take(() => act(phone, "pick-up"));
  else if (/^[0-9*#]$/.test(event.key) && state === "talking") take(() => act(phone, "press", { digits: event.key }));

  function take(deed) {
    event.preventDefault();
    event.stopPropagation();
    phone.root.focus();
    deed();
  }
}

// With no phone focused, keys go to the one that needs them most.
document.addEventListener("keydown", (event) => {
  if (document.activeElement !== document.body && document.activeElement !== byId("phones")) return;
  const all = [...phones.values()];
  const phone = all.find((one) => stateOf(one) === "ringing" && event.key === "Enter") || all.find((one) => stateOf(one) === "talking");
  if (phone) onKey(event, phone);
});

byId("mood").onchange = (event) => {
  if (event.target.value !== "custom") send("PUT", "/control/carrier", MOODS[event.target.value]);
};

// --- small tools -----------------------------------------------------------------------------------------------------

function element(name, text = null, className = "") {
  const node = document.createElement(name);
  if (text !== null) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function replaceLines(box, lines) {
  const before = box.textContent;
  box.replaceChildren(...lines);
  if (box.textContent !== before) box.scrollTop = box.scrollHeight;
}

const time = (at) => new Date(at).toLocaleTimeString([], { hour12: false });
const clock = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

function showElapsed(part) {
  if (part.elapsed.dateTime) part.elapsed.textContent = clock(Math.max(0, Date.now() - new Date(part.elapsed.dateTime)));
}

setInterval(() => {
  blink = !blink;
  showRinging();
  phones.forEach((phone) => { if (phone.root.dataset.state === "talking") showElapsed(phone.part); });
}, 1000);
showCarrier({});
listen();
