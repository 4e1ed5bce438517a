// The API against its own description: of an empty server, and of the demonstration's headquarters.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { documentFaults, drive } from "../support/contract.js";
import { run, startServer } from "../support/index.js";

/** How long the API is driven each time: seconds. */
const SECONDS = 30;

/** @type {import("../support/program.js").Server} */
let empty;

before(async () => {
  empty = await startServer({ args: ["serve"] });
});
after(() => empty?.stop());

test("the description of the API has no fault", async () => {
  const answer = await fetch(`${empty.url}/api/openapi.json`);
  assert.equal(answer.status, 200);
  const text = await answer.text();
  assert.ok(Object.keys(JSON.parse(text).paths).length > 0, "it describes no operation");
  assert.deepEqual(await documentFaults(text), []);
});

test("nobody in particular can break the API", async () => {
  const { passed, output } = await drive({ url: `${empty.url}/api/openapi.json`, seconds: SECONDS });
  assert.ok(passed, `${output}\n${empty.log()}`);
});

test("headquarters cannot break the API", async () => {
  const town = await startServer({ args: ["demo"] });
  try {
    const issued = await run(["user", "token", "--login", "headquarters", "--data", town.dir]);
    assert.equal(issued.code, 0, issued.stderr);
    const token = issued.stdout.trim();
    const { passed, output } = await drive({ url: `${town.url}/api/openapi.json`, token, seconds: SECONDS });
    assert.ok(passed, `${output}\n${town.log()}`);
  } finally {
    await town.stop();
  }
});
