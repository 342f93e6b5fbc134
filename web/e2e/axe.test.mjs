// Every page in every state, by axe.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { everyPage, openBrowser, openGallery, show } from "./gallery.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Each width and each scheme once; EVERY_LOOK (make long) sets all four together.
const looks = [
  { width: 320, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
  ...(process.env.EVERY_LOOK ? [{ width: 320, colorScheme: "dark" }, { width: 1280, colorScheme: "light" }] : []),
];
let gallery, browser;

before(async () => {
  gallery = await openGallery();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  gallery?.close();
});

test("axe finds nothing, narrow and wide, light and dark", { timeout: 1_200_000 }, async () => {
  await everyPage(gallery, browser, { bypassCSP: false }, async (page) => {
    await page.evaluate(axe);
    const found = [];
    for (const look of looks) {
      await show(page, look);
      const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values }, resultTypes: ["violations"] }), rules);
      found.push(...violations.map((v) => `${look.width} px, ${look.colorScheme}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`));
    }
    return found;
  });
});
