// The API of a demonstration town against its own description.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { documentFaults, drive } from "../support/contract.js";
import { isSkeleton, run, startServer } from "../support/index.js";

/** How long the API is driven, once as nobody and once as headquarters: seconds. */
const SECONDS = 30;

const skip = (await isSkeleton()) && "the program serves nothing yet";

/** @type {import("../support/program.js").Server} */
let town;

before(async () => {
  if (!skip) town = await startServer({ args: ["demo"] });
});
after(() => town?.stop());

test("the description of the API has no fault", { skip }, async () => {
  const answer = await fetch(`${town.url}/api/openapi.json`);
  assert.equal(answer.status, 200);
  assert.deepEqual(await documentFaults(await answer.text()), []);
});

test("nobody in particular can break the API", { skip }, async () => {
  const { passed, output } = await drive({ url: `${town.url}/api/openapi.json`, seconds: SECONDS });
  assert.ok(passed, `${output}\n${town.log()}`);
});

test("headquarters cannot break the API", { skip }, async () => {
  const issued = await run(["user", "token", "headquarters", "--data", town.dir]);
  assert.equal(issued.code, 0, issued.stderr);
  const token = issued.stdout.trim();
  const { passed, output } = await drive({ url: `${town.url}/api/openapi.json`, token, seconds: SECONDS });
  assert.ok(passed, `${output}\n${town.log()}`);
});
