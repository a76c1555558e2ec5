// @ts-check
// A paragraph, or several in a row, under edit where they stand: their fields, what can be done with them, and what
// another person made of them meanwhile. It knows nothing of how a change is saved.

import { tellError } from "../ui/connection.js";
import { all, around, copyOf, one } from "../ui/elements.js";
import { Blocks } from "./blocks.js";
import { blocksOf, changeOf, paragraphsOf } from "./paragraphs.js";

/**
 * @typedef {import("./paragraphs.js").Paragraph} Paragraph
 * @typedef {Paragraph & {first: number, stop: number, char_start: number, start: number | null, end: number | null}} Part a
 *     paragraph with its segments, as the server tells it
 * @typedef {{first: number, stop: number, paragraphs: Paragraph[]}} Change of segments
 * @typedef {{parts: Part[], before: number, around: import("./found-again.js").Around}} Stand some paragraphs, or none, with
 *     the segment before which they begin and what stands beside them in the page
 */

// Events: "save", "leave", "play", "merge" where the paragraph before is wanted, "delete", "change" where something was typed,
// "taken" where theirs was.
export class Editor extends EventTarget {
  /** @type {Stand} what they were when they were begun */
  begun;
  /** @type {Stand} what they are in the page now */
  now;
  history; // of which `begun` is
  #problem;
  #theirs;

  /**
   * @param {HTMLTemplateElement} template
   * @param {HTMLTemplateElement} block
   * @param {Stand} stand
   * @param {{speakers: string[], language: string, history: import("./changes.js").State}} known
   */
  constructor(template, block, stand, { speakers, language, history }) {
    super();
    this.begun = this.now = stand;
    this.history = history;
    this.form = /** @type {HTMLFormElement} */ (copyOf(template));
    this.#problem = one(this.form, ".problem");
    this.#theirs = one(this.form, ".theirs");
    this.#theirs.querySelectorAll("[lang='']").forEach((element) => element.setAttribute("lang", language));
    this.fields = new Blocks(one(this.form, ".blocks"), block, speakers, language);
    this.fields.show(blocksOf(stand.parts));
    this.fields.addEventListener("change", () => { this.#problem.hidden = true; this.#tell("change"); });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#tell("save"); });
    this.form.addEventListener("click", (event) => this.#pressed(around(event, "[data-do]")?.dataset.do ?? ""));
    this.form.addEventListener("keydown", (event) => this.#key(event));
  }

  get paragraphs() { return paragraphsOf(this.fields.blocks); }

  /**
   * What is to be saved, in numbers of segments; null where nothing has changed.
   * @returns {Change | null}
   */
  get change() {
    const { parts, before } = this.begun, change = changeOf(parts, this.paragraphs);
    if (!change) return null;
    const first = parts[change.first]?.first ?? parts.at(-1)?.stop ?? before;
    return { first, stop: change.stop > change.first ? parts[change.stop - 1].stop : first, paragraphs: change.paragraphs };
  }

  // Whether somebody else has changed what is edited, and what was typed is still of what it was before.
  /** Whether what another made of it is shown. */
  get showsTheirs() { return !this.#theirs.hidden; }

  get isBehind() { return this.begun !== this.now; }

  // Whether all that is edited is one block, so that to delete it is to delete what stands on the page.
  get isWhole() { return this.fields.blocks.length === 1; }

  // Whether what was edited is deleted, and nothing was typed that could be put back.
  get isGone() { return !this.now.parts.length && !this.change; }

  /**
   * Takes the paragraph before into what is edited, and goes on where it ends.
   * @param {Stand} stand with that
   */
  mergeWith(stand) {
    this.begun = this.now = stand;
    this.fields.show([...blocksOf(stand.parts.slice(0, 1)), ...this.fields.blocks], 1);
    this.fields.merge();
  }

  /**
   * The paragraphs stand elsewhere now, or have become others: then theirs is shown, and what was typed stays a change
   * of what stood there before, so that what they wrote is not taken away with it. Whether they newly are others.
   * @param {Stand} stand
   * @param {import("./changes.js").State} history
   * @returns {boolean}
   */
  standsAt(stand, history) {
    const { parts } = stand, now = paragraphsOf(blocksOf(parts));
    const isTyped = this.change !== null, isChanged = changeOf(this.begun.parts, now) !== null;
    const isNews = changeOf(this.now.parts, now) !== null;
    this.now = stand;
    if (!isChanged || !isTyped || changeOf(parts, this.paragraphs) === null) { // both wrote the same
      if (!isTyped && isChanged) this.fields.show(blocksOf(parts));
      this.#theirs.hidden = true;
      this.catchUp(history);
      return false;
    }
    this.#theirs.hidden = false;
    one(this.#theirs, ".version").replaceChildren(...now.map((paragraph) => {
      const element = document.createElement("p");
      const who = paragraph.speaker ? `${paragraph.speaker}: ` : "";
      element.dir = "auto";
      element.textContent = who + paragraph.text;
      return element;
    }));
    one(this.#theirs, ".none").hidden = now.length > 0;
    return isNews;
  }

  /**
   * What was typed is meant for the paragraphs as they are now.
   * @param {import("./changes.js").State} history
   */
  catchUp(history) {
    this.begun = this.now;
    this.history = history;
  }

  // What the other person wrote, in place of what was typed here.
  take() {
    this.#theirs.hidden = true;
    this.fields.show(blocksOf(this.now.parts));
    this.fields.enter(0);
    this.#tell("taken");
  }

  /** @param {boolean} saving */
  set saving(saving) {
    this.form.setAttribute("aria-busy", String(saving));
    for (const button of all(this.form, "button")) button.toggleAttribute("disabled", saving);
    for (const field of all(this.form, "textarea, input")) field.toggleAttribute("readonly", saving);
  }

  /** @param {unknown} error */
  failed(error) { tellError(this.#problem, error); }

  /** @param {string} action */
  #pressed(action) {
    const { fields } = this;
    if (action === "split") fields.split();
    else if (action === "before") fields.insert(0);
    else if (action === "after") fields.insert(1);
    else if (action === "merge" && fields.current) fields.merge();
    else if (action === "theirs") this.take();
    else if (action && action !== "save") this.#tell(action);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.#tell("leave");
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#tell("save");
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) this.fields.enter(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} name */
  #tell(name) { this.dispatchEvent(new Event(name)); }
}
