// A page without a browser, for scripts with strings: it has only the app's English strings. Load it before those scripts.

import { readFileSync } from "node:fs";

const catalogue = JSON.parse(readFileSync(new URL("../../web/languages/en.json", import.meta.url), "utf8"));
const strings = Object.entries(catalogue).flatMap(([key, text]) => (key.startsWith("js.") ? [[key.slice(3), text]] : []));

globalThis.HTMLElement = class {
  textContent = JSON.stringify(Object.fromEntries(strings));
};
globalThis.document = {
  documentElement: { lang: "en" },
  getElementById: (id) => (id === "strings" ? new HTMLElement() : null),
  querySelector: () => null,
};
