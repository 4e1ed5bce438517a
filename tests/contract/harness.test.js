// The two judges of the API, tried on a small API whose faults are known.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { documentFaults, drive } from "../support/contract.js";

/** @param {string} url */
function described(url) {
  const answer = { description: "An answer", content: { "application/json": { schema: { type: "object" } } } };
  const day = { name: "day", in: "query", required: true, schema: { type: "integer" }, description: "A day" };
  const get = {
    operationId: "readRound",
    summary: "Read a round",
    security: [],
    parameters: [day],
    responses: { 200: answer, 400: answer },
  };
  return {
    openapi: "3.1.0",
    info: { title: "Rounds", version: "1", license: { name: "AGPL-3.0-or-later", identifier: "AGPL-3.0-or-later" } },
    servers: [{ url }],
    paths: { "/round": { get } },
  };
}

/** @type {import("node:http").Server} */
let server;
/** @type {string} */
let url;
/** What the operation answers to a negative day. */
let onNegative = 400;
/** @type {Set<string | undefined>} */
const authorizations = new Set();

before(async () => {
  server = createServer((request, response) => {
    const address = new URL(request.url ?? "/", url);
    if (address.pathname === "/openapi.json") return response.end(JSON.stringify(described(url)));
    authorizations.add(request.headers.authorization);
    const day = Number(address.searchParams.get("day"));
    response.writeHead(day < 0 ? onNegative : Number.isInteger(day) ? 200 : 400);
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
});
after(() => server.close());

test("a sound description has no fault", async () => {
  assert.deepEqual(await documentFaults(JSON.stringify(described(url))), []);
});

test("an operation without a name is a fault, though only a warning", async () => {
  const text = JSON.stringify(described(url)).replace(`"operationId":"readRound",`, "");
  const faults = await documentFaults(text);
  assert.equal(faults.length, 1);
  assert.match(faults[0], /^warn: operation-operationId: /);
});

test("a server that refuses bad input passes, and the token goes with every request", async () => {
  const { passed, output } = await drive({ url: `${url}/openapi.json`, token: "abc", seconds: 2 });
  assert.ok(passed, output);
  assert.ok(authorizations.has("Bearer abc"));
});

test("a server that breaks on bad input is found out", async () => {
  onNegative = 500;
  const { passed, output } = await drive({ url: `${url}/openapi.json`, seconds: 4 });
  assert.equal(passed, false);
  assert.match(output, /Server error/);
});
