// Every page in every state, by axe.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { everyPage, openBrowser, openGallery } from "./gallery.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
let gallery, browser;

before(async () => {
  gallery = await openGallery();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  gallery?.close();
});

for (const width of [320, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing at ${width} px, ${colorScheme}`, { timeout: 600_000 }, async () => {
      await everyPage(gallery, browser, { viewport: { width, height: 800 }, colorScheme, bypassCSP: false }, async (page) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), rules);
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
      });
    });
  }
}
