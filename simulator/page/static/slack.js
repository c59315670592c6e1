// Slack as its people see it, kept up to date by the events of the control API. What a hand does here goes to the
// simulator, and appears when the simulator has it.

import { blocks, element, mrkdwn } from "./slack_blocks.js";
import { Modal } from "./slack_modal.js";

const MOODS = {
  well: {},
  "fails: 503": { fail_with: 503 },
  "fails: internal_error": { error: "internal_error" },
  "rate limits (1 s)": { rate_limit: true },
  "hangs (30 s)": { hang: 30 },
  "loses answers": { lose_answers: true },
};
const HOME = "home";
const byId = (id) => document.getElementById(id);

const users = new Map();
const channels = new Map();
const messages = new Map(); // channel → Map of ts → message
const views = new Map();
const nodes = new Map(); // ts → what shows it, in the channel that is open
const read = new Map(); // channel → how many messages had come when one last looked
let bot = "";
let current = "";
let acting = sessionStorage.getItem("acting") || "";
let wanted = "";

const names = {
  user: (id) => users.get(id)?.name || id,
  channel: (id) => channels.get(id)?.name || id,
  people: () => [...users.values()].filter((user) => !user.is_bot),
};
const modal = new Modal(byId("modal"), names, {
  submit: (view_id, values) => act("submit", { view_id, values }),
  close: (view_id) => act("close-view", { view_id }),
  click: (view_id, action_id, value) => act("click", { view_id, action_id, value }),
});

// --- what comes in ---------------------------------------------------------------------------------------------------

function listen() {
  const source = new EventSource("/control/events");
  source.onopen = () => showLink(true);
  source.onerror = () => showLink(false);
  source.addEventListener("snapshot", (event) => takeAll(JSON.parse(event.data).slack));
  source.addEventListener("reset", (event) => takeAll(JSON.parse(event.data).slack));
  source.addEventListener("slack", (event) => take(JSON.parse(event.data)));
}

function takeAll(slack) {
  for (const kept of [users, channels, messages, views, read]) kept.clear();
  slack.users.forEach((user) => users.set(user.id, user));
  slack.channels.forEach((channel) => channels.set(channel.id, channel));
  slack.messages.forEach(keep);
  slack.views.forEach((view) => views.set(view.id, view));
  bot = slack.bot;
  channels.forEach((channel) => read.set(channel.id, of(channel.id).size));
  showMood(slack.mood);
  showActing();
  openByAddress();
}

const TAKE = {
  user: ({ user }) => { users.set(user.id, user); showActing(); showRoom(); },
  channel: ({ channel }) => {
    channels.set(channel.id, channel);
    showChannels();
    if (channel.id === current) showHead();
  },
  message: ({ message }) => { keep(message); showMessage(message); },
  "message-gone": ({ channel, ts }) => {
    of(channel).delete(ts);
    if (channel === current) { nodes.get(ts)?.remove(); nodes.delete(ts); }
  },
  view: ({ view }) => {
    views.set(view.id, view);
    showActing();
    if (view.view.type === "home" && current === HOME) showRoom();
  },
  "view-gone": ({ id }) => { views.delete(id); showActing(); },
  mood: ({ mood }) => showMood(mood),
  trouble: ({ user, text }) => toast(user === acting ? text : `${names.user(user)}: ${text}`),
};
const take = (change) => TAKE[change.what]?.(change);

function of(channel) {
  if (!messages.has(channel)) messages.set(channel, new Map());
  return messages.get(channel);
}

const keep = (message) => of(message.channel).set(message.ts, message);

// --- channels and the head of one ------------------------------------------------------------------------------------

function titleOf(channel) {
  if (channel.kind === "channel") return `${channel.is_private ? "◆" : "#"} ${channel.name}`;
  return channel.members.filter((user) => user !== bot).map(names.user).join(", ");
}

function showChannels() {
  const order = [...channels.values()].sort((a, b) => a.is_archived - b.is_archived || (a.kind === "channel" ? 0 : 1) - (b.kind === "channel" ? 0 : 1));
  const entries = order.map((channel) => [channel.id, titleOf(channel), channel.is_archived ? "archived" : ""]);
  const links = [...entries, [HOME, "⌂ Midwatch home", ""]].map(([id, title, className]) => {
    const link = element("a", null, className);
    link.href = `#${id}`;
    link.append(element("span", title));
    if (id === current) link.setAttribute("aria-current", "page");
    const unread = of(id).size - (read.get(id) || 0);
    if (unread > 0 && id !== current) {
      const badge = element("b", String(unread));
      badge.setAttribute("aria-label", `${unread} new`);
      link.append(badge);
    }
    return link;
  });
  const nav = byId("channels");
  const focused = nav.contains(document.activeElement) && document.activeElement.hash;
  nav.replaceChildren(...links);
  if (focused) links.find((link) => link.hash === focused)?.focus();
  const unread = [...channels.keys()].some((id) => id !== current && of(id).size > (read.get(id) || 0));
  document.title = `${unread ? "● " : ""}${current === HOME ? "Home" : names.channel(current)} · Slack · Midwatch simulator`;
}

function showHead() {
  const head = byId("head");
  const channel = channels.get(current);
  if (!channel) {
    head.replaceChildren(element("h2", `Midwatch, as ${names.user(acting)} sees it`));
    return;
  }
  const line = element("div", null, "line");
  line.append(element("h2", titleOf(channel)));
  if (channel.is_archived) line.append(element("span", "archived", "tag-app"));
  const members = channel.members.map(names.user).join(", ");
  const count = element("span", `${channel.members.length} ${channel.members.length === 1 ? "member" : "members"}`, "dim");
  count.title = members;
  line.append(count);
  head.replaceChildren(line);
  if (channel.topic) head.append(mrkdwn(channel.topic, names, element("p", null, "topic")));
  const marks = element("div", null, "marks");
  channel.bookmarks.forEach((bookmark) => {
    const link = element("a", bookmark.title, "mark");
    link.href = bookmark.link;
    link.target = "_blank";
    link.rel = "noopener";
    marks.append(link);
  });
  channel.pins.forEach((ts) => {
    const link = element("a", null, "mark");
    link.append(element("i", "PINNED"), of(current).get(ts)?.text.split("\n")[0] || "message");
    link.href = `#${current}/${ts}`;
    marks.append(link);
  });
  if (marks.childNodes.length) head.append(marks);
}

// --- messages --------------------------------------------------------------------------------------------------------

function showRoom() {
  showChannels();
  showHead();
  const stream = byId("stream");
  nodes.clear();
  stream.replaceChildren();
  byId("composer").hidden = current === HOME;
  byId("text").placeholder = current === HOME ? "" : `Message ${titleOf(channels.get(current))}, or /command`;
  if (current === HOME) {
    const home = [...views.values()].find((view) => view.view.type === "home" && view.user === acting);
    const click = (action_id, value) => act("click", { view_id: home.id, action_id, value });
    const shown = home ? blocks(home.view.blocks, names, click, () => element("em", "(input)")) : [element("p", "No home tab has been published for this person.", "none")];
    stream.append(...shown);
    return;
  }
  const all = [...of(current).values()];
  all.forEach((message) => place(message));
  if (!all.length) stream.append(element("p", "Nothing has been said here yet.", "none"));
  stream.scrollTop = stream.scrollHeight;
}

function showMessage(message) {
  if (message.channel !== current) {
    showChannels();
    return;
  }
  const stream = byId("stream");
  const atEnd = stream.scrollHeight - stream.scrollTop - stream.clientHeight < 80;
  stream.querySelector(".none")?.remove();
  read.set(current, of(current).size);
  if (!nodes.has(message.ts) && !message.subtype) byId("arrived").textContent = `${names.user(message.user)}: ${message.text}`;
  place(message);
  if (atEnd) stream.scrollTop = stream.scrollHeight;
  if (channels.get(current)?.pins.includes(message.ts)) showHead();
}

function place(message) {
  const node = message.subtype ? note(message) : card(message);
  node.id = `m-${message.ts}`;
  const old = nodes.get(message.ts);
  nodes.set(message.ts, node);
  if (old) {
    const focused = old.contains(document.activeElement) && document.activeElement.dataset.action;
    old.replaceWith(node);
    if (focused) (node.querySelector(`[data-action="${CSS.escape(focused)}"]`) || byId("stream")).focus();
    return;
  }
  const thread = message.thread_ts && message.thread_ts !== message.ts ? nodes.get(message.thread_ts) : null;
  if (!thread) {
    byId("stream").append(node);
    return;
  }
  node.classList.add("reply");
  let last = thread;
  while (last.nextElementSibling?.dataset.thread === message.thread_ts) last = last.nextElementSibling;
  last.after(node);
}

function note(message) {
  const line = mrkdwn(message.text, names, element("p", null, "note"));
  line.append(" ", clock(message.ts));
  return line;
}

function card(message) {
  const user = users.get(message.user);
  const article = element("article", null, "message");
  if (message.ephemeral_to) article.classList.add("ephemeral");
  if (message.thread_ts && message.thread_ts !== message.ts) article.classList.add("reply");
  article.dataset.thread = message.thread_ts || "";
  article.setAttribute("aria-label", `${names.user(message.user)}, ${clock(message.ts).textContent}`);
  const body = element("div", null, "said");
  const by = element("div", null, "by");
  by.append(element("strong", names.user(message.user)));
  if (user?.is_bot) by.append(element("span", "APP", "tag-app"));
  by.append(clock(message.ts));
  if (channels.get(message.channel)?.pins.includes(message.ts)) by.append(element("i", "PINNED"));
  body.append(by);
  const click = (action_id, value, node) => act("click", { channel: message.channel, ts: message.ts, action_id, value }, node);
  body.append(...(message.blocks.length ? blocks(message.blocks, names, click, () => element("em", "(input)")) : [mrkdwn(message.text, names)]));
  if (message.edited) body.append(element("small", "(edited)", "dim"));
  if (message.ephemeral_to) {
    const who = message.ephemeral_to === acting ? "you" : names.user(message.ephemeral_to);
    body.append(element("small", `Only visible to ${who}`, "dim only"));
  }
  article.append(avatar(user, message.user), body);
  return article;
}

function avatar(user, id) {
  const words = (user?.name || id).split(/\s+/);
  const node = element("span", (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase(), "avatar");
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  node.style.setProperty("--hue", user?.is_bot ? 215 : hue);
  node.setAttribute("aria-hidden", "true");
  return node;
}

function clock(ts) {
  const at = new Date(Number(ts) * 1000);
  const node = element("time", at.toLocaleTimeString([], { hour12: false }), "dim figures");
  node.dateTime = at.toISOString();
  return node;
}

// --- who one acts as, and the mood -----------------------------------------------------------------------------------

function showActing() {
  const people = names.people();
  if (!people.some((user) => user.id === acting)) acting = people[0]?.id || "";
  const open = new Set([...views.values()].filter((view) => view.view.type === "modal").map((view) => view.user));
  const options = people.map((user) => new Option(user.name + (open.has(user.id) ? " (modal open)" : ""), user.id));
  byId("acting").replaceChildren(...(options.length ? options : [new Option("nobody yet", "")]));
  byId("acting").value = acting;
  byId("text").disabled = !acting;
  const mine = [...views.values()].filter((view) => view.view.type === "modal" && view.user === acting);
  modal.show(mine.at(-1) || null);
}

function showMood(mood) {
  const full = (one) => JSON.stringify([one.fail_with || null, one.hang || 0, one.rate_limit || false, one.error || null, one.lose_answers || false, one.method || null, one.for_next || null]);
  const name = Object.keys(MOODS).find((key) => full(MOODS[key]) === full(mood));
  const custom = name ? [] : [new Option(`as set by control${mood.for_next ? `, next ${mood.for_next}` : ""}`, "custom")];
  byId("mood").replaceChildren(...Object.keys(MOODS).map((key) => new Option(key, key)), ...custom);
  byId("mood").value = name || "custom";
  byId("mood-box").dataset.mood = name === "well" ? "normal" : "off";
}

function showLink(up) {
  byId("link").dataset.up = up;
  byId("link-text").textContent = up ? "Live" : "Connection lost, trying again";
}

// --- hands -----------------------------------------------------------------------------------------------------------

async function act(verb, body, node = null) {
  if (!acting) {
    toast("There is nobody to act as.");
    return;
  }
  node?.setAttribute("aria-busy", "true");
  toast("");
  await send("POST", `/control/slack/users/${acting}/${verb}`, body);
  node?.removeAttribute("aria-busy");
}

async function send(method, path, body) {
  try {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) toast(`Refused: ${JSON.stringify((await answer.json()).detail)}`);
  } catch {
    toast("The simulator does not answer.");
  }
}

function toast(text) {
  byId("toast").textContent = text;
}

byId("composer").onsubmit = (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (!text) return;
  byId("text").value = "";
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  if (command) act("command", { channel: current, command: command[1], text: command[2] });
  else act("say", { channel: current, text });
};
byId("acting").onchange = (event) => {
  acting = event.target.value;
  sessionStorage.setItem("acting", acting);
  showActing();
  showRoom();
};
byId("mood").onchange = (event) => {
  if (event.target.value !== "custom") send("PUT", "/control/slack", MOODS[event.target.value]);
};

// --- which channel is open -------------------------------------------------------------------------------------------

function openByAddress() {
  const [id, ts] = location.hash.slice(1).split("/");
  const busiest = [...channels.values()].filter((channel) => channel.kind === "channel").at(-1)?.id;
  if (id && id !== HOME && !channels.has(id)) toast("That channel is gone.");
  current = id === HOME || channels.has(id) ? id : busiest;
  read.set(current, of(current).size);
  if (id === HOME && wanted !== HOME && acting) act("open-home", {});
  wanted = current;
  showRoom();
  if (ts && nodes.has(ts)) {
    nodes.get(ts).scrollIntoView({ block: "center" });
    nodes.get(ts).classList.add("sought");
  }
}

addEventListener("hashchange", (event) => {
  if (new URL(event.newURL).hash === "#composer") return;
  openByAddress();
});
listen();
