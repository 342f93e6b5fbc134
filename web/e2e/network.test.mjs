// What a questionnaire costs on a mobile subscription, and what a slow or broken
// network does to the answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./gallery.mjs";
import { Respondent, pageID } from "./respondent.mjs";
import { openSite, readCSV } from "./site.mjs";

const links = {};
let site, browser;

before(async () => {
  site = await openSite();
  const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await site.command("study", "create", "--definition", "inventarisatie-2026", "--title", "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp", "--opens", at(-20), "--closes", at(20),
    "--organiser", "Bureau Proef", "--client", "de gezamenlijke proeftuinen", "--phone", "030 123 45 67", "--email", "help@uitvraag.example");
  for (const [audience, code] of [["swv", "PO99"], ["gemeente", "GM99"]]) {
    const units = Array.from({ length: 4 }, (_, i) => `${code}0${i + 1},Organisatie van de proef ${i + 1}`);
    await site.command("sample", "import", "--audience", audience, site.file(audience + ".csv", `code,naam\n${units.join("\n")}\n`));
    for (const { unit, url } of readCSV(await site.command("sample", "links", "--audience", audience))) links[unit] = url;
  }
  browser = await openBrowser();
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(t, options = {}) {
  const context = await browser.newContext({ locale: "nl-NL", viewport: { width: 375, height: 740 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { page, client: await context.newCDPSession(page) };
}

/** The exported row of a unit must hold what was chosen. */
async function compare(audience, unit, chosen) {
  const row = readCSV(await site.command("export", "--instrument", audience, "--format", "csv")).find((r) => r.unit === unit);
  assert.equal(row?.status, "submitted", `${unit} was not sent`);
  assert.deepEqual(Object.fromEntries(Object.keys(chosen).map((name) => [name, row[name]])), chosen);
}

/** Counts what comes in over the wire, headers too, and refuses requests to elsewhere. */
async function count(client) {
  const sum = { bytes: 0, kinds: {}, elsewhere: [] };
  const kind = {};
  const add = (what, bytes) => {
    if (!bytes) return; // from the cache
    sum.bytes += bytes;
    sum.kinds[what] ??= { requests: 0, bytes: 0 };
    sum.kinds[what].requests++;
    sum.kinds[what].bytes += bytes;
  };
  await client.send("Network.enable");
  client.on("Network.requestWillBeSent", (e) => {
    if (!e.request.url.startsWith(site.url)) sum.elsewhere.push(e.request.url);
    if (e.redirectResponse) add("redirect", e.redirectResponse.encodedDataLength);
    kind[e.requestId] = e.request.headers["X-Uitvraag-Autosave"] ? "save" : e.type;
  });
  client.on("Network.loadingFinished", (e) => add(kind[e.requestId], e.encodedDataLength));
  return sum;
}

const pace = 4_000; // ms from one answer to the next: what is saved between pages counts too

for (const [audience, unit] of [["swv", "PO9901"], ["gemeente", "GM9901"]]) {
  test(`${audience}: at most 60 kB to the first question, and 150 kB for the whole questionnaire`, { timeout: 180_000 }, async (t) => {
    const { page, client } = await open(t);
    const sum = await count(client);
    await page.clock.install();
    const somebody = new Respondent(page, { choose: { b5_24: "1" } });
    const press = somebody.press.bind(somebody);
    somebody.press = async (...what) => {
      await press(...what);
      await page.clock.runFor(pace);
    };
    await somebody.enter(links[unit]);
    await page.waitForLoadState("networkidle");
    const first = sum.bytes;
    await somebody.walk();
    await somebody.act("versturen");
    await page.waitForLoadState("networkidle");
    assert.equal(pageID(page), "ontvangst");
    t.diagnostic(`${audience}: first question ${first} bytes; ${somebody.seen.length} pages, ${sum.bytes} bytes: ${JSON.stringify(sum.kinds)}`);
    assert.deepEqual(sum.elsewhere, []);
    assert.ok(first <= 60_000, `${first} bytes to the first question`);
    assert.ok(sum.bytes <= 150_000, `${sum.bytes} bytes for the whole questionnaire`);
  });
}

test("a slow network: everything arrives, and pressing twice does no harm", { timeout: 240_000 }, async (t) => {
  const { page, client } = await open(t);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", { offline: false, latency: 200, downloadThroughput: 100_000 / 8, uploadThroughput: 20_000 / 8 }); // 2G
  const somebody = new Respondent(page, { turn: 1 });
  await somebody.enter(links.PO9902);
  await page.waitForURL(/b5_1$/);
  const act = somebody.act.bind(somebody);
  let twice = 0;
  somebody.act = async () => {
    const from = page.url();
    await page.locator("main button.btn[value=volgende]").dblclick({ noWaitAfter: true }); // impatient
    // The second press cuts off what the first one asked for, which waitForURL takes for a failure.
    for (const until = Date.now() + 60_000; page.url() === from; await page.waitForTimeout(50)) assert.ok(Date.now() < until, `still on ${from}`);
    await page.waitForLoadState("domcontentloaded"); // a page that is half there has half of its questions
    twice++;
  };
  await somebody.walk();
  await act("versturen");
  await page.waitForURL(/ontvangst$/, { waitUntil: "commit" });
  t.diagnostic(`pressed twice on ${twice} pages`);
  await compare("swv", "PO9902", somebody.chosen);
});

test("a network that breaks on every page: the page says so, and nothing is lost", { timeout: 240_000 }, async (t) => {
  const { page } = await open(t);
  const somebody = new Respondent(page, { turn: 2 });
  const alert = page.locator(".where [role=alert]");
  await somebody.enter(links.GM9902);
  let held = 0;
  await somebody.walk(async () => {
    await page.context().setOffline(true);
    const told = (timeout) => page.waitForFunction(() => /u kunt nog niet verder/.test(document.querySelector(".where [role=alert]").textContent), undefined, { timeout }).then(() => true, () => false);
    await page.locator("main button.btn[value=volgende]").click();
    if (!(await told(5_000))) {
      // A save that was under way when the network broke came home after the press, and said so: who presses again is told.
      await page.locator("main button.btn[value=volgende]").click();
      assert.ok(await told(15_000), "pressed twice without a network, and nothing is said");
    }
    assert.match(await page.locator(".where [role=status]").textContent(), /Nog niet opgeslagen/);
    await page.context().setOffline(false);
    await page.waitForFunction(() => document.querySelector(".where [role=alert]").textContent === "" || !document.querySelector(".where .saved").textContent.includes("Nog niet"));
    assert.equal(await alert.textContent(), "");
    held++;
  });
  await somebody.act("versturen");
  await page.waitForURL(/ontvangst$/);
  t.diagnostic(`broken on ${held} pages`);
  await compare("gemeente", "GM9902", somebody.chosen);
});

// The browser of somebody without a script shows an error page; reloading it
// posts the same once more, though it had arrived.
test("a network that swallows the answer: posting again saves once", { timeout: 120_000 }, async (t) => {
  const { page } = await open(t, { javaScriptEnabled: false });
  const somebody = new Respondent(page, { turn: 3 });
  await somebody.enter(links.PO9903);
  let swallowed = 0;
  await page.route("**/vragenlijst/**", async (route) => {
    if (route.request().method() !== "POST" || swallowed % 2 === 1) {
      if (route.request().method() === "POST") swallowed++;
      return route.continue();
    }
    swallowed++;
    await fetch(route.request().url(), { method: "POST", headers: await route.request().allHeaders(), body: route.request().postData(), redirect: "manual" }); // it did arrive
    return route.abort("connectionreset");
  });
  const act = somebody.act.bind(somebody);
  somebody.act = async (action) => {
    const from = page.url();
    await act(action).catch(() => {});
    await page.waitForURL(/^chrome-error/);
    await page.reload(); // the browser posts the same again
    await page.waitForURL((url) => url.href !== from && url.protocol === "http:");
  };
  await somebody.walk();
  await act("versturen").catch(() => {});
  await page.waitForURL(/^chrome-error/);
  await page.unroute("**/vragenlijst/**");
  await page.goto(links.PO9903);
  assert.match(await page.locator("main").innerText(), /De vragenlijst is verstuurd/);
  await compare("swv", "PO9903", somebody.chosen);
});

test("what was chosen before the script arrived is kept, and saved", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t);
  let release;
  const late = new Promise((resolve) => (release = resolve));
  await page.route("**/uitvraag.*.js", async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(links.PO9904);
  await page.locator("main button.btn[name=actie]").first().click({ noWaitAfter: true });
  await page.waitForURL(/b5_1$/, { waitUntil: "commit" });
  await page.locator("label[for=b5_1_directeur-1]").click();
  release();
  await page.waitForFunction(() => /^Opgeslagen om/.test(document.querySelector(".where [role=status]").textContent));
  assert.ok(await page.locator("#b5_1_directeur-1").isChecked());
  await page.reload();
  assert.ok(await page.locator("#b5_1_directeur-1").isChecked());
});
