// From register to data with the real program and a real browser: both
// questionnaires, with and without JavaScript, on a screen, a phone and a
// keyboard, and then the office.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./gallery.mjs";
import { Respondent, pageID } from "./respondent.mjs";
import { openSite, readCSV } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const screens = fileURLToPath(new URL("shots/", import.meta.url));
const desktop = { viewport: { width: 1280, height: 900 }, locale: "nl-NL" };
const phone = { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, locale: "nl-NL" };
const registers = {
  swv: "code,naam,email\nPO9901,Samenwerkingsverband De Waterkant,po9901@uitvraag.example\nVO9902,Samenwerkingsverband Hoog en Laag,\nVO9903,Samenwerkingsverband Zuiderlicht,\n",
  gemeente: "code,naam,email\nGM9901,Gemeente Meerzicht,gm9901@uitvraag.example\nGM9902,Gemeente Oud-Velde,\n",
};
const links = {};
let site, browser;

before(async () => {
  mkdirSync(screens, { recursive: true });
  site = await openSite();
  const day = 86_400_000;
  const at = (days) => new Date(Date.now() + days * day).toISOString();
  const slug = (await site.command("study", "create", "--definition", "inventarisatie-2026", "--title", "Proefonderzoek aansluiting", "--opens", at(-20), "--closes", at(20),
    "--organiser", "Bureau Proef", "--client", "de gezamenlijke proeftuinen", "--phone", "030 123 45 67", "--email", "help@uitvraag.example")).trim();
  assert.equal(slug, "proefonderzoek-aansluiting");
  for (const [audience, text] of Object.entries(registers)) {
    await site.command("sample", "import", "--audience", audience, site.file(audience + ".csv", text));
    for (const { unit, url } of readCSV(await site.command("sample", "links", "--audience", audience))) links[unit] = url;
  }
  browser = await openBrowser();
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Opens a window of its own, in which nothing may go wrong but what is named. */
async function open(t, options, { allow = /^$/ } = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults = [];
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error}`));
  page.on("console", (message) => message.type() === "error" && !allow.test(message.text()) && faults.push(`${page.url()}: ${message.text()}`));
  page.on("response", (r) => r.status() >= 500 && faults.push(`${r.url()}: ${r.status()}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  return page;
}

const shot = (page, name) => page.screenshot({ path: `${screens}${name}.png`, fullPage: true });

/** Takes a picture and lets axe look. */
async function look(page, name) {
  await shot(page, name);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), rules);
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`), [], `${name} (${page.url()})`);
}

/** The exported row of a unit, without the columns before the answers. */
async function exported(audience, unit) {
  const rows = readCSV(await site.command("export", "--instrument", audience, "--format", "csv"));
  const row = rows.find((r) => r.unit === unit);
  assert.ok(row, `${unit} is not in the data: ${rows.map((r) => r.unit)}`);
  return row;
}

/** Sends the questionnaire and compares the data with what was chosen. */
async function send(respondent, audience, unit) {
  const { page } = respondent;
  await respondent.act("versturen");
  assert.equal(pageID(page), "ontvangst");
  const row = await exported(audience, unit);
  assert.equal(row.status, "submitted");
  assert.equal(row.mode, "web");
  const got = Object.fromEntries(Object.keys(respondent.chosen).map((name) => [name, row[name]]));
  assert.deepEqual(got, respondent.chosen);
  const receipt = (await page.locator("main").innerText()).replaceAll("\u00ad", "");
  assert.match(receipt, /[A-Z0-9]{4}-[A-Z0-9]{4}/, "the receipt shows a code");
  return receipt;
}

test("a director fills in the questionnaire on a screen", { timeout: 120_000 }, async (t) => {
  const page = await open(t, desktop);
  await page.goto(links.PO9901);
  await look(page, "uitnodiging-swv");
  const director = new Respondent(page, { choose: { b5_24: "1" } });
  await director.enter(links.PO9901);
  const pictures = new Set(["b5_1", "b5_2", "b5_4", "b5_9", "b5_11", "b5_12", "visie", "b5_13", "b5_17", "b5_22", "b5_24", "b5_26"]);
  await director.walk(async (id) => {
    if (id === "b5_4" || id === "b5_17") await look(page, `vraag-swv-${id}`);
    else if (pictures.has(id)) await shot(page, `vraag-swv-${id}`);
  });
  assert.ok(director.seen.includes("b5_25"), "yes on b5_24 leads to b5_25");
  await look(page, "controleren-swv");
  await send(director, "swv", "PO9901");
  await look(page, "ontvangst-swv");
  await page.goto(page.url().replace("ontvangst", "antwoorden"));
  await look(page, "antwoorden-swv");

  await page.goto(links.PO9901); // the link still works, and says that all was sent
  await look(page, "uitnodiging-na-versturen");
});

test("a policy officer fills in the questionnaire on a phone without JavaScript", { timeout: 120_000 }, async (t) => {
  const page = await open(t, { ...phone, javaScriptEnabled: false });
  const officer = new Respondent(page, { turn: 1 });
  await page.goto(links.GM9901);
  await shot(page, "telefoon-uitnodiging");
  await officer.enter(links.GM9901);

  // An item is left open: the page asks once, softly, and lets go the next time.
  const first = pageID(page);
  await officer.act("volgende");
  assert.equal(pageID(page), first, "an open page is asked about");
  await shot(page, "telefoon-zachte-vraag");
  const soft = await page.locator("main").innerText();
  assert.match(soft, /niet (ingevuld|beantwoord)|overgeslagen|open/i);

  let n = 0;
  await officer.walk(async (id) => {
    if (n++ % 3 === 0) await shot(page, `telefoon-${String(n).padStart(2, "0")}-${id}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${id} scrolls ${wide} px sideways`);
  });
  await shot(page, "telefoon-controleren");

  // Back to a page, another answer, and forward again.
  await officer.act("vorige");
  const last = pageID(page);
  await shot(page, "telefoon-terug-" + last);
  await officer.fill();
  await officer.act("volgende");
  assert.equal(pageID(page), "controleren");
  await send(officer, "gemeente", "GM9901");
  await shot(page, "telefoon-ontvangst");
});

/** Presses Tab until the focus is on what is looked for. */
async function tabTo(page, selector, what = selector) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
  }
  assert.fail(`the keyboard does not reach ${what} on ${page.url()}`);
}

test("a director uses the keyboard alone", { timeout: 60_000 }, async (t) => {
  const page = await open(t, desktop);
  await page.goto(links.VO9902);
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /inhoud/i, "the first stop is the skip link");
  await tabTo(page, "main button.btn");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/b5_1$/);

  await tabTo(page, "#b5_1_bestuurder-1");
  await page.keyboard.press("Space");
  await shot(page, "toetsenbord-b5_1");
  await tabTo(page, "main button.btn[value=volgende]");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/b5_2$/);

  await tabTo(page, "input[name=b5_2_kern]");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "input[name=b5_2_overig]");
  await page.keyboard.press("Space");
  await shot(page, "toetsenbord-b5_2");
  await tabTo(page, "main button.btn[value=volgende]");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/b5_3$/);

  await tabTo(page, "main button.btn[value=later]");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/b5_3"));
  await look(page, "later");

  // What was chosen is there again, in another window with the same link.
  const colleague = await open(t, desktop);
  await new Respondent(colleague).enter(links.VO9902);
  assert.equal(pageID(colleague), "b5_3", "the first page that was not answered");
  await colleague.goto(colleague.url().replace("b5_3", "b5_1"));
  assert.ok(await colleague.locator("#b5_1_bestuurder-1").isChecked());
  await colleague.goto(colleague.url().replace("b5_1", "b5_2"));
  assert.deepEqual(await colleague.locator("input:checked").evaluateAll((all) => all.map((e) => e.name + " " + e.value)), ["b5_2_kern 2", "b5_2_overig 1"]);
  await colleague.goto(colleague.url().replace("b5_2", ""));
  await look(colleague, "onderdelen");
});

test("two colleagues answer one question differently", { timeout: 60_000 }, async (t) => {
  const one = new Respondent(await open(t, desktop));
  const other = new Respondent(await open(t, desktop, { allow: /status of 409/ }));
  await one.enter(links.VO9903);
  await other.enter(links.VO9903);
  await one.press({ id: "b5_1_directeur-1" });
  await one.act("volgende");
  await other.press({ id: "b5_1_bestuurder-1" });
  await other.act("volgende");
  await other.page.getByRole("heading", { name: /twee versies/i }).waitFor();
  await look(other.page, "twee-versies");
  await other.page.locator("label.version").first().click();
  await other.act("volgende");
  assert.equal(pageID(other.page), "b5_2");
  await other.act("vorige");
  assert.ok(await other.page.locator("#b5_1_bestuurder-1").isChecked());
  assert.ok(!(await other.page.locator("#b5_1_directeur-1").isChecked()));
});

test("the office sees who answered", { timeout: 60_000 }, async (t) => {
  const page = await open(t, desktop);
  await page.goto(site.url + "/beheer");
  assert.match(page.url(), /\/inloggen/, "nobody gets in without a session");
  await look(page, "inloggen");
  await page.goto((await site.command("user", "add", "collega@uitvraag.example", "--role", "projectleider")).trim());
  await look(page, "inloggen-link");
  await page.getByRole("button", { name: "Log in" }).click();
  await look(page, "onderzoeken");
  await page.getByRole("link", { name: "Proefonderzoek aansluiting" }).first().click();
  await look(page, "vandaag");
  await page.getByRole("link", { name: /toon alle 3/i }).click();
  await look(page, "eenheden");
  const row = page.locator("tbody tr", { hasText: "PO9901" });
  assert.match(await row.innerText(), /Ingevuld/);
  await row.getByRole("link", { name: "PO9901" }).click();
  await look(page, "eenheid");
  assert.match(await page.locator("main").innerText(), /Ingevuld/);
  await page.setViewportSize(phone.viewport);
  await shot(page, "telefoon-eenheid");
});

test("the public pages", { timeout: 60_000 }, async (t) => {
  const page = await open(t, desktop);
  for (const [path, name] of [["/", "voorpagina"], ["/onderzoek/proefonderzoek-aansluiting/", "over-het-onderzoek"], ["/onderzoek/proefonderzoek-aansluiting/privacy", "privacy"], ["/toegankelijkheid", "toegankelijkheid"]]) {
    const answer = await page.goto(site.url + path);
    assert.equal(answer.status(), 200, path);
    await look(page, name);
  }
});

test("a wrong link is told plainly", { timeout: 60_000 }, async (t) => {
  const page = await (await browser.newContext(desktop)).newPage();
  t.after(() => page.context().close());
  const answer = await page.goto(site.url + "/v/AAAAAAAAAAAAAAAAAAAAAA");
  assert.equal(answer.status(), 404);
  await look(page, "verkeerde-link");
});
