// Somebody opens the demonstration's address for the first time, on a phone and at a desk.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SIZES, axe, browser, htmlFaults, overflow, person, shot, startServer } from "../support/index.js";

/** @type {import("../support/program.js").Server} */
let town;
/** @type {import("playwright-core").Browser} */
let chromium;

before(async () => {
  town = await startServer({ args: ["demo"] });
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
  await town?.stop();
});

test("the address of the demonstration says that it is ready, which version and which engine", async () => {
  const health = await (await fetch(`${town.url}/healthz`)).json();
  assert.equal(health.ready, true);
  assert.equal(health.engine, "sqlite");
  assert.match(health.version, /^\d+\.\d+\.\d+/);
});

for (const [name, viewport] of Object.entries({ phone: SIZES.phone, desk: SIZES.desk })) {
  test(`the first page can be read on a ${name} and is marked as a demonstration`, async () => {
    const page = await person(chromium, { viewport });
    await page.goto(town.url);
    await shot(page, `door-${name}`);
    assert.match(await page.innerText("body"), /演示/);
    assert.deepEqual(await axe(page), []);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await htmlFaults(await (await fetch(page.url())).text()), []);
  });
}
