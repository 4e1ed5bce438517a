// The harness itself, tried with a small program that stands in for ours, so that a failing story can be believed.

import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { lacks, run, startServer } from "./program.js";

/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-harness-"));
});
after(() => rm(folder, { recursive: true }));

/**
 * An executable script of Node.
 * @param {string} name
 * @param {string} source
 */
async function script(name, source) {
  const path = join(folder, name);
  await writeFile(path, `#!/usr/bin/env node\n${source}`);
  await chmod(path, 0o755);
  return path;
}

const SERVER = `
  const at = (flag) => process.argv[process.argv.indexOf(flag) + 1];
  require("fs").writeFileSync(at("--data") + "/kept", process.env.MARK ?? "");
  const [host, port] = at("--listen").split(":");
  require("http").createServer((q, a) => a.end(q.url)).listen(port, host, () => console.log("sign in: /s/abc"));
`;

test("a server is started, heard, stopped, and its folder removed", async () => {
  const bin = await script("server", SERVER);
  const server = await startServer({ args: ["demo"], env: { MARK: "here" }, bin });
  assert.equal(await (await fetch(`${server.url}/page`)).text(), "/page");
  assert.equal(await readFile(join(server.dir, "kept"), "utf8"), "here");
  assert.equal((await server.said(/sign in: (\S+)/))[1], "/s/abc");
  await server.stop();
  await assert.rejects(fetch(server.url));
  await assert.rejects(stat(server.dir), { code: "ENOENT" });
});

test("a killed server leaves its folder, and another goes on with it", async () => {
  const bin = await script("server", SERVER);
  const first = await startServer({ bin });
  await first.kill();
  assert.ok(await stat(first.dir));
  const second = await startServer({ bin, dir: first.dir });
  assert.equal(second.dir, first.dir);
  await second.stop();
  assert.ok(await stat(first.dir));
  await rm(first.dir, { recursive: true });
});

test("a server that ends at once is told with what it wrote", async () => {
  const bin = await script("broken", `console.error("the playbook is broken"); process.exit(1);`);
  await assert.rejects(startServer({ bin }), /ended \(1\) before it answered; it wrote:\nthe playbook is broken/);
});

test("a server that never answers is given up and ended", async () => {
  const bin = await script("silent", `require("fs").writeFileSync(process.argv.at(-1) + ".pid", "" + process.pid); setInterval(() => {}, 1000);`);
  const dir = join(folder, "silent-data");
  await assert.rejects(startServer({ bin, dir, answerMs: 1500 }), /not ready within 1500 ms/);
  const pid = Number(await readFile(`${dir}.pid`, "utf8"));
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

test("a command is tested once the help lists it, and when the help itself is broken", async () => {
  const bin = await script("help", `console.log("Commands:\\n  serve  Serve a town, not a demo"); process.exit(+process.env.HELP_CODE);`);
  process.env.HELP_CODE = "0";
  assert.equal(await lacks("serve", { bin }), false);
  assert.equal(await lacks("demo", { bin }), "the program has no command demo yet");
  process.env.HELP_CODE = "1";
  assert.equal(await lacks("demo", { bin }), false);
  delete process.env.HELP_CODE;
});

test("a program run to its end gives its code and its words", async () => {
  const bin = await script("wrong", `console.log("out"); console.error("err"); process.exit(2);`);
  assert.deepEqual(await run([], { bin }), { code: 2, stdout: "out\n", stderr: "err\n" });
});
