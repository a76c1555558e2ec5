// Tables of test cases that Python and the scripts share.

import { readFileSync } from "node:fs";

/** @param {string} path within `tests` */
export function table(path) {
  return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));
}
