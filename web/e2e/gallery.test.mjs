// Every page in every state, in a real browser: no wider than the
// window, targets large enough, within the policy, and the focus never hidden.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { everyPage, openBrowser, openGallery, show } from "./gallery.mjs";

let gallery, browser;

before(async () => {
  gallery = await openGallery();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  gallery?.close();
});

/** What is wider than the window. */
const wide = () => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const over = [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return over.slice(0, 3).map((e) => `${e.tagName}.${e.className} is too wide`);
};

/** Edges of controls and focus rings with too little contrast. */
const faint = () => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) if (!/rgba\(.*, 0\)|transparent/.test(getComputedStyle(e).backgroundColor)) return getComputedStyle(e).backgroundColor;
    return "white";
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const found = [];
  for (const e of document.querySelectorAll("main :is(input:not([type=hidden]), textarea, select), main .btn.second")) {
    if (!e.checkVisibility()) continue;
    const behind = ground(e.parentElement);
    const style = getComputedStyle(e);
    if (contrast(style.borderTopColor, behind) < 3 && contrast(style.backgroundColor, behind) < 3) found.push(`the edge of ${e.id || e.textContent} has ${contrast(style.borderTopColor, behind).toFixed(1)}:1`);
    e.focus({ focusVisible: true });
    if (contrast(style.outlineColor, behind) < 3 || style.outlineStyle === "none") found.push(`the ring of ${e.id || e.textContent} has ${contrast(style.outlineColor, behind).toFixed(1)}:1`);
  }
  return found.slice(0, 3);
};

/** Whether help, language and skip link are where they are on every page. */
const misplaced = () => {
  const found = [];
  if (document.documentElement.lang !== "nl") found.push(`language ${document.documentElement.lang}`);
  if (document.querySelector("body > *").className !== "skip") found.push("the skip link is not first");
  if (/^.(landing|onderdelen|vraag|fout-|conflict|controleren|ontvangst|antwoorden|doorsturen|ook-voor|niet-meedoen)/.test(location.pathname) && !document.querySelector("body > header.top .help")) found.push("no help in the header");
  return found;
};

/** Targets that are too small: 44 px for respondents, 24 px for staff. */
const small = () => {
  const least = document.body.classList.contains("beheer") ? 24 : 44;
  const targets = document.querySelectorAll("label.choice, label.tile, label.model, label.version, .btn, input[type=text], textarea:not([hidden]), select");
  return [...targets].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < least - 0.5).map((e) => `${e.tagName}.${e.className} is ${e.getBoundingClientRect().height} px high`);
};

/** Whether the heading of an error has got the focus, on a page just opened. */
const unfocused = async () => {
  if (!document.querySelector(".error-summary")) return [];
  for (let frame = 0; frame < 30 && document.activeElement?.id !== "fout-kop"; frame++) await new Promise(requestAnimationFrame);
  return document.activeElement?.id === "fout-kop" ? [] : ["the focus is not on the heading of the error"];
};

/** Runs checks in the page in a window of some size. */
async function at(page, window, ...checks) {
  await show(page, window);
  const found = [];
  for (const check of checks) found.push(...(await page.evaluate(check)).map((problem) => `${window.width} px, ${window.colorScheme ?? "light"}: ${problem}`));
  return found;
}

/** What is cut off: text that does not fit in a box that hides the rest. */
const cut = () => {
  const room = document.documentElement.clientWidth;
  const found = document.documentElement.scrollWidth > room ? [`the page is ${document.documentElement.scrollWidth - room} px too wide`] : [];
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e);
    if (!["hidden", "clip"].includes(style.overflowX) || e.closest(".vh, .scroll, textarea, select, input, iframe, [aria-hidden=true]") || style.clipPath !== "none" || style.position === "absolute") continue;
    if (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) found.push(`${e.tagName}.${e.className} cuts its text off`);
  }
  for (const e of document.querySelectorAll(".btn, .tag, .choice, .tile")) {
    const box = e.getBoundingClientRect();
    if (e.checkVisibility() && (e.scrollWidth > box.width + 1 || e.scrollHeight > box.height + 1)) found.push(`${e.tagName}.${e.className} is smaller than its text`);
  }
  return found.slice(0, 3);
};

const spacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"; // WCAG 1.4.12
/** What can have the focus, and is not seen once it has: hidden below a bar, or without a ring. */
const unseen = () => {
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")) {
    if (e.tabIndex < 0 || e.disabled || !e.checkVisibility({ visibilityProperty: true })) continue;
    e.focus({ focusVisible: true }); // scrolls as the Tab key does
    if (document.activeElement !== e) continue;
    const box = e.getBoundingClientRect();
    const at = document.elementFromPoint(box.x + box.width / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight - 1)) / 2); // the middle of what is in the window
    const style = getComputedStyle(e);
    const seen = at && (e.contains(at) || at.contains(e) || e.closest("label")?.contains(at));
    if (!seen || (style.outlineStyle === "none" && style.borderStyle === "none")) found.push(`the focus on ${e.tagName} ${e.id || e.textContent.trim().slice(0, 30)} is not seen`);
  }
  return found.slice(0, 5);
};
// One visit for all of it, because opening a page costs more than looking at it. The Tab key itself is pressed through both questionnaires in whole.test.mjs.
test("errors have the focus, nothing scrolls sideways, help has its place, targets are large, edges and rings stand out, the focus is seen wherever it goes, nothing is lost with wide text spacing", { timeout: 1_200_000 }, async () => {
  await everyPage(gallery, browser, { viewport: { width: 1280, height: 720 } }, async (page) => {
    const found = await page.evaluate(unfocused);
    found.push(...(await at(page, { width: 1280, height: 720 }, misplaced, wide, faint, unseen)));
    found.push(...(await at(page, { width: 1280, height: 720, colorScheme: "dark" }, faint)));
    found.push(...(await at(page, { width: 768 }, wide)));
    found.push(...(await at(page, { width: 320, height: 568 }, wide, small, unseen)));
    await page.evaluate((css) => { // as a style sheet of the reader, which the policy does not forbid
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, spacing);
    found.push(...(await at(page, { width: 320, height: 568 }, cut)), ...(await at(page, { width: 1280, height: 720 }, cut)));
    return found;
  });
});

test("nothing is lost with text of 200 %", { timeout: 480_000 }, async (t) => {
  const large = await openBrowser("--blink-settings=defaultFontSize=32"); // as people set it in their browser
  t.after(() => large.close());
  await everyPage(gallery, large, {}, async (page) => [...(await at(page, { width: 640 }, cut)), ...(await at(page, { width: 1280 }, cut))]);
});

test("Enter presses Volgende", { timeout: 60_000 }, async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${gallery.url}/vraag-partijen`);
  await page.evaluate(() => document.querySelector("form").addEventListener("submit", (e) => { e.preventDefault(); window.pressed = e.submitter.value; }));
  await page.focus("#partij_4_txt");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => window.pressed), "volgende");
  await page.context().close();
});
