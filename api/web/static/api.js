// Asking the API to do something.

/** What identifies a request, so that one which is repeated is done once. */
export function newKey() {
  // randomUUID is only there on https and on this machine.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What came of it: `ok`, `text` for people, and what was answered. It never throws. */
export async function post(path, body, key) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    });
  } catch {
    return { ok: false, again: true, text: "Midwatch does not answer. Nothing is known to be done; try again.", faults: [] };
  }
  if (answer.status === 401) signIn();
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    return { ok: false, again: answer.status >= 500, text: told.detail ?? `It answers ${answer.status}.`, faults: told.faults ?? [] };
  }
  return { ok: told.said?.accepted ?? true, text: told.said?.text ?? "", faults: [], ...told };
}

/** What people can choose from: people, services, severities, roles. */
export async function choices() {
  for (;;) {
    const answer = await fetch("/api/v1/choices", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return answer.json();
    if (answer?.status === 401) signIn();
    await new Promise((resume) => setTimeout(resume, 3_000));
  }
}

function signIn() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
}
