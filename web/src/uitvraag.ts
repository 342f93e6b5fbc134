// The script of a page with a question, and of a call. It saves while somebody fills in, and
// says so. The page works without it. On the pages after a question it only
// forgets what was saved there.

import { draw, watch } from "./choices";
import { posted } from "./draft";
import { named, touched } from "./fields";
import { Autosave } from "./save";
import { Status } from "./status";

function start(form: HTMLFormElement, node: HTMLElement, alert: HTMLElement): void {
  // Browsers fill in again what stood here before; what was not saved of it is in
  // the draft. On a slow network somebody may have chosen before this script came.
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (entry?.type !== "navigate") form.reset();
  const early = named(form).some(touched);
  for (const name of ["versie", "verzoek"]) (form.elements.namedItem(name) as HTMLInputElement).value = form.dataset[name] ?? "";
  const status = new Status(node, alert);
  const save = new Autosave(form, status, () => draw(form));
  draw(form);
  document.querySelector<HTMLElement>("[autofocus]")?.focus();
  save.restore(!!document.querySelector(".error-summary"));
  watch(form, (text) => status.tell(text), (act) => save.did(act));
  save.rest();
  if (early) save.did("chosen");

  form.addEventListener("submit", (e) => {
    if (!save.leave()) e.preventDefault();
  });
  addEventListener("online", () => save.now());
  addEventListener("focus", () => save.now());
  document.addEventListener("visibilitychange", () => (document.hidden ? save.hide() : save.now()));
  addEventListener("beforeunload", (e) => {
    if (save.unsent && save.failing) e.preventDefault(); // else it is saved while the page goes
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted) location.reload(); // what is shown is older than what is saved
  });
}

posted();
const form = document.querySelector<HTMLFormElement>("form[data-versie]");
const node = document.querySelector<HTMLElement>(".where [role=status]");
const alert = document.querySelector<HTMLElement>(".where [role=alert]");
if (form && node && alert) start(form, node, alert);


// While the page of a call is open, nobody else gets the unit.
const kept = document.querySelector<HTMLFormElement>("form[data-blijf]")?.dataset.blijf;
if (kept) setInterval(() => void fetch(kept, { method: "POST" }).catch(() => undefined), 120_000);
