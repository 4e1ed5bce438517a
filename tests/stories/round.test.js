// A day of the demonstration's round: a contact taps his households on the phone, headquarters sees
// the figures move without reloading, and the main pages can be read by everybody.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SIZES, axe, browser, htmlFaults, overflow, person, shot, startServer } from "../support/index.js";

/** @type {import("../support/program.js").Server} */
let town;
/** @type {import("playwright-core").Browser} */
let chromium;

before(async () => {
  town = await startServer({ args: ["demo", "--time", "10:30"] });
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
  await town?.stop();
});

/**
 * A page of somebody with a role, at his first place.
 * @param {string} role
 * @param {{ width: number, height: number }} viewport
 */
async function as(role, viewport) {
  const page = await person(chromium, { viewport });
  await page.goto(`${town.url}/demo`);
  await page.click(`form[action="/demo/as/${role}"] button`);
  await page.goto(town.url);
  return page;
}

/** @param {string | null} text */
const figure = (text) => Number((text ?? "").replace(/[^0-9]/g, ""));

test("a contact taps a household done, takes it back, and checks one with a mistake first", async () => {
  const page = await as("household-contact", SIZES.phone);
  await page.goto(`${town.url}/my-households`);
  await shot(page, "my-households-phone");
  const silent = figure(await page.innerText("h1"));
  assert.ok(silent > 0, "the contact shown has something to do");
  await page.click('form[action="/my-households/well"] button');
  assert.match(await page.innerText(".undo"), /家已记下/);
  assert.equal(figure(await page.innerText("h1")), silent - 1);
  await page.click(".undo button");
  assert.equal(figure(await page.innerText("h1")), silent);

  await page.click("li.cell a.body");
  const summary = await page.locator("details.more-of > summary").first().boundingBox();
  assert.ok(summary && summary.height >= 48, "a thumb hits a person's line");
  const thermometer = page.locator('input[name^="temperature-"]').first();
  await thermometer.fill("365");
  await page.click('button[value="detailed"]:not(.unseen)');
  assert.match(await page.innerText(".errors"), /35\.0 到 43\.0/);
  assert.equal(await page.locator('input[name^="temperature-"]').first().inputValue(), "365");
  await shot(page, "check-with-a-mistake-phone");
  const error = await page.locator(".facts .error").boundingBox();
  assert.ok(error && error.width > 250, "the error has the whole line");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  assert.match(await page.innerText(".call"), /^电话 129\d{8}$/, "his own household's number stands in full");
  const head = await page.innerText("h1");
  await page.locator('input[name^="temperature-"]').first().fill("36.5");
  await page.click('button[value="detailed"]:not(.unseen)');
  assert.equal(await page.innerText(".undo span"), `${head}已记下`);
  assert.notEqual(await page.innerText("h1"), head, "the next household waits below");
  await page.goto(`${town.url}/my-households`);
  assert.equal(figure(await page.innerText("h1")), silent - 1);
});

test("a whole check is taken back, and a fever is shown where its household is opened again", async () => {
  const page = await as("household-contact", SIZES.phone);
  const count = async () => {
    await page.goto(`${town.url}/my-households`);
    return figure(await page.innerText("h1"));
  };
  const feverish = async () => {
    await page.goto(`${town.url}${path}`);
    await page.locator('input[name^="temperature-"]').first().fill("38.2");
    await page.click('button[value="detailed"]:not(.unseen)');
    assert.match(await page.innerText(".undo span"), /已记下$/);
  };
  const silent = await count();
  const path = await page.getAttribute("li.cell a.body", "href");

  await feverish();
  await page.click(".undo button");
  assert.equal(await count(), silent, "what was taken back is to be done");

  await feverish();
  assert.equal(await count(), silent - 1);
  await page.goto(`${town.url}${path}`);
  assert.match(await page.innerText(".log.day"), /38\.2/);
  await shot(page, "check-told-today-phone");
});

test("headquarters sees a check arrive without reloading", async () => {
  const desk = await as("headquarters", SIZES.desk);
  await desk.goto(`${town.url}/round`);
  await shot(desk, "round-desk");
  const before = figure(await desk.innerText("h1"));
  const phone = await as("household-contact", SIZES.phone);
  await phone.goto(`${town.url}/my-households`);
  await phone.click('form[action="/my-households/well"] button');
  await desk.waitForFunction(
    (before) => Number(document.querySelector("h1")?.textContent?.replace(/[^0-9]/g, "")) === before - 1,
    before,
    { timeout: 5_000 },
  );
});

test("on a phone every place can be reached, and what waits is counted", async () => {
  const phone = await as("headquarters", SIZES.phone);
  await phone.goto(`${town.url}/round`);
  const waiting = figure(await phone.innerText(".places .count"));
  assert.ok(waiting > 0);
  await phone.click(".places summary");
  await shot(phone, "more-phone");
  assert.deepEqual(await axe(phone), []);
  await phone.click('.places .pick a[href="/stewards"]');
  assert.equal(new URL(phone.url()).pathname, "/stewards");
  assert.ok(await phone.locator(".places .here summary").isVisible());
  await phone.goto(`${town.url}/findings?state=open`);
  assert.equal(figure(await phone.innerText("h1")), waiting);
});

test("the wall shows the town on one screen, and moves by itself", async () => {
  const wall = await as("superior-observer", SIZES.wall);
  await wall.goto(`${town.url}/wall`);
  await shot(wall, "wall");
  assert.match(await wall.innerText("body"), /演示/);
  assert.deepEqual(await axe(wall), []);
  assert.deepEqual(await htmlFaults(await wall.content()), []);
  assert.equal(await wall.locator(".tiles li").count(), 29);
  assert.deepEqual(await wall.evaluate(cutOff), [], "everything is on the screen");
  const before = figure(await wall.innerText("h1"));
  const phone = await as("household-contact", SIZES.phone);
  await phone.goto(`${town.url}/my-households`);
  await phone.click('form[action="/my-households/well"] button');
  await wall.waitForFunction(
    (before) => Number(document.querySelector("h1")?.textContent?.replace(/[^0-9]/g, "")) === before - 1,
    before,
    { timeout: 5_000 },
  );
  // A wall that cannot be renewed says so, and stays.
  assert.ok(!(await wall.locator(".stale").isVisible()));
  await wall.route("**/wall/*", (route) => route.abort());
  await phone.click('form[action="/my-households/well"] button');
  await wall.locator(".stale").waitFor({ state: "visible", timeout: 5_000 });
  await wall.unroute("**/wall/*");
  await phone.click('form[action="/my-households/well"] button');
  await wall.locator(".stale").waitFor({ state: "hidden", timeout: 5_000 });
});

/** The parts of the wall whose content reaches beyond them or beyond the screen. */
function cutOff() {
  const parts = [...document.querySelectorAll("body, main, .tiles, .sheet, .sheet li, .needed, .figures li, .head")];
  const beyond = (/** @type {Element} */ part) =>
    part.scrollHeight > part.clientHeight + 2 ||
    part.scrollWidth > part.clientWidth + 2 ||
    part.getBoundingClientRect().bottom > innerHeight + 1;
  return parts.filter(beyond).map((part) => `${part.tagName} ${part.className}`);
}

const PAGES = /** @type {[string, string, string][]} */ ([
  ["headquarters", "round", "/round"],
  ["headquarters", "findings", "/findings"],
  ["headquarters", "reports", "/reports"],
  ["headquarters", "households", "/households"],
  ["headquarters", "stewards", "/stewards"],
  ["headquarters", "divisions", "/divisions"],
  ["village-cadre", "village", "/round"],
  ["household-contact", "my-households", "/my-households"],
  ["administrator", "accounts", "/accounts"],
  ["headquarters", "me", "/me"],
]);

for (const [role, name, path] of PAGES) {
  test(`${name} can be read by everybody, on a phone and at a desk`, async () => {
    for (const [size, viewport] of Object.entries({ phone: SIZES.phone, desk: SIZES.desk })) {
      const page = await as(role, viewport);
      await page.goto(town.url + path);
      await shot(page, `${name}-${size}`);
      assert.match(await page.innerText("body"), /演示/);
      assert.deepEqual(await axe(page), [], `${name} ${size}`);
      assert.equal(await overflow(page), 0, `${name} ${size}`);
      if (size === "desk") assert.deepEqual(await htmlFaults(await page.content()), []);
      await page.context().close();
    }
  });
}
