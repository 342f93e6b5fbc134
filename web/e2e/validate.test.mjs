// Every page in every state, as the HTML checker of the W3C reads it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");

let dir;

before(() => {
  dir = mkdtempSync(join(tmpdir(), "uitvraag-html-"));
  execFileSync("go", ["run", "./e2e/gallery", dir], { cwd: join(import.meta.dirname, ".."), stdio: ["ignore", "inherit", "inherit"] });
});
after(() => rmSync(dir, { recursive: true, force: true }));

/** Reads all pages in one run of the checker. */
function check(files) {
  const run = spawnSync("java", ["-Xss2m", "-jar", jar, "--format", "json", "--exit-zero-always", ...files], { encoding: "utf8", maxBuffer: 1 << 26 });
  assert.notEqual(run.error?.code, "ENOENT", "the HTML checker needs Java 11 or newer; install it (Debian: apt-get install default-jre-headless)");
  assert.equal(run.status, 0, `the HTML checker did not run: ${run.stderr}`);
  return JSON.parse(run.stderr).messages;
}

test("the HTML of every page is valid", { timeout: 300_000 }, () => {
  const files = readdirSync(dir).filter((name) => name.endsWith(".html")).map((name) => join(dir, name));
  assert.ok(files.length > 50, `only ${files.length} pages`);
  const found = check(files).map((m) => `${basename(m.url ?? "")}: ${m.subType ?? m.type}: ${m.message} ${m.extract ?? ""}`); // warnings too
  assert.deepEqual(found, []);
});
