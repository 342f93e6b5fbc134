// Both questionnaires from the link to the receipt, by keyboard alone and in a
// text browser; the data must be what was chosen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./gallery.mjs";
import { KeyboardRespondent, pageID } from "./respondent.mjs";
import { openSite, readCSV } from "./site.mjs";
import { TextBrowser, TextRespondent } from "./textbrowser.mjs";

const links = {};
let site, browser;

before(async () => {
  site = await openSite();
  const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await site.command("study", "create", "--definition", "inventarisatie-2026", "--title", "Proef helemaal", "--opens", at(-20), "--closes", at(20), "--phone", "030 123 45 67", "--email", "help@uitvraag.example");
  for (const [audience, code] of [["swv", "PO99"], ["gemeente", "GM99"]]) {
    await site.command("sample", "import", "--audience", audience, site.file(audience + ".csv", `code,naam\n${code}01,Proef een\n${code}02,Proef twee\n`));
    for (const { unit, url } of readCSV(await site.command("sample", "links", "--audience", audience))) links[unit] = url;
  }
  browser = await openBrowser();
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});

/** The exported row of a unit must hold what was chosen. */
async function compare(audience, unit, chosen) {
  const row = readCSV(await site.command("export", "--instrument", audience, "--format", "csv")).find((r) => r.unit === unit);
  assert.equal(row?.status, "submitted", `${unit} was not sent`);
  assert.deepEqual(Object.fromEntries(Object.keys(chosen).map((name) => [name, row[name]])), chosen);
}

const units = { swv: ["PO9901", "PO9902"], gemeente: ["GM9901", "GM9902"] };
const windows = { swv: { width: 1280, height: 720 }, gemeente: { width: 320, height: 568 } }; // standards A10

for (const [turn, audience] of ["swv", "gemeente"].entries()) {
  test(`${audience}: the whole questionnaire by keyboard alone, at ${windows[audience].width} px`, { timeout: 240_000 }, async (t) => {
    const context = await browser.newContext({ viewport: windows[audience], locale: "nl-NL" });
    t.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const somebody = new KeyboardRespondent(page, { turn, choose: { b5_24: "1" } });
    await somebody.enter(links[units[audience][0]]);
    await somebody.walk();
    await somebody.act("versturen");
    assert.equal(pageID(page), "ontvangst");
    t.diagnostic(`${somebody.seen.length} pages, ${somebody.stops} times the focus was looked at`);
    await compare(audience, units[audience][0], somebody.chosen);
  });

  test(`${audience}: the whole questionnaire in a text browser`, { timeout: 240_000 }, async (t) => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: "nl-NL" });
    const url = links[units[audience][1]];
    const w3m = new TextBrowser(url);
    t.after(() => Promise.all([w3m.close(), context.close()]));
    const somebody = new TextRespondent(await context.newPage(), w3m, { turn: turn + 1 });
    await somebody.enter(url);
    await somebody.walk(async (id) => {
      const buttons = somebody.text.match(/\bVolgende\b/g) ?? [];
      assert.equal(buttons.length, 1, `${id} shows ${buttons.length} times Volgende:\n${somebody.text}`);
      const asked = await somebody.page.locator("main :is(.q-text, legend, .txt)").allTextContents();
      const plain = (s) => s.replaceAll("\u00ad", "").replace(/[\s()•]+/g, "");
      const whole = plain(somebody.text);
      for (const words of asked) assert.ok(whole.includes(plain(words)), `${id}: w3m does not show ${words}`);
    });
    await somebody.act("versturen");
    assert.equal(pageID(somebody.page), "ontvangst");
    assert.match(somebody.text, /[A-Z0-9]{4}-[A-Z0-9]{4}/);
    t.diagnostic(`${somebody.seen.length} pages`);
    await compare(audience, units[audience][1], somebody.chosen);
  });
}
