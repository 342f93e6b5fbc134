// What was typed and not yet saved, kept on this device until it is. Nothing
// else is ever stored here.

import type { Field } from "./fields";

export interface Draft {
  versie: string; // of the answers that were changed
  fields: Field[];
}

const key = (path = location.pathname) => "uitvraag:" + path;

export function keep(draft: Draft): void {
  try {
    localStorage.setItem(key(), JSON.stringify(draft));
  } catch {
    // no room or not allowed: the page still holds it
  }
}

export function kept(): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key()) ?? "null");
    return draft && typeof draft.versie === "string" && Array.isArray(draft.fields) ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function forget(path?: string): void {
  try {
    localStorage.removeItem(key(path));
  } catch {
    // nothing can be there either
  }
}

/** A page that was posted and led here is saved. */
export function posted(): void {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const from = document.referrer && new URL(document.referrer).pathname;
  if (entry?.type === "navigate" && from && from !== location.pathname) forget(from);
}
