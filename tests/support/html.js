// Pages against the HTML standard, by html-validate.

import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard"],
  rules: {
    // Templates indent for people; the checks here are about meaning.
    "no-trailing-whitespace": "off",
  },
});

/**
 * What is wrong with a page's HTML, one line each; none is good.
 * @param {string} html
 * @returns {Promise<string[]>}
 */
export async function htmlFaults(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) =>
    result.messages.map((fault) => `${fault.line}:${fault.column}: ${fault.ruleId}: ${fault.message}`),
  );
}
