// Following server-sent events. By fetch and not by EventSource, which cannot resume where it was after an error
// it gives up on, tells no status, and does not notice a line that has died silently.

import { setBy } from "./clock.js";

const SILENT_MS = 12_000; // The server says something every five seconds.
const HIDDEN_MS = 60_000; // A browser keeps six connections to a server: a page nobody looks at gives its own back.
const LONGEST_PAUSE_MS = 5_000;

export class Stream {
  #address;
  #hear;
  #tell;
  #last = null;
  #line = null; // aborts the present connection
  #wake = () => {};
  #heardAt = 0;
  #anew = false;

  /**
   * @param hear takes each event and its data.
   * @param tell takes how it stands: live, broken and why, resting, over, unknown.
   */
  constructor(address, hear, tell) {
    this.#address = address;
    this.#hear = hear;
    this.#tell = tell;
  }

  /** Follow it, until it ends and `isOver` says that this was its end. */
  async follow(isOver) {
    this.#mind();
    for (let failures = 0; ; failures++) {
      if (document.hidden && failures) await this.#seen();
      let why = "";
      try {
        const answer = await this.#connect();
        if (answer.status === 401) {
          location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
          return;
        }
        if (answer.status === 404) return void this.#tell("unknown");
        if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `it answers ${answer.status}`);
        this.#tell("live");
        failures = 0;
        await this.#read(answer.body);
        if (isOver()) return void this.#tell("over");
      } catch (fault) {
        why = fault.name === "Error" ? fault.message : "";
      }
      if (this.#anew) {
        this.#anew = false;
        continue;
      }
      this.#tell("broken", why);
      await this.#pause(Math.min(300 * 2 ** failures, LONGEST_PAUSE_MS));
    }
  }

  /** Ask for all of it again: there may be something before what was heard last. */
  again() {
    this.#last = null;
    this.#anew = true;
    this.#line?.abort();
  }

  async #connect() {
    this.#line = new AbortController();
    this.#heardAt = performance.now();
    const asked = Date.now();
    const headers = this.#last === null ? {} : { "Last-Event-ID": this.#last };
    const answer = await fetch(this.#address, { headers, cache: "no-store", signal: this.#line.signal });
    setBy(answer, asked);
    return answer;
  }

  async #read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let message = {};
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#heardAt = performance.now();
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (message.data) this.#take(message);
          message = {};
          continue;
        }
        const [, field, text] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
        if (field) message[field] = field === "data" && message.data ? `${message.data}\n${text}` : text;
      }
    }
  }

  #take({ event, id, data }) {
    try {
      this.#hear(event, JSON.parse(data));
    } catch (fault) {
      reportError(fault); // one that cannot be shown is no reason to ask for it for ever
    }
    if (id) this.#last = id;
  }

  #mind() {
    let resting;
    setInterval(() => {
      if (performance.now() - this.#heardAt > SILENT_MS) this.#line?.abort();
    }, 1000);
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => this.#line?.abort());
    document.addEventListener("visibilitychange", () => {
      clearTimeout(resting);
      if (document.hidden) resting = setTimeout(() => this.#line?.abort(), HIDDEN_MS);
      else this.#wake();
    });
  }

  async #seen() {
    this.#tell("resting");
    while (document.hidden) await this.#pause(3_600_000);
  }

  #pause(ms) {
    return new Promise((resume) => {
      const timer = setTimeout(resume, ms);
      this.#wake = () => { clearTimeout(timer); resume(); };
    });
  }
}
