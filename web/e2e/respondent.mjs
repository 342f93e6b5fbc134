// A person who fills in a questionnaire by what is on the screen, and remembers
// what was chosen: with a mouse, or by keyboard alone.
import assert from "node:assert/strict";

/** The controls that a person sees, in order; fieldsets are numbered. */
const controls = (page) =>
  page.evaluate(() => {
    const groups = [...document.querySelectorAll("fieldset")];
    const exclusive = (e) => e.type === "checkbox" && /\bgeen\b|\bniet\b|^nee\b|^n\.?v\.?t\b/i.test((e.labels[0]?.textContent ?? "").replaceAll("\u00ad", "").trim());
    return [...document.querySelectorAll("main form input:not([type=hidden]), main form textarea")].map((e) => ({
      id: e.id, name: e.name, value: e.value, type: e.type, checked: e.checked, exclusive: exclusive(e), group: groups.indexOf(e.closest("fieldset")),
    }));
  });

/** What page of a questionnaire is shown. */
export const pageID = (page) => new URL(page.url()).pathname.split("/").pop();

export class Respondent {
  /** turn makes two respondents choose differently; choose names values to take, by variable. */
  constructor(page, { turn = 0, choose = {} } = {}) {
    this.page = page;
    this.turn = turn;
    this.choose = choose;
    this.chosen = {};
    this.seen = [];
  }

  /** Opens the link and starts, or goes on. */
  async enter(url) {
    await this.page.goto(url);
    await this.act("volgende");
  }

  /** Decides what to answer on the page: controls to have checked or not, and texts. Nothing is pressed yet. */
  async decide() {
    await this.page.waitForLoadState("domcontentloaded"); // a page that is half there has half of its controls
    const all = await controls(this.page);
    const checks = [];
    const texts = [];
    for (const name of new Set(all.filter((c) => c.type === "radio").map((c) => c.name))) {
      const options = all.filter((c) => c.name === name);
      const one = options.find((c) => c.value === this.choose[name]) ?? options[this.turn++ % options.length];
      checks.push({ ...one, want: true });
      this.chosen[name] = one.value;
    }
    const boxes = all.filter((c) => c.type === "checkbox");
    for (const group of new Set(boxes.map((c) => c.group))) {
      const own = boxes.filter((c) => c.group === group);
      const open = own.filter((c) => !c.exclusive);
      const some = this.turn % 4 === 3 && open.length < own.length ? [own.find((c) => c.exclusive)] : [...new Set([open[this.turn % open.length], open[(this.turn + 2) % open.length]])];
      this.turn++;
      for (const c of own) {
        this.chosen[c.name] = some.includes(c) ? "1" : "0";
        checks.push({ ...c, want: some.includes(c) });
      }
    }
    for (const c of all.filter((c) => c.type === "text" || c.type === "textarea" || c.type === "number")) {
      const owner = c.name.replace(/_txt$/, "");
      if (owner !== c.name && (this.chosen[owner] ?? "0") === "0") continue;
      const text = this.choose[c.name] ?? (c.type === "textarea" ? `Wij bellen elkaar "gewoon", ${c.name}.\nDat werkt; écht.` : `Anders, nl. ${c.name}`);
      texts.push({ ...c, text });
      this.chosen[c.name] = text.replaceAll("\n", "\r\n"); // as every browser posts it
    }
    return { checks, texts };
  }

  /** Answers everything on the page, without sending it. */
  async fill() {
    const { checks, texts } = await this.decide();
    for (const c of checks) if (c.type === "radio" || c.checked !== c.want) await this.press(c, c.want);
    for (const c of texts) await this.page.locator(`[id="${c.id}"]`).fill(c.text);
  }

  /** Presses what a person presses: the label. */
  async press(control, checked = true) {
    await this.page.locator(`label[for="${control.id}"]`).first().click();
    assert.equal(await this.page.locator(`[id="${control.id}"]`).isChecked(), checked, `${control.id} after pressing its label`);
  }

  /** Presses the button with this name of action. */
  async act(action) {
    await this.page.locator(`main button.btn[name=actie][value=${action}]`).click();
  }

  /** Goes from page to page up to the overview of all answers. */
  async walk(onPage = async () => {}) {
    for (let i = 0; i < 100; i++) {
      const id = pageID(this.page);
      if (id === "controleren") return;
      this.seen.push(id);
      await this.fill();
      await onPage(id);
      await this.act("volgende");
      assert.notEqual(pageID(this.page), id, `stopped on ${id}: ${await this.page.locator(".error-summary, .notice").allInnerTexts()}`);
    }
    assert.fail("the questionnaire has no end");
  }
}

/** Where the focus is, and whether a person sees it: in the window, with a ring, and nothing over it. */
const focus = (page) =>
  page.evaluate(() => {
    const e = document.activeElement;
    if (!e || e === document.body) return { id: "", tag: "BODY" };
    const box = e.getBoundingClientRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight); // a tall box may go on below the window
    const at = document.elementFromPoint(box.x + Math.min(box.width / 2, 60), (top + bottom) / 2);
    const style = getComputedStyle(e);
    return {
      id: e.id, tag: e.tagName, name: e.name ?? "", value: e.value ?? "", type: e.type ?? "", checked: e.checked, text: e.textContent.trim().slice(0, 40),
      inside: bottom - top >= Math.min(box.height, 40) - 1 && box.left >= -1 && box.right <= innerWidth + 1,
      over: !at || !(e.contains(at) || at.contains(e) || e.closest("label")?.contains(at)),
      ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
  });

/** Somebody without a mouse: Tab, the arrows, Space and Enter. */
export class KeyboardRespondent extends Respondent {
  stops = 0; // that were looked at

  /** Presses a key and looks where the focus went. */
  async key(key) {
    await this.page.keyboard.press(key);
    const at = await focus(this.page);
    if (at.tag === "BODY") return at;
    this.stops++;
    assert.ok(at.inside && !at.over && at.ring, `${pageID(this.page)}: after ${key} the focus on ${at.tag} ${at.id || at.text} is not seen: ${JSON.stringify(at)}`);
    return at;
  }

  /** Presses Tab until the focus is on what is looked for. */
  async to(found, what) {
    for (let i = 0; i < 200; i++) {
      const at = await this.key("Tab");
      if (found(at)) return at;
    }
    assert.fail(`the keyboard does not reach ${what} on ${this.page.url()}`);
  }

  async fill() {
    const { checks, texts } = await this.decide();
    const todo = [...checks.filter((c) => c.type === "radio" || c.checked !== c.want), ...texts];
    const wait = new Map(todo.map((c) => [c.type === "radio" ? c.name : c.id, c]));
    while (wait.size) {
      const at = await this.to((f) => wait.has(f.type === "radio" ? f.name : f.id), [...wait.keys()].join(", "));
      const c = wait.get(at.type === "radio" ? at.name : at.id);
      wait.delete(at.type === "radio" ? at.name : at.id);
      if ("text" in c) await this.page.keyboard.type(c.text); // Enter makes a line in a textarea
      else if (c.type === "checkbox") assert.equal((await this.key("Space")).checked, c.want, c.id);
      else await this.choose1(at, c);
    }
  }

  /** Chooses within one question: Space on what has the focus, the arrows go on. */
  async choose1(at, wanted) {
    if (at.id === wanted.id) at = await this.key("Space");
    for (let i = 0; i < 20 && at.id !== wanted.id; i++) at = await this.key("ArrowDown");
    assert.ok(at.id === wanted.id && at.checked, `${wanted.id} is not chosen, but ${at.id}`);
  }

  async act(action) {
    await this.to((f) => f.tag === "BUTTON" && f.name === "actie" && f.value === action, `the button ${action}`);
    await Promise.all([this.page.waitForEvent("framenavigated"), this.page.keyboard.press("Enter")]);
    await this.page.waitForLoadState();
  }
}
