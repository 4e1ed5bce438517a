// The style sheets stay small, whole, and plain enough for the phones of 2019.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import test from "node:test";

const folder = new URL("../web/css/", import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith(".css")).sort();
const sheets = Object.fromEntries(
  await Promise.all(files.map(async (name) => [name, await readFile(new URL(name, folder), "utf8")])),
);
/** @param {string} css */
const bare = (css) => css.replace(/\/\*[\s\S]*?\*\//g, "");

test("every_sheet_is_listed_once", () => {
  const listed = [...sheets["all.css"].matchAll(/@import "([a-z]+\.css)"/g)].map(([, name]) => name);
  assert.deepEqual([...listed].sort(), files.filter((name) => name !== "all.css"));
});

test("all_sheets_together_stay_under_45_kilobytes", () => {
  const bytes = Object.values(sheets).reduce((sum, css) => sum + Buffer.byteLength(css), 0);
  assert.ok(bytes < 45_000, `${bytes} bytes`);
});

test("every_token_used_is_defined", () => {
  const defined = new Set([...sheets["tokens.css"].matchAll(/^\s+(--[a-z0-9-]+):/gm)].map(([, name]) => name));
  const used = Object.values(sheets).flatMap((css) => [...css.matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name));
  assert.deepEqual([...new Set(used)].filter((name) => !defined.has(name)), []);
});

// An old browser drops the whole rule or block: the page would fall apart, not only look plainer.
const tooNew = {
  "cascade layers": /@layer/,
  "container queries": /@container/,
  "range media queries": /@media[^{]*[<>]/,
  "new selectors": /:(has|is|where)\(/,
  "new units": /\d(dvh|svh|lvh|cqw|cqi)\b/,
  "colour functions": /\b(color-mix|oklch|lab|lch)\(/,
  "comparison functions": /[\s(,](min|max|clamp)\(/,
  "shorthands of 2020 and later": /[\s;{](inset|aspect-ratio|margin-inline|padding-inline|margin-block|padding-block):/,
};

for (const [what, pattern] of Object.entries(tooNew)) {
  test(`no_sheet_needs_${what.replaceAll(" ", "_")}`, () => {
    assert.deepEqual(files.filter((name) => pattern.test(bare(sheets[name]))), []);
  });
}

// Flex boxes learnt `gap` years after grids did.
test("gap_stands_only_in_grids", () => {
  const rules = Object.values(sheets).flatMap((css) => [...bare(css).matchAll(/([^{}]+)\{([^{}]*)\}/g)]);
  const wrong = rules.filter(([, , body]) => /[\s;]gap:/.test(` ${body}`) && !/display: grid/.test(body));
  assert.deepEqual(wrong.map(([, selector]) => selector.trim()), []);
});

test("no_rule_stands_inside_another", () => {
  for (const [name, css] of Object.entries(sheets)) {
    /** @type {string[]} */
    const stack = [];
    for (const [, head, brace] of bare(css).matchAll(/([^{}]*)([{}])/g)) {
      if (brace === "}") stack.pop();
      else {
        const outer = stack.at(-1);
        assert.ok(!outer || outer.startsWith("@"), `${name}: ${head.trim()} inside ${outer}`);
        stack.push(head.slice(head.lastIndexOf(";") + 1).trim());
      }
    }
    assert.deepEqual(stack, [], `${name}: a brace is open`);
  }
});
