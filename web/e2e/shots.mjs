// Takes a picture of pages of the gallery: node shots.mjs DIR [name…].
import { openBrowser, openGallery } from "./gallery.mjs";

const [dir, ...names] = process.argv.slice(2);
const gallery = await openGallery();
const browser = await openBrowser();
for (const width of (process.env.WIDTHS || "320,768,1280").split(",").map(Number)) {
  for (const colorScheme of (process.env.SCHEMES || "light,dark").split(",")) {
    const page = await (await browser.newContext({ viewport: { width, height: 800 }, colorScheme })).newPage();
    for (const name of names.length ? names : gallery.pages) {
      await page.goto(`${gallery.url}/${name}`);
      await page.screenshot({ path: `${dir}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
    await page.context().close();
  }
}
await browser.close();
gallery.close();
