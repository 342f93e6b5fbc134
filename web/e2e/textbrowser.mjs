// w3m, as somebody at a terminal uses it: keys in, and what it asked the site
// for out. It has no styles and no script.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Respondent, pageID } from "./respondent.mjs";

/** The page as w3m writes it. */
export const dump = (html) => execFileSync("w3m", ["-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "100"], { input: html, encoding: "utf8" }).replaceAll("\u00ad", "");

export class TextBrowser {
  constructor(url) {
    this.home = mkdtempSync(join(tmpdir(), "uitvraag-w3m-"));
    this.log = join(this.home, ".w3m", "request.log");
    const editor = join(this.home, "editor");
    writeFileSync(editor, `#!/bin/sh\ncp "${this.home}/text" "$1"\n`);
    chmodSync(editor, 0o755);
    const options = "-cookie -reqlog -no-mouse -I UTF-8 -O UTF-8 -o accept_cookie=1 -o confirm_qq=0 -o use_history=0";
    this.process = spawn("script", ["-qfc", `w3m ${options} ${url}`, "/dev/null"], {
      env: { PATH: process.env.PATH, HOME: this.home, TERM: "xterm", LANG: "C.UTF-8", EDITOR: editor, LINES: "50", COLUMNS: "100" },
      stdio: ["pipe", "ignore", "ignore"],
    });
  }

  /** Types keys. */
  keys(text) {
    this.process.stdin.write(text);
  }

  /** Puts the cursor on the n-th link or control of the page, from 1. */
  to(n) {
    this.keys(`${n}[`);
  }

  /** The paths that were asked for up to now. */
  asked() {
    try {
      return [...readFileSync(this.log, "utf8").matchAll(/^(GET|POST) (\S+) HTTP/gm)].map((m) => `${m[1]} ${new URL(m[2], "http://site").pathname}`);
    } catch {
      return [];
    }
  }

  /** Waits until a page was asked for after the first n requests; returns the last path. */
  async next(n) {
    for (let i = 0; i < 400; i++) {
      const asked = this.asked();
      if (asked.length > n && asked.at(-1).startsWith("GET ")) {
        await new Promise((resolve) => setTimeout(resolve, 60)); // it still has to be drawn
        return asked.at(-1).slice(4);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(`w3m asks for nothing: ${this.asked().slice(n)}`);
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.keys("Q");
    const timer = setTimeout(() => this.process.kill(), 5_000);
    await ended;
    clearTimeout(timer);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Somebody with a text browser. The page of Chromium only tells in what order the controls stand. */
export class TextRespondent extends Respondent {
  constructor(page, browser, options) {
    super(page, options);
    this.browser = browser;
  }

  /** The number that w3m gives to a control or button: it counts hidden ones too. */
  number(selector) {
    return this.page.evaluate((s) => [...document.querySelectorAll("a[href], input, button, textarea, select")].findIndex((e) => e.matches(s)) + 1, selector);
  }

  /** Opens the page that w3m shows. */
  async follow(path) {
    await this.page.goto(new URL(path, this.page.url()).href);
    this.text = dump(await this.page.content());
  }

  async fill() {
    const { checks, texts } = await this.decide();
    for (const c of checks) if (c.type === "radio" || c.checked !== c.want) await this.press(c);
    for (const c of texts) {
      this.browser.to(await this.number(`[id="${c.id}"]`));
      if (c.type === "textarea") {
        writeFileSync(join(this.browser.home, "text"), c.text);
        this.browser.keys("\r");
        await new Promise((resolve) => setTimeout(resolve, 250)); // the editor comes and goes
      } else this.browser.keys(`\r\u0015${c.text}\r`);
    }
  }

  async press(c) {
    this.browser.to(await this.number(`[id="${c.id}"]`));
    this.browser.keys("\r");
  }

  async act(action) {
    const n = this.browser.asked().length;
    this.browser.to(await this.number(`main button.btn[name=actie][value=${action}]`));
    this.browser.keys("\r");
    await this.follow(await this.browser.next(n));
  }

  /** Opens the link in both. */
  async enter(url) {
    await this.page.goto(url);
    await this.browser.next(0);
    const eyes = new Respondent(this.page);
    await eyes.act("volgende"); // a session of its own for the eyes
    await this.page.goto(url);
    await this.act("volgende");
    return pageID(this.page);
  }
}
