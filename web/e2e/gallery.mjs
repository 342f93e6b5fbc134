// Serves the gallery with the headers of the site, opens it in Chromium, and looks at every page of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const types = { css: "text/css; charset=utf-8", svg: "image/svg+xml", html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8" };

export const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Writes the gallery to a folder of its own and serves it. */
export async function openGallery() {
  const dir = mkdtempSync(join(tmpdir(), "uitvraag-gallery-"));
  execFileSync("go", ["run", "./e2e/gallery", dir], { cwd: join(import.meta.dirname, ".."), stdio: ["ignore", "inherit", "inherit"] });
  const pages = readdirSync(dir)
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.slice(0, -5));
  const files = new Map(pages.map((name) => ["/" + name, join(dir, name + ".html")]));
  for (const name of readdirSync(join(dir, "static"))) files.set("/static/" + name, join(dir, "static", name));
  const server = createServer((request, response) => {
    const file = files.get(request.url.split("?")[0]);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[file.split(".").pop()], "Content-Security-Policy": policy });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
    rmSync(dir, { recursive: true });
  };
  return { pages, url: `http://127.0.0.1:${server.address().port}`, close };
}

/** Opens the Chromium of the machine; CHROMIUM names another one. */
export function openBrowser(...args) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--font-render-hinting=none", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", ...args],
  });
}

/** Shows the same page in another width or colour scheme, without colours on their way: cheaper than opening it again. */
export async function show(page, { width, height = 800, colorScheme = "light" }) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
}

/** Runs a check on every page, opened once, and fails with everything that was found. */
export async function everyPage(gallery, browser, options, check) {
  const page = await (await browser.newContext(options)).newPage();
  const found = [];
  page.on("console", (message) => {
    if (message.type() === "error") found.push(`${page.url()}: ${message.text()}`);
  });
  for (const name of gallery.pages) {
    await page.goto(`${gallery.url}/${name}`);
    for (const problem of await check(page)) found.push(`${name}: ${problem}`);
  }
  await page.context().close();
  assert.deepEqual(found, []);
}
