// Saving while somebody fills in a page: one request at a time, again and again
// until it is done.

import type { Act } from "./choices";
import * as draft from "./draft";
import { type Field, isChoice, named, put, read, same, values } from "./fields";
import type { Status } from "./status";

interface Answer {
  versie: number; // what the page posts from now on
  status: string;
  velden?: Record<string, string>; // what somebody else filled in meanwhile
  open?: boolean; // something is not right yet, and not saved
}

interface Request {
  fields: Field[];
  body: string;
  upTo: number; // of the changes
}

const typing = 1_000;
const longest = 8_000; // that somebody goes on typing before a save
const patience = 12_000;
const offline = "Geen verbinding. Wat u invult, blijft op deze pagina staan. Wij proberen het steeds opnieuw.";
const held = "Geen verbinding, dus u kunt nog niet verder. Wat u invulde, blijft op deze pagina staan. ";
const unsaved = "Nog niet opgeslagen";

export class Autosave {
  private changes = 0;
  private saved = 0;
  private since = 0; // of the first change that is not saved
  private wait = 0; // before the next try, after one that failed
  private timer = 0;
  private running?: Promise<void>;
  private unsure?: Request; // sent, and no answer came
  private stopped = false; // only Volgende helps now
  private shown = false; // the answer to Volgende will show what is not saved
  private unreachable = false;
  private warned = false;
  private leaving = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly version: HTMLInputElement,
    private readonly status: Status,
    private readonly drawn: () => void,
  ) {}

  /** Starts with what the server drew, and what was not saved last time. */
  restore(failed: boolean): void {
    const old = draft.kept();
    if (!old) return;
    if (same(old.fields, read(this.form))) {
      if (!failed) draft.forget();
      return;
    }
    if (failed) return; // the page was posted after the draft was made
    for (const c of named(this.form)) put(c, values(old.fields, c.name));
    this.version.value = old.versie;
    this.drawn();
    this.status.tell("Hier staat weer wat u eerder invulde. Wij slaan het nu op.");
    this.changed(0);
  }

  did(act: Act): void {
    if (act === "left") this.now();
    else this.changed(act === "typed" ? typing : 0);
  }

  /** Something was filled in; after ms it is saved. */
  private changed(ms: number): void {
    if (this.changes === this.saved) this.since = Date.now();
    this.changes++;
    this.leaving = false;
    this.keep();
    if (!this.wait) this.plan(Math.min(ms, Math.max(0, this.since + longest - Date.now())));
  }

  /** Tries now, where something waits. */
  now(): void {
    if (this.unsent) this.plan(0);
  }

  get unsent(): boolean {
    return this.changes > this.saved && !this.leaving;
  }

  /** Saves when the page goes out of sight; the request may outlive it. */
  hide(): void {
    if (this.unsent && !this.running && !this.stopped) void this.send(true);
  }

  /** Posts the page once nothing is under way any more. */
  async leave(post: () => void): Promise<void> {
    clearTimeout(this.timer);
    const slow = setTimeout(() => this.status.tell("Even geduld, wij slaan op."), 1_000);
    await this.finish();
    clearTimeout(slow);
    if (this.unsent && this.unreachable && !(this.warned && navigator.onLine)) {
      this.warned = true;
      this.status.failed(unsaved, held + (navigator.onLine ? "Druk nog een keer om het toch te proberen." : "Wij proberen het steeds opnieuw."));
      return this.plan(this.wait);
    }
    if (this.shown) draft.forget();
    this.leaving = true;
    post();
  }

  /** Whether posting the page must wait for this. */
  get busy(): boolean {
    return !this.leaving && (!!this.running || this.unsent);
  }

  private async finish(): Promise<void> {
    await this.running;
    for (let i = 0; i < 2 && this.unsent && !this.stopped; i++) {
      await this.send(false);
      if (this.wait) return;
    }
  }

  private keep(): void {
    draft.keep({ versie: this.version.value, fields: read(this.form) });
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
    const request = this.unsure ?? this.request();
    this.running = this.post(request, keepalive).finally(() => {
      this.running = undefined;
      if (this.unsent && !this.wait) this.plan(typing);
    });
    return this.running;
  }

  private request(): Request {
    const fields = read(this.form);
    const id = [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
    const body = new URLSearchParams([...fields, ["versie", this.version.value], ["verzoek", id]]).toString();
    return { fields, body, upTo: this.changes };
  }

  private async post(request: Request, keepalive: boolean): Promise<void> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      const response = await fetch(location.pathname + location.search, {
        method: "POST",
        body: request.body,
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Uitvraag-Autosave": "1" },
        signal: abort.signal,
        keepalive,
      });
      this.unsure = response.status >= 500 ? request : undefined;
      this.unreachable = false;
      const answer: Answer | undefined = await response.json().catch(() => undefined);
      if (response.ok && answer) this.done(request, answer);
      else this.refused(response.status, answer?.status);
    } catch {
      this.unsure = request; // it may have been saved: the same request again does no harm
      this.unreachable = true;
      this.later(offline);
    } finally {
      clearTimeout(timer);
    }
  }

  private done(request: Request, answer: Answer): void {
    this.wait = 0;
    this.warned = false;
    this.saved = request.upTo;
    this.since = Date.now();
    if (this.merge(request.fields, answer)) this.version.value = String(answer.versie);
    if (this.unsent || answer.open) this.keep();
    else draft.forget();
    if (answer.open) this.status.open(answer.status);
    else this.status.saved(answer.status);
  }

  /** Shows what a colleague filled in meanwhile. False where the same answer was changed here. */
  private merge(sent: Field[], answer: Answer): boolean {
    const now = read(this.form);
    let clean = true;
    for (const [name, value] of Object.entries(answer.velden ?? {})) {
      if (!same(values(now, name).map((v) => [name, v]), values(sent, name).map((v) => [name, v]))) {
        clean = false;
        continue;
      }
      for (const c of named(this.form, name)) {
        const choices = named(this.form, name).some(isChoice);
        put(c, !isChoice(c) && choices && named(this.form, name).some((o) => isChoice(o) && o.value === value) ? [] : [value]);
      }
    }
    if (answer.velden) {
      this.drawn();
      this.status.tell("Een collega vulde op deze pagina ook iets in. Dat ziet u nu.");
    }
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
