// A project leader goes from the first link to a released study and a mail that
// arrives, in the browser alone; the day on which it opens is played.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./gallery.mjs";
import { addKey, Person, setUp } from "./setup.mjs";
import { openSite } from "./site.mjs";
import { openMailServer } from "./smtp.mjs";

const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
let site, browser, mails;

before(async () => {
  mails = await openMailServer();
  site = await openSite({ UITVRAAG_SMTP_URL: mails.url, UITVRAAG_MAIL_FROM: "onderzoek@example.nl" }, "localhost");
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await site?.close();
  await mails?.close();
});

/** Registers of made-up organisations. */
function registers() {
  const codes = Array.from({ length: 24 }, (_, i) => 9900 + i);
  const gemeente = codes.map((n, i) => `GM${n},Proefdorp ${n},info@gm${n}.example,${i % 2 ? "Noord" : "Zuid"},${5000 * (i + 1)}`);
  return {
    swv: site.file("swv.csv", "swv_code,naam,e-mail\n" + codes.slice(0, 12).map((n) => `PO${n},Verband ${n},info@po${n}.example`).join("\n")),
    gemeente: site.file("gemeenten.csv", "gm_code,gemeente,e-mail,landsdeel,inwoners\n" + gemeente.join("\n")),
    gebieden: site.file("gebieden.csv", "swv_code,gm_code,dekking\n" + codes.map((n, i) => `PO${codes[i >> 1]},GM${n},geheel`).join("\n")),
  };
}

test("from the first link to release and an invitation that arrives", { timeout: 60_000 }, async (t) => {
  const context = await browser.newContext({ locale: "nl-NL" });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors = [];
  page.on("console", (message) => message.type() === "error" && !/^Blocked script execution/.test(message.text()) && errors.push(message.text()));
  page.on("response", (response) => response.status() >= 400 && errors.push(`${response.status()} ${response.url()}`));

  await page.goto(await site.command("user", "add", "eerste@example.nl", "--role", "beheerder", "--name", "E. Eerste"));
  const me = new Person(page);
  await me.press("Log in");
  await addKey(me);
  const title = "Proef inrichten";
  await setUp(me, { title, files: registers(), stratum: "landsdeel", opens: day(7), closes: day(63), colleague: "veld@example.nl" });
  await page.getByText("Het onderzoek is vrijgegeven").waitFor();
  assert.equal(mails.mails.length, 1, "only the test mail has gone");
  assert.match(mails.mails[0].text, /\[PROEF\]/);
  t.diagnostic(`${me.presses} presses and ${me.fields} fields`);
  assert.ok(me.presses + me.fields < 90, "setting up a study became longer: fifteen minutes at ten seconds each");

  for (let n = 7; mails.mails.length === 1; n++) { // until the first working day
    assert.ok(n < 14, "nothing goes in the first week");
    await site.command("fieldwork", "sweep", "--at", `${day(n)}T12:00:00Z`, "--simulate", "--json");
  }
  const mail = await mails.mail((m) => m.to.some((to) => /^info@(gm|po)99/.test(to)));
  const link = mail.text.match(/http:\/\/[^\s"<>]+\/v\/[A-Za-z0-9_-]+/)[0];
  const visitor = await context.newPage();
  await visitor.goto(link);
  await visitor.getByText(/Verband|Proefdorp/).first().waitFor({ timeout: 10_000 });
  assert.deepEqual(errors, []);
});
