// What a story imports.

export { SIZES, axe, browser, overflow, person, shot } from "./browser.js";
export { htmlFaults } from "./html.js";
export { emptyFolder, freePort, lacks, program, run, startServer } from "./program.js";
