// The controls of a form as what would be posted, and back.

export type Field = [name: string, value: string];

const own = ["versie", "verzoek"];

/** Returns what the form would post, without what it knows of itself. */
export function read(form: HTMLFormElement): Field[] {
  const out: Field[] = [];
  new FormData(form).forEach((value, name) => {
    if (!own.includes(name)) out.push([name, String(value).replace(/\r\n?|\n/g, "\r\n")]); // as browsers post it
  });
  return out;
}

export type Control = HTMLInputElement | HTMLTextAreaElement;

/** Returns the controls of the form with that name, hidden ones left out. */
export function named(form: HTMLFormElement, name?: string): Control[] {
  return [...form.querySelectorAll<Control>("input:not([type=hidden]), textarea")].filter((c) => !name || c.name === name);
}

export function isChoice(c: Element): c is HTMLInputElement {
  return c instanceof HTMLInputElement && (c.type === "radio" || c.type === "checkbox");
}

/** Whether a control differs from how the page was drawn. */
export const touched = (c: Control): boolean => (isChoice(c) ? c.checked !== c.defaultChecked : c.value !== c.defaultValue);

/** Gives a control one of the values of its name. */
export function put(control: Control, values: string[]): void {
  if (isChoice(control)) control.checked = values.includes(control.value);
  else control.value = values[0] ?? "";
}

/** The fields with that name. */
export const only = (fields: Field[], name: string): Field[] => fields.filter((f) => f[0] === name);

export const same = (a: Field[], b: Field[]): boolean => JSON.stringify(a) === JSON.stringify(b);
