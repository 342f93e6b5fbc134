// Takes the pictures that are kept in screens/: node screens.mjs
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { openBrowser, openGallery } from "./gallery.mjs";

const dir = new URL("screens/", import.meta.url).pathname;
const tallest = 960;

/** Page of the gallery, width, colours. */
const kept = [
  ["landing", 1280, "light"], ["landing", 320, "light"], ["landing-niet-meedoen", 768, "light"], ["landing-ander", 320, "dark"],
  ["onderdelen", 1280, "light"], ["onderdelen-overgeslagen", 320, "dark"],
  ["vraag-meer", 320, "light"], ["vraag-paar", 1280, "light"], ["vraag-stellingen", 1280, "light"], ["vraag-stellingen", 320, "light"], ["vraag-arrangementen", 768, "dark"],
  ["vraag-cijfers", 768, "light"], ["vraag-modellen", 1280, "dark"], ["fout-rij", 320, "light"], ["fout-keuze", 1280, "light"],
  ["conflict", 768, "dark"], ["controleren", 1280, "light"], ["ontvangst", 768, "light"], ["doorsturen-collegas", 768, "light"], ["alle-vragen", 1280, "light"],
];

mkdirSync(dir, { recursive: true });
for (const name of readdirSync(dir)) if (name.endsWith(".png")) rmSync(dir + name);
const gallery = await openGallery();
const browser = await openBrowser();
let bytes = 0;
for (const [name, width, colorScheme] of kept) {
  const page = await (await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale: "nl-NL" })).newPage();
  await page.goto(`${gallery.url}/${name}`);
  const height = Math.min(tallest, await page.evaluate(() => document.documentElement.scrollHeight));
  const path = `${dir}${name}-${width}-${colorScheme}.png`;
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height } });
  bytes += statSync(path).size;
  await page.context().close();
}
await browser.close();
gallery.close();
console.log(`${kept.length} pictures, ${Math.round(bytes / 1000)} kB`);
