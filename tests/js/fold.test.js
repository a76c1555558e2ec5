import assert from "node:assert/strict";
import test from "node:test";

import { fold } from "../../web/static/js/ui/fold.js";
import { table } from "./tables.js";

test("letters fold as they do on the server", () => {
  for (const [text, folded] of Object.entries(table("data/fold.json"))) assert.equal(fold(text), folded, text);
});
