// A village's list brings two who may be in the register already: the cadre decides, imports, and is not
// asked again.

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

const HEADER = "户号,姓名,与户主关系,出生日期,电话,门牌号";
// The second list has one who moved, with another number, and one of whom nothing but the name agrees.
const FIRST = `${HEADER}\n1,欧阳甲乙,户主,1962-03-05,12900000412,901号\n1,欧阳丙丁,妻,,,901号\n`;
const SECOND = `${HEADER}\n1,欧阳甲乙,户主,1962-03-05,12900000413,902号\n1,欧阳丙丁,妻,,,902号\n`;

/**
 * Brings a list, for the first street of the cadre's village.
 * @param {import("playwright-core").Page} page
 * @param {string} text
 */
async function bring(page, text) {
  await page.goto(`${town.url}/households/new`);
  const place = await page.locator("select[name=division] option:not([value=''])").first().innerText();
  const group = place.trim().split(/\s+/).at(-1);
  const lines = text.trim().split("\n");
  const table = lines.map((line, at) => `${line},${at === 0 ? "组" : group}`).join("\n");
  await page.goto(`${town.url}/households/import`);
  await page.setInputFiles("#file", { name: "名单.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await page.click("main form button[type=submit]");
  await page.waitForURL(/\/households\/import\/[0-9a-f-]+$/);
}

/** @param {import("playwright-core").Page} page */
async function confirm(page) {
  await page.click('main form button[name="doubts"]:not(.second)');
  await page.waitForSelector("text=导入好了");
}

test("two doubts are decided with the keyboard and by thumb, imported, and not asked again", async () => {
  const page = await person(chromium, { viewport: SIZES.phone });
  await page.goto(`${town.url}/demo`);
  await page.click('form[action="/demo/as/village-cadre"] button');
  await bring(page, FIRST);
  await confirm(page);

  await bring(page, SECOND);
  assert.match(await page.innerText("main"), /2 对没定，0 对先放着，0 对定了/);
  await shot(page, "import-with-doubles-phone");
  await page.click("text=一对一对定");
  assert.equal(await page.innerText("h1"), "还有 2 对没定");
  const pair = page.locator("article").first();
  assert.match(await pair.innerText(), /同名，同一天出生/);
  assert.match(await pair.locator("tr", { hasText: "电话" }).innerText(), /不一样.*129\*{4}0413.*129\*{4}0412/s);
  assert.ok(!(await page.content()).includes("12900000413"), "numbers are masked");
  await shot(page, "doubles-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  for (const button of await page.locator("article button").all()) {
    const box = await button.boundingBox();
    assert.ok(box && box.height >= 48, "a thumb hits it");
  }
  // By thumb, and then the next one, which comes by itself, with the keyboard.
  await pair.locator("text=是同一个人").click();
  assert.equal(await page.innerText("h1"), "还有 1 对没定");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  assert.equal(focused, "是两个人");
  await page.keyboard.press("Enter");
  await page.waitForSelector("h1:has-text('没有要定的了')");
  await page.setViewportSize(SIZES.desk);
  await page.click(".tabs a:has-text('定了的')");
  assert.match(await page.innerText("article"), /定的：是(同一个人|两个人)/);
  await shot(page, "doubles-decided-desk");
  assert.deepEqual(await htmlFaults(await page.content()), []);
  assert.equal(await overflow(page), 0);

  await page.click("text=回去核对、导入");
  assert.match(await page.innerText("main"), /0 对没定，0 对先放着，2 对定了/);
  assert.match(await page.innerText("main"), /电话：129\*{4}0412 → 129\*{4}0413/);
  await confirm(page);

  await bring(page, SECOND);
  assert.match(await page.innerText("main"), /0 对没定，0 对先放着，1 对定了/);
  assert.match(await page.innerText(".tabs"), /新增 0.*已有 2/s);
  assert.equal(await page.locator("text=一对一对定").count(), 0);

  await page.goto(`${town.url}/households/doubles`);
  await shot(page, "register-doubles-desk");
  assert.deepEqual(await axe(page), []);
});
