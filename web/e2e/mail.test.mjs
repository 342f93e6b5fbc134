// A mail on its whole way: sent over SMTP, read in the inbox of a new
// installation, its links followed by a person and by a scanner.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./gallery.mjs";
import { openSite } from "./site.mjs";

const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().replace(/\.\d+Z/, "Z");
let site, browser;

before(async () => {
  site = await openSite();
  await site.command("study", "create", "--definition", "inventarisatie-2026", "--title", "Proef mail", "--opens", day(-1), "--closes", day(40), "--organiser", "Bureau Proef", "--phone", "030 123 45 67");
  const lines = ["een", "twee", "drie"].map((name, i) => `PO990${i},Proef ${name},${name}@example.nl`);
  await site.command("sample", "import", "--audience", "swv", site.file("swv.csv", `code,naam,email\n${lines.join("\n")}\n`));
  await sweep(day(0));
  browser = await openBrowser();
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Sends what is due at a moment; returns the codes of the units that got it. */
async function sweep(at) {
  return JSON.parse(await site.command("fieldwork", "sweep", "--at", at, "--simulate", "--json")).sent.sort();
}

/** Opens the latest mail to an address. */
async function openMail(t, address) {
  const context = await browser.newContext({ locale: "nl-NL" });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${site.url}/postvak?zoek=${address}`);
  await page.locator("tbody a").first().click();
  return page;
}

test("a person follows the links of a mail in the inbox", { timeout: 60_000 }, async (t) => {
  const page = await openMail(t, "een@example.nl");
  const errors = [];
  // The browser's own scripts, of the test, are stopped in the frame as well.
  page.on("console", (message) => message.type() === "error" && !/^Blocked script execution/.test(message.text()) && errors.push(message.text()));
  const address = page.url();
  const mail = page.frameLocator("iframe");
  assert.notEqual(await mail.locator("main").evaluate((e) => getComputedStyle(e).maxWidth), "none", "the mail is drawn without its style");
  await mail.locator("a[href*='/v/']").first().click();
  await page.waitForURL(/\/v\//);
  assert.match(await page.locator("header .unit").innerText(), /Proef een/);
  await page.goto(address);
  await page.locator("summary", { hasText: "zonder opmaak" }).click();
  await page.locator(".mailtext a[href*='/v/']").click();
  await page.waitForURL(/\/v\//);
  assert.deepEqual(errors, []);
});

test("a scanner that opens every link and presses every first button changes nothing", { timeout: 60_000 }, async (t) => {
  const page = await openMail(t, "twee@example.nl");
  const links = await page.locator(".mailtext a").evaluateAll((all) => all.map((a) => a.href));
  assert.ok(links.length >= 3, `the mail has the links ${links}`);
  for (const link of links) {
    await page.goto(link);
    const button = page.locator("main form[method=post] button").first();
    if (await button.count()) await Promise.all([page.waitForEvent("load"), button.click()]);
  }
});

test("who unsubscribes gets no reminder, the others do", { timeout: 60_000 }, async (t) => {
  const page = await openMail(t, "drie@example.nl");
  await page.locator("summary", { hasText: "zonder opmaak" }).click();
  await page.locator(".mailtext a[href*='/afmelden/']").click();
  await page.locator("label", { hasText: "Ik wil geen e-mail meer" }).click();
  await page.locator("main button").click();
  await page.locator("main button", { hasText: "Ja" }).click();
  assert.match(await page.locator("h1").innerText(), /geen e-mail meer/);
  assert.deepEqual(await sweep(day(16)), ["PO9900", "PO9901"]);
});
