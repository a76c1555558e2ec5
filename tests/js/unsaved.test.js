import assert from "node:assert/strict";
import test from "node:test";

import { Unsaved } from "../../web/static/js/page/unsaved.js";

/** A tab's view of the storage that all tabs share: what it reads may be what was there a moment ago. */
class Tab {
  /** @param {Map<string, string>} shared */
  constructor(shared) {
    this.shared = shared;
    this.seen = new Map(shared);
  }
  look() { this.seen = new Map(this.shared); }
  get length() { return this.seen.size; }
  key(k) { return [...this.seen.keys()][k] ?? null; }
  getItem(name) { return this.seen.get(name) ?? null; }
  setItem(name, value) { this.shared.set(name, value); this.seen.set(name, value); }
  removeItem(name) { this.shared.delete(name); this.seen.delete(name); }
}

Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true }); // without locks, as older Nodes are
const shared = new Map();
/** What a tab does, with the draft that it keeps. */
const within = (tab, act) => {
  Object.defineProperty(globalThis, "localStorage", { get: () => tab, configurable: true });
  return act();
};
const draft = (text) => ({ begun: { history: 1, version: "h", first: 1, stop: 1, paragraphs: [] }, blocks: [{ kind: "speech", speaker: "", text }] });

test("what one tab no longer wants does not come back by another, which saw it a moment ago", async () => {
  const [mine, theirs] = [new Tab(shared), new Tab(shared)];
  const [one, other] = [new Unsaved("talk"), new Unsaved("talk")];
  within(mine, () => one.keep(draft("mine")));
  theirs.look();
  within(mine, () => one.forget());
  within(theirs, () => other.keep(draft("theirs")));
  within(theirs, () => other.forget());
  assert.equal(shared.size, 0);
  const after = new Tab(shared);
  assert.equal(await within(after, () => new Unsaved("talk").takeUp()), null);
});

test("what was begun last and left behind is taken up, and of many the oldest go", async () => {
  const tab = new Tab(shared);
  await within(tab, async () => {
    for (let k = 0; k < 25; k += 1) {
      new Unsaved("talk").keep(draft(`text ${k}`));
      await new Promise((done) => setTimeout(done, 2));
    }
    assert.equal(shared.size, 20);
    assert.equal((await new Unsaved("talk").takeUp()).blocks[0].text, "text 24");
    assert.equal(await new Unsaved("another").takeUp(), null);
  });
});
