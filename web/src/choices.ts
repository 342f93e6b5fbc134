// What choosing does to other controls: an exclusive answer stands alone, a text
// at "anders" ticks its box, and an answer can be cleared in place.

import { type Control, isChoice } from "./fields";

/** What somebody did: typed, chose, or left a text. */
export type Act = "typed" | "chosen" | "left";

/** The name of an option, without its small print. */
function name(c: HTMLInputElement): string {
  const label = document.getElementById(c.id + "-naam") ?? c.labels?.[0];
  return "‘" + (label?.textContent ?? "").replace(/\u00ad/g, "").trim() + "’";
}

/** The controls of the same question or row. */
function beside(c: Element): Control[] {
  const set = c.closest("fieldset");
  return set ? [...set.querySelectorAll<Control>("input, textarea")] : [];
}

/** The option that a text belongs to. */
function owner(text: Element): HTMLInputElement | null | undefined {
  return text.closest(".reveal")?.previousElementSibling?.querySelector("input");
}

function uncheck(list: Control[], why: (c: HTMLInputElement) => boolean): string {
  const off = list.filter(isChoice).filter((c) => c.checked && why(c));
  for (const c of off) c.checked = false;
  return off.map(name).join(", ");
}

/** Makes room for the option that was just chosen. */
function alone(chosen: HTMLInputElement): string {
  if (!chosen.checked) return "";
  const all = beside(chosen);
  const exclusive = "alone" in chosen.dataset;
  let off = chosen.type === "checkbox" ? uncheck(all, (c) => c !== chosen && (exclusive || "alone" in c.dataset)) : "";
  if (exclusive) {
    for (const t of all) {
      if (isChoice(t) || !t.value || !(owner(t) || t.name === chosen.name)) continue;
      t.value = "";
      off ||= "de tekst";
    }
  }
  return off;
}

/** Chooses the option that a text was typed at. */
function typed(text: Control): string {
  if (!text.value.trim()) return "";
  const all = beside(text);
  const option = owner(text);
  if (!option) return uncheck(all, (c) => c.name === text.name); // a number, or that there is none
  if (option.type === "radio" && all.some((c) => isChoice(c) && c.checked)) return "";
  option.checked = true;
  return alone(option);
}

function clear(button: HTMLButtonElement): void {
  const all = beside(button);
  for (const c of all) {
    if (isChoice(c)) c.checked = false;
    else c.value = "";
  }
  all[0]?.focus(); // the button is not seen any more
}

/** Shows what belongs to what is chosen now. */
export function draw(form: HTMLFormElement): void {
  form.querySelectorAll<HTMLElement>(".reveal").forEach((box) => {
    const text = box.querySelector<Control>("input, textarea");
    box.hidden = !!text && !text.value && !owner(text)?.checked;
  });
  form.querySelectorAll<HTMLElement>(".clear[value^='wis:']").forEach((button) => {
    button.classList.toggle("chosen", beside(button).some((c) => (isChoice(c) ? c.checked : c.value !== "")));
  });
}

/** Watches the form; tells what was done to other answers. */
export function watch(form: HTMLFormElement, tell: (text: string) => void, did: (act: Act) => void): void {
  const after = (off: string, act: Act) => {
    draw(form);
    if (off) tell("Uitgezet: " + off + ".");
    did(act);
  };
  form.addEventListener("input", (e) => {
    const c = e.target as Control;
    if (!isChoice(c)) after(typed(c), "typed");
  });
  form.addEventListener("change", (e) => {
    const c = e.target as Control;
    if (isChoice(c)) after(alone(c), "chosen");
    else did("left");
  });
  form.addEventListener("click", (e) => {
    const button = (e.target as Element).closest<HTMLButtonElement>(".clear[value^='wis:']");
    if (!button) return;
    e.preventDefault();
    clear(button);
    draw(form);
    tell("Antwoord gewist.");
    did("chosen");
  });
}
