// An API against its own description: the description by Redocly's recommended rules, the server by Schemathesis.

import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Longer than this a run is stuck, whatever its own bound: milliseconds. */
const STUCK_MS = 300_000;

/** Cases are the same in every run, so that a red test is red again. */
const SEED = "20200203";

/**
 * Runs a tool to its end in a folder of its own.
 * @param {string} file
 * @param {string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ code: number, stdout: string, output: string }>}
 */
function tool(file, args, cwd, env = {}) {
  const options = { cwd, env: { ...process.env, ...env }, timeout: STUCK_MS, maxBuffer: 64 << 20 };
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") return reject(error);
      resolve({ code: Number(error?.code ?? 0), stdout, output: stdout + stderr });
    });
  });
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "firebreak-contract-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const REDOCLY = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");

/**
 * What Redocly's recommended rules find in an OpenAPI document, warnings too, one line each; none is good.
 * @param {string} document the document's text
 * @returns {Promise<string[]>}
 */
export function documentFaults(document) {
  return inFolder(async (folder) => {
    await writeFile(join(folder, "openapi.json"), document);
    const args = [REDOCLY, "lint", "openapi.json", "--extends=recommended", "--format=json", "--max-problems=1000"];
    const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const { stdout, output } = await tool(process.execPath, args, folder, quiet);
    if (!stdout.trimStart().startsWith("{")) throw new Error(`redocly has no result:\n${output}`);
    const { problems } = JSON.parse(stdout);
    return problems.map((/** @type {any} */ fault) => {
      const place = fault.location?.[0]?.pointer ?? "";
      return `${fault.severity}: ${fault.ruleId}: ${fault.message} (${place})`;
    });
  });
}

/**
 * Drives every operation of the description with sound and unsound requests for at most so many seconds.
 * @param {object} options
 * @param {string} options.url the description's address
 * @param {string} [options.token] the bearer token that the requests carry
 * @param {number} options.seconds
 * @param {string} [options.checks] Schemathesis' names of what an answer is held against
 * @returns {Promise<{ passed: boolean, output: string }>}
 */
export function drive({ url, token, seconds, checks = "not_a_server_error" }) {
  const schemathesis = process.env.SCHEMATHESIS;
  if (!schemathesis) throw new Error("SCHEMATHESIS is not set: run `cargo xtask test contract`");
  const authorization = token === undefined ? [] : ["--header", `Authorization: Bearer ${token}`];
  const bounds = ["--seed", SEED, "--max-time", String(seconds), "--request-timeout", "20"];
  return inFolder(async (folder) => {
    const args = ["run", url, "--checks", checks, "--warnings", "off", ...bounds, ...authorization];
    const { code, output } = await tool(schemathesis, args, folder);
    if (code > 1) throw new Error(`schemathesis could not do its work (${code}):\n${output}`);
    return { passed: code === 0, output };
  });
}
