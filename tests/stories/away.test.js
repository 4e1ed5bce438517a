// The program is ended while headquarters has the round open, and comes back: the page says that what
// it shows is old, and then shows what was entered meanwhile.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import { SIZES, browser, emptyFolder, person, shot, startServer } from "../support/index.js";

/** @type {import("playwright-core").Browser} */
let chromium;
/** @type {string} */
let folder;
/** @type {import("../support/program.js").Server} */
let town;

before(async () => {
  [chromium, folder] = await Promise.all([browser(), emptyFolder()]);
  town = await startServer({ args: ["demo", "--time", "10:30"], dir: folder });
});
after(async () => {
  await chromium?.close();
  await town?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} role */
async function as(role) {
  const page = await person(chromium, { viewport: SIZES.desk });
  await page.goto(`${town.url}/demo`);
  await page.click(`form[action="/demo/as/${role}"] button`);
  return page;
}

/** @param {string | null} text */
const figure = (text) => Number((text ?? "").replace(/[^0-9]/g, ""));

test("a page whose server is gone says so, and is renewed when it is back", async () => {
  const desk = await as("headquarters");
  await desk.goto(`${town.url}/round`);
  const silent = async () => figure(await desk.innerText("h1"));
  const before = await silent();
  assert.equal(await desk.isVisible(".notice.stale"), false);
  const phone = await as("household-contact");
  await phone.goto(`${town.url}/my-households`);

  await town.kill();
  await desk.waitForSelector("[data-stale]", { timeout: 20_000 });
  assert.ok(await desk.isVisible(".notice.stale"));
  await shot(desk, "round-without-server-desk");
  assert.equal(await silent(), before, "what was shown stays");

  town = await startServer({ args: ["demo", "--time", "10:45"], dir: folder, port: Number(new URL(town.url).port) });
  await phone.click('form[action="/my-households/well"] button');
  // What others entered until then is caught up with by the demonstration itself.
  const fresh = await as("headquarters");
  await fresh.goto(`${town.url}/round`);
  const now = figure(await fresh.innerText("h1"));
  assert.ok(now < before);
  await desk.waitForFunction(
    (now) => Number(document.querySelector("h1")?.textContent?.replace(/[^0-9]/g, "")) === now,
    now,
    { timeout: 30_000 },
  );
  assert.equal(await desk.locator("[data-stale]").count(), 0);
});
