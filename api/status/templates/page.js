// Every moment is on the page in UTC. Where the visitor's clock says something else, it is put beside it.
for (const time of document.querySelectorAll("time:not([data-day])")) {
  const at = new Date(time.dateTime);
  if (at.getTimezoneOffset() === 0) continue;
  const elsewhere = at.getDate() !== at.getUTCDate() ? { day: "numeric", month: "short" } : {};
  const local = document.createElement("span");
  local.className = "local";
  local.textContent = `(${at.toLocaleString("en-GB", {
    ...elsewhere, hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  })})`;
  time.after(" ", local);
}
if (new Date().getTimezoneOffset() !== 0)
  document.getElementById("zone")?.append(", and in brackets in your own zone");
