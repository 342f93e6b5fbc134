// The real program on a database of its own: built, filled through its
// commands, served on a free port, and stopped as an operator would stop it.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Reads CSV into records: quotes, doubled quotes and line ends inside them. */
export function readCSV(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const row = rows.at(-1);
    if (quoted && c === '"' && text[i + 1] === '"') row[row.length - 1] += text[++i];
    else if (c === '"') quoted = !quoted;
    else if (c === "," && !quoted) row.push("");
    else if (c === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += c;
  }
  const [header, ...records] = rows.filter((row) => row.length > 1 || row[0] !== "");
  return records.map((record) => Object.fromEntries(header.map((name, i) => [name, record[i]])));
}

/** A port that nothing listens on now. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Builds and starts the program in an empty folder, with more in its environment; passkeys need the host localhost. */
export async function openSite(settings = {}, host = "127.0.0.1") {
  const dir = mkdtempSync(join(tmpdir(), "uitvraag-e2e-"));
  chmodSync(dir, 0o711); // PostgreSQL runs as another user when root tests
  const program = join(dir, "uitvraag");
  await run("go", ["build", "-o", program, "./cmd/uitvraag"], { cwd: root }).catch((error) => {
    rmSync(dir, { recursive: true });
    throw error;
  });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${host}:${address.split(":")[1]}`;
  const env = { PATH: process.env.PATH, HOME: dir, PG_BIN: process.env.PG_BIN ?? "", UITVRAAG_DATA: join(dir, "data"), UITVRAAG_ADDR: address, UITVRAAG_BASE_URL: url, ...settings };
  const log = join(dir, "serve.log");
  const file = openSync(log, "a");
  let server, ended;
  const start = () => {
    server = spawn(program, ["serve"], { env, stdio: ["ignore", file, file] });
    ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(code ?? signal)));
  };
  const answers = async () => {
    for (let i = 0; ; i++) {
      if (await fetch(url + "/readyz").then((r) => r.ok, () => false)) return;
      if (i === 300 || server.exitCode !== null) throw new Error(`the site does not answer:\n${readFileSync(log, "utf8")}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  const site = {
    url,
    /** Runs a command of the program; returns what it printed. */
    async command(...args) {
      return (await run(program, args, { env, maxBuffer: 64 << 20 })).stdout;
    },
    /** Writes a file for a command; returns its path. */
    file(name, text) {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    },
    /** Ends the program without a word, as a crash would. */
    async kill() {
      server.kill("SIGKILL");
      await ended;
    },
    /** Starts the program again, on the same address. */
    async restart() {
      start();
      await answers();
    },
    /** Stops the site; it must end well, and say nothing of a failed request. */
    async close() {
      server.kill("SIGTERM");
      const end = await ended;
      const text = readFileSync(log, "utf8");
      rmSync(dir, { recursive: true });
      assert.equal(end, 0, `serve ended with ${end}:\n${text}`);
      assert.doesNotMatch(text, /"level":"(ERROR|WARN)"/);
    },
  };
  start();
  await answers();
  return site;
}
