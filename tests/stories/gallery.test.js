// The gallery of the visual language: every page of it by day and by night, on a phone and at a desk.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { SIZES, axe, browser, htmlFaults, overflow, person, shot } from "../support/index.js";

const GALLERY = new URL("../gallery/", import.meta.url);
const names = (await readdir(GALLERY)).filter((name) => name.endsWith(".html"));

/** @type {import("playwright-core").Browser} */
let chromium;

before(async () => {
  chromium = await browser();
});
after(() => chromium.close());

for (const file of names) {
  const name = file.replace(".html", "");
  describe(`gallery, ${name}`, () => {
    test("the HTML is sound", async () => {
      assert.deepEqual(await htmlFaults(await readFile(new URL(file, GALLERY), "utf8")), []);
    });
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      // The wall is made for one screen only.
      const sizes = name === "wall" ? { wall: SIZES.wall } : { phone: SIZES.phone, desk: SIZES.desk };
      for (const [size, viewport] of Object.entries(sizes)) {
        test(`everybody can read it: ${size}, ${colorScheme}`, async () => {
          const page = await person(chromium, { viewport, colorScheme });
          await page.goto(new URL(file, GALLERY).href);
          await shot(page, `gallery-${name}-${size}-${colorScheme}`);
          assert.deepEqual(await axe(page), []);
          assert.equal(await overflow(page), 0);
          await page.context().close();
        });
      }
    }
  });
}
