import assert from "node:assert/strict";
import test from "node:test";

import { always } from "../../web/static/js/ui/memory.js";

/** The browser's storage, which fails with `failure` if there is one. */
class Kept {
  values = new Map();
  failure = null;
  #do(act) { if (this.failure) throw this.failure; return act(); }
  getItem(name) { return this.#do(() => this.values.get(name) ?? null); }
  setItem(name, value) { this.#do(() => this.values.set(name, value)); }
  get length() { return this.#do(() => this.values.size); }
  key(k) { return this.#do(() => [...this.values.keys()][k] ?? null); }
  removeItem(name) { this.#do(() => this.values.delete(name)); }
}

const failing = (name) => new DOMException("no", name);
const define = (get) => Object.defineProperty(globalThis, "localStorage", { get, configurable: true });

test("a stored value is there on the next page until it is deleted", () => {
  const local = new Kept();
  define(() => local);
  always.write("speed", "1.5");
  always.write("size", "2");
  assert.equal(always.read("speed"), "1.5");
  assert.deepEqual(always.names("sp"), ["speed"]);
  always.forget("speed");
  assert.deepEqual([...local.values], [["size", "2"]]);
});

test("if storage is refused or full, nothing is stored and nothing fails", () => {
  define(() => { throw failing("SecurityError"); });
  always.write("size", "2");
  always.forget("size");
  assert.equal(always.read("size"), null);
  assert.deepEqual(always.names(""), []);
  const local = new Kept();
  define(() => local);
  local.setItem = () => { throw failing("QuotaExceededError"); };
  always.write("place", "20");
  assert.equal(always.read("place"), null);
});
