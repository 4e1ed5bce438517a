// The browser, the pictures and the checks of pages, tried on pages whose faults are known.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { SIZES, axe, browser, overflow, person, shot } from "./browser.js";
import { htmlFaults } from "./html.js";

/** @type {import("playwright-core").Browser} */
let chromium;

before(async () => {
  chromium = await browser();
});
after(() => chromium.close());

const GOOD = `<!DOCTYPE html>
<html lang="zh-Hans">
  <head><meta charset="utf-8"><title>今天 · 演示</title></head>
  <body><main><h1>今天还有 6 户没查</h1><label>体温 <input name="t" inputmode="decimal"></label></main></body>
</html>
`;

test("a sound page passes, and its picture is kept in the phone's width", async () => {
  const page = await person(chromium, { viewport: SIZES.phone });
  await page.setContent(GOOD);
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  const picture = await readFile(await shot(page, "harness-phone"));
  assert.equal(picture.subarray(1, 4).toString(), "PNG");
  assert.equal(picture.readUInt32BE(16), SIZES.phone.width);
  assert.deepEqual(await htmlFaults(GOOD), []);
});

test("axe names an input without a label", async () => {
  const page = await person(chromium);
  await page.setContent(GOOD.replace("<label>体温 <input", "<label>体温</label> <input"));
  const faults = await axe(page);
  assert.equal(faults.length, 1);
  assert.match(faults[0], /^label: /);
});

test("axe works under a policy that forbids inline scripts", async () => {
  const page = await person(chromium);
  const headers = { "content-security-policy": "default-src 'self'", "content-type": "text/html; charset=utf-8" };
  await page.route("http://firebreak.test/", (route) => route.fulfill({ headers, body: GOOD }));
  await page.goto("http://firebreak.test/");
  assert.deepEqual(await axe(page), []);
});

test("a table wider than the phone is measured", async () => {
  const page = await person(chromium, { viewport: SIZES.phone });
  await page.setContent(`<body style="margin: 0"><div style="width: 400px">x</div></body>`);
  assert.equal(await overflow(page), 40);
});

test("faults of HTML are named with their line", async () => {
  const faults = await htmlFaults(GOOD.replace("<h1>", "<h1><p>"));
  assert.ok(faults.some((fault) => fault.startsWith("4:")), faults.join("\n"));
});

test("a person's browser speaks the town's language in the town's time", async () => {
  const page = await person(chromium);
  const spoken = await page.evaluate(() => [navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]);
  assert.deepEqual(spoken, ["zh-CN", "Asia/Shanghai"]);
});
