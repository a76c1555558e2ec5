// @ts-check
// What was typed into a paragraph and is not saved yet: this browser keeps it, so that neither a lost connection nor a
// closed tab takes it away. Each tab keeps its own; one that is open holds a lock, so that another takes up only what
// was left behind.

import { always } from "../ui/memory.js";

/**
 * @typedef {import("./paragraphs.js").Paragraph} Paragraph
 * @typedef {Object} Draft
 * @property {string} hash the transcript that it was begun in
 * @property {number} [history] of how many changes that was
 * @property {number} segment the first that is edited, or before which something is put
 * @property {import("./editor.js").Part[]} was
 * @property {import("./found-again.js").Around} [around] what stood beside them
 * @property {Paragraph[]} blocks
 */

const MOST = 20; // that are kept of an episode

export class Unsaved {
  #name;
  #own = "";

  /** @param {string} episode */
  constructor(episode) {
    this.#name = `editing:${episode}`;
  }

  /** @param {Draft} draft */
  keep(draft) {
    if (!this.#own) this.#take(newId());
    const { [this.#own]: _, ...others } = this.#all();
    const kept = [...Object.entries(others).slice(1 - MOST), [this.#own, draft]];
    always.write(this.#name, JSON.stringify(Object.fromEntries(kept)));
  }

  // What this tab kept is saved, or no longer wanted.
  forget() {
    const { [this.#own]: _, ...others } = this.#all();
    if (Object.keys(others).length) always.write(this.#name, JSON.stringify(others));
    else always.forget(this.#name);
    this.#own = "";
    this.#release();
  }

  /**
   * What was typed last and left behind; it is this tab's from now on. Null where there is nothing.
   * @returns {Promise<Draft | null>}
   */
  async takeUp() {
    const held = new Set((await navigator.locks?.query())?.held?.map(({ name }) => name));
    const left = Object.entries(this.#all()).findLast(([id, draft]) => !held.has(this.#lock(id)) && isDraft(draft));
    if (!left) return null;
    this.#take(left[0]);
    return left[1];
  }

  #release = () => {};

  /** @param {string} id */
  #take(id) {
    this.#own = id;
    navigator.locks?.request(this.#lock(id), () => new Promise((release) => { this.#release = () => release(undefined); }));
  }

  /** @param {string} id */
  #lock(id) { return `${this.#name}:${id}`; }

  /** @returns {Record<string, Draft>} */
  #all() {
    const all = always.readJson(this.#name);
    return all && typeof all === "object" && !Array.isArray(all) ? all : {};
  }
}

function newId() { return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`; }

/**
 * Whether what was kept is of the shape that it should have: an older page may have written it.
 * @param {any} draft
 */
function isDraft(draft) {
  const isParagraph = (/** @type {any} */ each) => typeof each?.kind === "string" && typeof each.text === "string";
  return typeof draft?.hash === "string" && Number.isInteger(draft.segment)
    && [draft.was, draft.blocks].every((list) => Array.isArray(list) && list.every(isParagraph))
    && (draft.around === undefined || isAround(draft.around));
}

/** @param {any} around */
function isAround(around) {
  return [around?.first, around?.stop].every(Number.isInteger) && Array.isArray(around.paragraphs)
    && around.paragraphs.every((/** @type {any} */ each) => [each?.who, each?.text].every((told) => typeof told === "string"));
}
