// A person who fills in a questionnaire by what is on the screen, and remembers
// what was chosen.
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

  /** Answers everything on the page, without sending it. */
  async fill() {
    const all = await controls(this.page);
    for (const name of new Set(all.filter((c) => c.type === "radio").map((c) => c.name))) {
      const options = all.filter((c) => c.name === name);
      const one = options.find((c) => c.value === this.choose[name]) ?? options[this.turn++ % options.length];
      await this.press(one);
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
        if (c.checked !== some.includes(c)) await this.press(c, !c.checked);
      }
    }
    for (const c of all.filter((c) => c.type === "text" || c.type === "textarea" || c.type === "number")) {
      const owner = c.name.replace(/_txt$/, "");
      if (owner !== c.name && (this.chosen[owner] ?? "0") === "0") continue;
      const text = this.choose[c.name] ?? (c.type === "textarea" ? `Wij bellen elkaar "gewoon", ${c.name}.\nDat werkt; écht.` : `Anders, nl. ${c.name}`);
      await this.page.locator(`[id="${c.id}"]`).fill(text);
      this.chosen[c.name] = text.replaceAll("\n", "\r\n"); // as every browser posts it
    }
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
