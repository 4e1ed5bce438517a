// The program under test: run to its end, or started as a server on a free port and an empty folder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long a server may take to answer: milliseconds. A build for tests is many times slower than a release. */
const ANSWER_MS = 90_000;

/** How long a server may take to end after it was asked to: milliseconds. */
const END_MS = 15_000;

/**
 * The path of the built program.
 * @returns {string}
 */
export function program() {
  const path = process.env.FIREBREAK_BIN;
  if (!path) throw new Error("FIREBREAK_BIN is not set: run `cargo xtask test stories`, or set it to the built program");
  return path;
}

/**
 * An empty folder for data, removed when the test process ends its use of it.
 * @returns {Promise<string>}
 */
export function emptyFolder() {
  return mkdtemp(join(tmpdir(), "firebreak-story-"));
}

/**
 * A loopback port that nobody uses at this moment.
 * @returns {Promise<number>}
 */
export async function freePort() {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/**
 * Runs the program to its end.
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, bin?: string }} [options]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export async function run(args, { env = {}, bin = program() } = {}) {
  const child = spawn(bin, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/**
 * Why tests of a command are left out: the program's help does not list it yet. A program whose help fails
 * is not passed over.
 * @param {string} command
 * @param {{ bin?: string }} [options]
 * @returns {Promise<string | false>} the reason, or false if the command is there to be tested
 */
export async function lacks(command, options = {}) {
  const { code, stdout } = await run(["--help"], options);
  const listed = stdout.split("\n").some((line) => line.trim().split(/\s/)[0] === command);
  return code === 0 && !listed && `the program has no command ${command} yet`;
}

/**
 * @typedef {object} Server
 * @property {string} url where it answers, without a slash at the end
 * @property {string} dir its data folder
 * @property {() => string} log what it has written so far
 * @property {(pattern: RegExp, ms?: number) => Promise<RegExpExecArray>} said waits until it has written this
 * @property {() => Promise<void>} stop asks it to end, waits, and removes the folder if it was made here
 * @property {() => Promise<void>} kill ends it at once, as a power cut would; the folder stays
 */

/**
 * Starts the program as a server and waits until `/healthz` answers.
 * @param {{ args?: string[], env?: Record<string, string>, dir?: string, port?: number, bin?: string, answerMs?: number }} [options]
 *   args: the command and its own flags (`["serve"]`); dir: an existing data folder instead of an empty one;
 *   port: where an earlier one answered, instead of a free one
 * @returns {Promise<Server>}
 */
export async function startServer({ args = ["serve"], env = {}, dir, port, bin = program(), answerMs = ANSWER_MS } = {}) {
  const folder = dir ?? (await emptyFolder());
  const listen = `127.0.0.1:${port ?? (await freePort())}`;
  const child = spawn(bin, [...args, "--listen", listen, "--data", folder], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = listenTo(child);
  const ended = once(child, "close");
  const server = {
    url: `http://${listen}`,
    dir: folder,
    log: written.text,
    said: written.said,
    kill: () => end(child, ended, "SIGKILL"),
    stop: async () => {
      await end(child, ended, "SIGTERM");
      if (dir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await answers(server.url, child, answerMs);
  } catch (error) {
    await server.kill();
    if (dir === undefined) await rm(folder, { recursive: true, force: true });
    throw new Error(`${bin} ${args.join(" ")}: ${/** @type {Error} */ (error).message}; it wrote:\n${written.text()}`);
  }
  return server;
}

/**
 * Collects what a process writes on either stream.
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child
 */
function listenTo(child) {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => (text += part));
  }
  /** @type {Server["said"]} */
  const said = async (pattern, ms = 10_000) => {
    const last = Date.now() + ms;
    for (;;) {
      const found = pattern.exec(text);
      if (found) return found;
      if (Date.now() > last) throw new Error(`${pattern} was not written within ${ms} ms; but:\n${text}`);
      await pause(20);
    }
  };
  return { text: () => text, said };
}

/**
 * @param {string} url
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} ms
 */
async function answers(url, child, ms) {
  const last = Date.now() + ms;
  let reason = "no answer yet";
  while (Date.now() < last) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`it ended (${child.exitCode ?? child.signalCode}) before it answered`);
    }
    try {
      const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
      reason = `/healthz answers ${answer.status}`;
    } catch (error) {
      reason = /** @type {Error} */ (error).message;
    }
    await pause(50);
  }
  throw new Error(`it was not ready within ${ms} ms (${reason})`);
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {Promise<unknown>} ended
 * @param {NodeJS.Signals} signal
 */
async function end(child, ended, signal) {
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(late);
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
