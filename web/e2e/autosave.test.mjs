// The script of a page with a question, on the real program: it saves while
// somebody fills in, says so, and loses nothing when something breaks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openBrowser } from "./gallery.mjs";
import { openSite, readCSV } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const links = [];
let site, browser;

before(async () => {
  site = await openSite();
  const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await site.command("study", "create", "--definition", "inventarisatie-2026", "--title", "Proef opslaan", "--opens", at(-20), "--closes", at(20), "--phone", "030 123 45 67");
  const codes = Array.from({ length: 14 }, (_, i) => `PO99${String(i + 10)},Proef ${i}`);
  await site.command("sample", "import", "--audience", "swv", site.file("swv.csv", `code,naam\n${codes.join("\n")}\n`));
  links.push(...readCSV(await site.command("sample", "links", "--audience", "swv")).map((l) => l.url));
  browser = await openBrowser();
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Opens a questionnaire of its own at a page; returns the window and its address. */
async function open(t, id, { link = links.pop(), context, clock = true } = {}) {
  context ??= await browser.newContext({ locale: "nl-NL", viewport: { width: 1280, height: 900 } });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  if (clock) await page.clock.install(); // so that says() need not wait as long as a person
  page.on("pageerror", (error) => assert.fail(String(error)));
  await page.goto(link);
  await page.locator("main button.btn[name=actie]").first().click();
  const base = page.url().split("/").slice(0, 5).join("/") + "/";
  await page.goto(base + id);
  return { page, base, link, context };
}

const status = (page) => page.locator(".where [role=status]");
const alert = (page) => page.locator(".where [role=alert]");
const press = (page, name) => page.locator(`main button.btn[name=actie][value=${name}]`).click();
const choose = (page, name, value) => page.locator(`label[for="${name}-${value}"]`).click();
const chosen = (page, name) => page.evaluate((n) => document.querySelector(`input[name="${n}"]:checked`)?.value ?? "", name);

/** Waits until an element has a text; for the page time goes five times as fast. */
async function says(locator, pattern, timeout = 9_000) {
  const end = Date.now() + timeout;
  let text;
  do {
    text = await locator.textContent();
    if (pattern.test(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await locator.page().clock.runFor(200).catch(() => {}); // where the clock is the real one
  } while (Date.now() < end);
  assert.match(text, pattern);
}
const kept = (page) => page.evaluate(() => Object.entries(localStorage));
const posts = (page) => {
  const seen = [];
  page.on("request", (r) => r.method() === "POST" && seen.push(r.headers()["x-uitvraag-autosave"] ?? "form"));
  return seen;
};

test("what is chosen is saved soon, said once, and there after a reload", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "b5_2");
  const sent = posts(page);
  const [name] = await page.evaluate(() => [document.querySelector("main input[type=radio]").name]);
  assert.equal(await status(page).textContent(), "");
  await choose(page, name, "3");
  await says(status(page), /^Wordt zo opgeslagen$/); // never "Opgeslagen" before it is
  await says(status(page), /^Opgeslagen om \d\d\.\d\d uur$/);
  assert.deepEqual(await kept(page), []);
  await page.reload();
  assert.equal(await chosen(page, name), "3");
  assert.match(await status(page).textContent(), /^Opgeslagen om/);
  assert.deepEqual(sent, ["1"]);
  await choose(page, name, "1");
  await choose(page, name, "3"); // back to what was saved before: that must be saved too
  await says(status(page), /^Opgeslagen om/);
  await page.waitForTimeout(600);
  await page.reload();
  assert.equal(await chosen(page, name), "3");
});

test("typing is saved when it pauses, with one request at a time", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "b5_26");
  let under = 0, most = 0;
  await page.route("**/b5_26", async (route) => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
    under--;
  });
  const sent = posts(page);
  const text = "Wij bellen elkaar.\nElke maandag.";
  await page.locator("textarea").pressSequentially(text, { delay: 90 });
  await says(status(page), /^Opgeslagen om/);
  assert.equal(most, 1);
  assert.ok(sent.length <= 3, `${sent.length} requests`);
  await page.unroute("**/b5_26");
  await page.reload();
  assert.equal(await page.locator("textarea").inputValue(), text);
});

test("offline it says so, keeps the text, and saves when the connection is back", { timeout: 60_000 }, async (t) => {
  const { page, context } = await open(t, "b5_26");
  await context.setOffline(true);
  await page.locator("textarea").fill("Geschreven in de trein.");
  await says(alert(page), /Geen verbinding/);
  assert.equal(await status(page).textContent(), "Nog niet opgeslagen");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map((v) => v.id), []);
  await press(page, "volgende");
  await says(alert(page), /u kunt nog niet verder/); // a browser's error page would hide what was typed
  assert.ok(page.url().endsWith("/b5_26"));
  assert.match((await kept(page))[0][1], /in de trein/);
  await context.setOffline(false);
  await says(status(page), /^Opgeslagen om/);
  assert.equal(await alert(page).textContent(), "");
  assert.deepEqual(await kept(page), []);
  await press(page, "volgende");
  await page.waitForURL((url) => !url.pathname.endsWith("/b5_26"));
});

test("a draft outlives the window, and is posted when the page is opened again", { timeout: 60_000 }, async (t) => {
  const { page, context, base } = await open(t, "b5_26");
  await context.setOffline(true);
  await page.locator("textarea").fill("Nog niet\nopgeslagen.");
  await says(alert(page), /Geen verbinding/);
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  let release;
  const read = new Promise((resolve) => (release = resolve)); // the answer waits until the first line was read
  await again.route("**/b5_26", async (route) => {
    if (route.request().method() === "POST") await read;
    await route.continue();
  });
  await again.goto(base + "b5_26");
  assert.equal(await again.locator("textarea").inputValue(), "Nog niet\nopgeslagen.");
  await says(status(again), /^Hier staat weer wat u eerder invulde/);
  release();
  await says(status(again), /^Opgeslagen om/);
  assert.deepEqual(await kept(again), []);
  await again.reload();
  assert.equal(await again.locator("textarea").inputValue(), "Nog niet\nopgeslagen.");
});

test("the site falls over and comes back", { timeout: 90_000 }, async (t) => {
  const { page } = await open(t, "b5_26");
  await site.kill();
  await page.locator("textarea").fill("Tijdens de storing geschreven.");
  await says(alert(page), /Geen verbinding/);
  await site.restart();
  await says(status(page), /^Opgeslagen om/, 40_000);
  await page.reload();
  assert.equal(await page.locator("textarea").inputValue(), "Tijdens de storing geschreven.");
});

test("two tabs: other answers come in, the same answer is a choice", { timeout: 60_000 }, async (t) => {
  const { page: one, base, context } = await open(t, "b5_2");
  const two = await context.newPage();
  await two.goto(base + "b5_2");
  const [first, second] = await one.evaluate(() => [...new Set([...document.querySelectorAll("main input[type=radio]")].map((e) => e.name))]);
  await choose(one, first, "1");
  await says(status(one), /^Opgeslagen/);
  await choose(two, second, "2");
  await says(status(two), /^Een collega vulde/);
  assert.equal(await chosen(two, first), "1");
  await choose(two, second, "3");
  await says(status(two), /^Opgeslagen/);
  await choose(one, second, "4"); // shown as open here, but not any more
  await says(alert(one), /Een collega wijzigde hetzelfde antwoord/);
  await press(one, "volgende");
  await one.getByRole("heading", { name: "Er zijn twee versies van deze pagina" }).waitFor();
  assert.deepEqual(await kept(one), []);
  assert.equal(await one.locator("fieldset").count(), 1);
  await one.locator("label", { hasText: "Uw versie" }).click();
  await press(one, "volgende");
  await one.goto(base + "b5_2");
  assert.deepEqual([await chosen(one, first), await chosen(one, second)], ["1", "4"]);
});

test("an exclusive answer stands alone, and that is told", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "b5_9");
  const boxes = await page.evaluate(() => [...document.querySelector("fieldset.row").querySelectorAll("input[type=checkbox]")].map((e) => ({ id: e.id, alone: "alone" in e.dataset })));
  const some = boxes.filter((b) => !b.alone), alone = boxes.filter((b) => b.alone);
  assert.ok(some.length > 1 && alone.length > 1, JSON.stringify(boxes));
  const on = () => page.evaluate(() => [...document.querySelector("fieldset.row").querySelectorAll(":checked")].map((e) => e.id));
  for (const b of some) await page.locator(`label[for="${b.id}"]`).click();
  assert.equal((await on()).length, some.length);
  await page.locator(`label[for="${alone[0].id}"]`).click();
  assert.deepEqual(await on(), [alone[0].id]);
  await says(status(page), /^Uitgezet: ‘.+’, ‘.+’\.$/);
  assert.equal(await status(page).getAttribute("aria-live"), "polite");
  await page.locator(`label[for="${alone[1].id}"]`).click();
  assert.deepEqual(await on(), [alone[1].id]);
  await page.locator(`label[for="${some[0].id}"]`).click();
  assert.deepEqual(await on(), [some[0].id]);
  await says(status(page), /^Opgeslagen/);
  await page.reload();
  assert.deepEqual(await on(), [some[0].id]);
  await page.getByRole("button", { name: /Wis antwoord/ }).first().click();
  assert.deepEqual(await on(), []);
  assert.equal(await page.evaluate(() => document.activeElement.type), "checkbox");
  await says(status(page), /^Antwoord gewist/);
  await says(status(page), /^Opgeslagen/);
  await page.reload();
  assert.deepEqual(await on(), []);
});

test("the text of anders appears with its box, and ticks it", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "b5_1");
  const text = page.locator(".reveal input[type=text]");
  assert.equal(await text.isVisible(), false);
  const box = page.locator("label:has(+ .reveal) input");
  await page.locator("label:has(+ .reveal)").click();
  assert.equal(await text.isVisible(), true);
  await text.fill("Kwartiermaker");
  await page.locator("label:has(+ .reveal)").click();
  assert.equal(await text.isVisible(), true, "a text that was typed is not hidden");
  await text.fill("Kwartiermaker jeugd");
  assert.equal(await box.isChecked(), true);
  await says(status(page), /^Opgeslagen/);
});

test("Volgende waits for what was just typed; Back shows what was saved", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "b5_26", { clock: false }); // a page must know how it was opened
  await page.locator("textarea").fill("Meteen door.");
  await press(page, "volgende");
  await page.waitForURL((url) => !url.pathname.endsWith("/b5_26"));
  assert.deepEqual(await kept(page), []);
  await page.goBack();
  assert.equal(await page.locator("textarea").inputValue(), "Meteen door.");
  await page.locator("textarea").fill("Toch anders.");
  await says(status(page), /^Opgeslagen om/);
  await page.reload();
  assert.equal(await page.locator("textarea").inputValue(), "Toch anders.");
});

test("a session that ended: open the link again, and it is saved after all", { timeout: 60_000 }, async (t) => {
  const { page, context, link } = await open(t, "b5_26");
  await context.clearCookies();
  await page.locator("textarea").fill("Na de pauze.");
  await says(alert(page), /Uw sessie is verlopen/);
  const other = await context.newPage();
  await other.goto(link);
  await other.locator("main button.btn[name=actie]").first().click();
  await says(status(page), /^Opgeslagen om/, 20_000);
});

test("before the session ends the page says so, and one key extends it", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "b5_2");
  await page.clock.fastForward("07:49:00");
  assert.equal(await alert(page).textContent(), "");
  await page.clock.fastForward("01:30");
  await says(alert(page), /^Over tien minuten verloopt uw sessie/);
  const sent = posts(page);
  await page.keyboard.press("Tab");
  await says(status(page), /^Opgeslagen om/);
  assert.deepEqual(sent, ["1"]);
  assert.equal(await alert(page).textContent(), "");
  await page.clock.fastForward("07:51:00"); // and it counts from then on
  await says(alert(page), /^Over tien minuten/);
});

test("leaving asks only while something is not saved", { timeout: 60_000 }, async (t) => {
  const { page, context, base } = await open(t, "b5_26");
  const asked = [];
  page.on("dialog", (d) => (asked.push(d.type()), d.accept()));
  await page.locator("textarea").fill("Opgeslagen.");
  await says(status(page), /^Opgeslagen om/);
  await page.goto(base);
  assert.deepEqual(asked, []);
  await page.goto(base + "b5_26");
  await context.setOffline(true);
  await page.locator("textarea").fill("Niet opgeslagen.");
  await page.goto(base).catch(() => {});
  assert.deepEqual(asked, ["beforeunload"]);
  await context.setOffline(false);
});

test("the first visit and the script are small", { timeout: 60_000 }, async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  let bytes = 0;
  const sizes = {};
  const at = {};
  client.on("Network.responseReceived", (e) => (at[e.requestId] = e.response.url));
  client.on("Network.loadingFinished", (e) => {
    bytes += e.encodedDataLength;
    sizes[at[e.requestId]] = e.encodedDataLength;
  });
  await page.goto(links.pop());
  await page.locator("main button.btn[name=actie]").first().click();
  await page.waitForLoadState("networkidle");
  t.diagnostic(`${bytes} bytes: ${JSON.stringify(sizes)}`);
  assert.ok(bytes <= 60_000, `${bytes} bytes`);
  const script = readFileSync(new URL("../static/uitvraag.js", import.meta.url));
  assert.ok(script.length < 9_000, `the script is ${script.length} bytes`);
  assert.ok(Object.keys(sizes).every((url) => url.startsWith(site.url)), "a request goes elsewhere");
});
