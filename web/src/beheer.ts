// The script of the pages of staff: shortcuts, the preview of a text while
// somebody writes it, and the editor of questionnaires. Every page works without it.

import { room } from "./room";
import { edit } from "./workshop";

// Shortcuts stand in the footer, which is the one place that lists them: each link
// with a key, pressed after g. They can be switched off (WCAG 2.1.4), and do
// nothing while somebody types.
function shortcuts(box: HTMLDetailsElement): void {
  const off = "uitvraag-sneltoetsen-uit";
  const button = box.querySelector("button");
  const on = (): boolean => !localStorage.getItem(off);
  const tell = (): void => {
    if (button) button.textContent = on() ? "Zet sneltoetsen uit" : "Zet sneltoetsen aan";
  };
  button?.addEventListener("click", () => {
    if (on()) localStorage.setItem(off, "1");
    else localStorage.removeItem(off);
    tell();
  });
  tell();
  box.hidden = false;
  let began = 0; // when g was pressed
  addEventListener("keydown", (e) => {
    const at = e.target as HTMLElement;
    if (!on() || e.ctrlKey || e.altKey || e.metaKey || e.isComposing || at.closest("input, textarea, select, [contenteditable]")) return;
    if (e.key === "?") {
      box.open = true;
      box.querySelector("summary")?.focus();
      e.preventDefault();
    } else if (e.key === "g") {
      began = e.timeStamp;
    } else if (began && e.timeStamp - began < 1500) {
      began = 0;
      const link = box.querySelector<HTMLAnchorElement>(`a[data-toets="${CSS.escape(e.key)}"]`);
      if (link) {
        e.preventDefault();
        link.click();
      }
    }
  });
}

// The preview is made by the server, by the code that sends; what is typed is
// kept there as a draft.
function preview(form: HTMLFormElement, part: HTMLElement): void {
  let timer = 0;
  let turn = 0;
  const ask = async (): Promise<void> => {
    const mine = ++turn;
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    body.set("actie", "voorbeeld");
    try {
      const resp = await fetch(form.action, { method: "POST", body, headers: { "X-Deel": "voorbeeld" } });
      const text = await resp.text();
      if (resp.ok && mine === turn) part.innerHTML = text;
    } catch {
      // the button does the same, and says what is wrong
    }
  };
  form.addEventListener("input", (e) => {
    if ((e.target as HTMLElement).id === "reden") return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 700);
  });
}

const box = document.querySelector<HTMLDetailsElement>("#sneltoetsen");
if (box) shortcuts(box);
const form = document.querySelector<HTMLFormElement>("form[data-voorbeeld]");
const part = form && document.getElementById(form.dataset.voorbeeld ?? "");
if (form && part) preview(form, part);
edit();
const reading = document.querySelector<HTMLFormElement>("form[data-leeszaal]");
if (reading) room(reading);
