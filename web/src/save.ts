// Saving while somebody fills in a page: one request at a time, again and again
// until it is done.

import type { Act } from "./choices";
import * as draft from "./draft";
import { type Field, isChoice, named, only, put, read, same, touched } from "./fields";
import type { Status } from "./status";

interface Answer {
  versie: number; // what the page posts from now on
  status: string;
  velden?: Record<string, string>; // what somebody else filled in meanwhile
  open?: boolean; // something is not right yet, and not saved
}

// Every save costs some 600 bytes of headers, and Volgende saves the page anyway:
// who chooses on need not be saved at each step. What waits is on this device.
const pause = { chosen: 5_000, typed: 3_000 }; // without a change, before a save; at most 10 s (PS3)
const longest = 30_000; // that somebody goes on before a save
const next = 1_000; // after a save, where more came
const patience = 12_000;
const offline = "Geen verbinding. Wat u invult, blijft op deze pagina staan. Wij proberen het steeds opnieuw.";
const held = "Geen verbinding, dus u kunt nog niet verder. Wat u invulde, blijft op deze pagina staan. Druk nog een keer om het toch te proberen.";
const soon = "Over tien minuten verloopt uw sessie. Typ iets of druk ergens op deze pagina om door te gaan. Wat u invulde, blijft bewaard.";
const acts = ["pointerdown", "keydown"];
const notice = 600_000; // before the session ends
const unsaved = "Nog niet opgeslagen";

export class Autosave {
  private changes = 0;
  private saved = 0;
  private since = 0; // of the first change that is not saved
  private wait = 0; // before the next try, after one that failed
  private timer = 0;
  private resting = 0;
  private running?: Promise<void>;
  private stopped = false; // only Volgende helps now
  private shown = false; // the answer to Volgende will show what is not saved
  private unreachable = false;
  private warned = false;
  private leaving = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly status: Status,
    private readonly drawn: () => void,
  ) {}

  /** Tells in time that the session will end; the first thing somebody then does extends it (WCAG 2.2.1). */
  rest(): void {
    clearTimeout(this.resting);
    const idle = Number(this.form.dataset.sessie) * 1_000;
    if (!(idle > notice)) return;
    this.resting = window.setTimeout(() => {
      this.status.warn(soon);
      const act = () => {
        for (const type of acts) removeEventListener(type, act);
        this.changes++;
        this.now();
      };
      for (const type of acts) addEventListener(type, act);
    }, idle - notice);
  }

  /** Starts with what the server drew, and what was not saved last time. */
  restore(failed: boolean): void {
    const old = draft.kept();
    if (!old) return;
    if (same(old.fields, read(this.form))) {
      if (!failed) draft.forget();
      return;
    }
    if (failed || this.longer(old.fields)) return; // what is shown was posted later, or another page comes
    const early = new Set(named(this.form).filter(touched).map((c) => c.name));
    for (const c of named(this.form)) if (!early.has(c.name)) put(c, only(old.fields, c.name).map((f) => f[1]));
    this.own("versie").value = old.versie;
    this.drawn();
    this.status.tell("Hier staat weer wat u eerder invulde. Wij slaan het nu op.");
    this.changed(0);
  }

  /** Asks for a page with all groups of the draft; true where it will come. */
  private longer(fields: Field[]): boolean {
    const page = location.pathname.split("/").pop() + "_";
    const groups = fields.filter(([name, value]) => value && name.startsWith(page) && !named(this.form, name).length).map(([name]) => parseInt(name.slice(page.length)));
    const more = groups.length > 0 && !location.search;
    if (more) location.search = "herhalingen=" + Math.max(...groups);
    return more;
  }

  did(act: Act): void {
    if (act === "left") this.now();
    else this.changed(pause[act]);
  }

  /** Something was filled in; after ms it is saved. */
  private changed(ms: number): void {
    if (this.changes === this.saved) this.since = Date.now();
    this.changes++;
    if (this.leaving) {
      this.leaving = false; // Volgende was pressed and broken off: what follows is another page to the server
      this.own("verzoek").value = Date.now().toString(36) + Math.random().toString(36).slice(2);
    }
    this.keep();
    if (!this.failing) this.status.waits();
    if (!this.wait) this.plan(Math.min(ms, Math.max(0, this.since + longest - Date.now())));
  }

  /** Tries now, where something waits. */
  now(): void {
    if (this.unsent) this.plan(0);
  }

  get unsent(): boolean {
    return this.changes > this.saved && !this.leaving;
  }

  /** Whether leaving now would lose what was filled in from sight. */
  get failing(): boolean {
    return this.stopped || this.wait > 0 || !navigator.onLine;
  }

  /** Saves when the page goes out of sight; the request may outlive it. */
  hide(): void {
    if (this.unsent && !this.running && !this.stopped) void this.send(true);
  }

  /** Whether the page may be posted. Without a connection the first press only warns: an error page of the browser would hide what was typed. */
  leave(): boolean {
    if (!this.warned && (!navigator.onLine || (this.unsent && this.unreachable))) {
      this.warned = true;
      this.status.failed(unsaved, held);
      this.now();
      return false;
    }
    if (this.shown) draft.forget();
    clearTimeout(this.timer);
    this.leaving = true;
    return true;
  }

  private keep(): void {
    draft.keep({ versie: this.own("versie").value, fields: read(this.form) });
  }

  private plan(ms: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = window.setTimeout(() => {
      if (!this.running && this.unsent) void this.send(false);
    }, ms);
  }

  private send(keepalive: boolean): Promise<void> {
    clearTimeout(this.timer);
    this.running = this.post(read(this.form), this.changes, keepalive).finally(() => {
      this.running = undefined;
      if (this.unsent && !this.wait) this.plan(next);
    });
    return this.running;
  }

  /** A hidden field of the page itself. */
  private own(name: "versie" | "verzoek"): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  private async post(fields: Field[], upTo: number, keepalive: boolean): Promise<void> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      const response = await fetch(location.pathname + location.search, {
        method: "POST",
        body: new URLSearchParams([...fields, ["versie", this.own("versie").value], ["verzoek", this.own("verzoek").value]]),
        headers: { "X-Uitvraag-Autosave": "1" },
        signal: abort.signal,
        keepalive,
      });
      this.unreachable = false;
      const answer: Answer | undefined = await response.json().catch(() => undefined);
      if (response.ok && answer) this.done(fields, upTo, answer);
      else this.refused(response.status, answer?.status);
    } catch {
      this.unreachable = true;
      this.later(this.warned ? held : offline);
    } finally {
      clearTimeout(timer);
    }
  }

  private done(sent: Field[], upTo: number, answer: Answer): void {
    this.wait = 0;
    this.warned = false;
    this.saved = upTo;
    this.rest();
    this.since = Date.now();
    if (this.merge(sent, answer)) this.own("versie").value = String(answer.versie);
    if (this.unsent || answer.open) this.keep();
    else draft.forget();
    if (answer.open) this.status.open(answer.status);
    else this.status.saved(answer.status);
  }

  /** Shows what a colleague filled in meanwhile. False where the same answer was changed here since. */
  private merge(sent: Field[], { velden }: Answer): boolean {
    if (!velden) return true;
    const now = read(this.form);
    let clean = true;
    for (const [name, value] of Object.entries(velden)) {
      if (!same(only(now, name), only(sent, name))) {
        clean = false;
        continue;
      }
      const controls = named(this.form, name);
      const choice = controls.some((c) => isChoice(c) && c.value === value);
      for (const c of controls) put(c, isChoice(c) || !choice ? [value] : []);
    }
    this.drawn();
    this.status.tell("Een collega vulde op deze pagina ook iets in. Dat ziet u nu.");
    return clean;
  }

  private refused(status: number, text?: string): void {
    if (status === 403 || status === 408 || status === 429 || status >= 500) return this.later(text ?? offline);
    this.stopped = true;
    this.shown = text !== undefined;
    this.status.failed(unsaved, text ?? "Dit kunnen wij zo niet opslaan. Druk op Volgende.");
  }

  private later(advice: string): void {
    this.wait = Math.min(Math.max(1_000, this.wait * 2), 30_000);
    this.status.failed(unsaved, advice);
    this.plan(this.wait);
  }
}
