// @ts-check
// What was typed into a paragraph and is not saved yet: this browser keeps it, so that neither a lost connection nor a
// closed tab takes it away. Each tab keeps its own; one that is open holds a lock, so that another takes up only what
// was left behind.

import { always } from "../ui/memory.js";

/** @typedef {{begun: import("./editor.js").Passage, blocks: import("./paragraphs.js").Paragraph[]}} Draft */

const MOST = 20; // that are kept of an episode

// Each draft lies under a name of its own: tabs that write into one place overwrite what the other has just changed there.
export class Unsaved {
  #prefix;
  #own = "";

  /** @param {string} episode */
  constructor(episode) {
    this.#prefix = `editing:${episode}:`;
  }

  /** @param {Draft} draft */
  keep(draft) {
    if (!this.#own) this.#take(`${this.#prefix}${newId()}`);
    for (const name of this.#others().slice(0, 1 - MOST)) always.forget(name);
    always.write(this.#own, JSON.stringify(draft));
  }

  // What this tab kept is saved, or no longer wanted.
  forget() {
    if (this.#own) always.forget(this.#own);
    this.#own = "";
    this.#release();
  }

  /**
   * What was begun last and left behind; it is this tab's from now on. Null where there is nothing.
   * @returns {Promise<Draft | null>}
   */
  async takeUp() {
    const held = new Set((await navigator.locks?.query())?.held?.map(({ name }) => name));
    const left = this.#others().findLast((name) => !held.has(name) && always.readJson(name)?.begun?.paragraphs);
    if (!left) return null;
    this.#take(left);
    return always.readJson(left);
  }

  #release = () => {};

  /** @param {string} name */
  #take(name) {
    this.#own = name;
    navigator.locks?.request(name, () => new Promise((release) => { this.#release = () => release(undefined); }));
  }

  // In the order in which they were begun.
  #others() { return always.names(this.#prefix).filter((name) => name !== this.#own).sort(); }
}

// Sorts by when it is made.
function newId() { return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`; }
