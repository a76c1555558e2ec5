// @ts-check
// A paragraph, or several in a row, under edit where they stand: their fields, what can be done with them, and what
// another person made of them meanwhile. It knows nothing of how a change is saved. What is in the fields is text and
// never read as HTML.

import { all, around, copyOf, one } from "../ui/elements.js";
import { tellError } from "../ui/strings.js";
import { SAID, asKind, blocksOf, changeOf, knownName, merged, paragraphsOf, split } from "./paragraphs.js";

/**
 * @typedef {import("./paragraphs.js").Paragraph} Paragraph
 * @typedef {Paragraph & {first: number, stop: number, char_start: number, start: number | null, end: number | null}} Part a
 *     paragraph with its segments, as the server tells it
 * @typedef {{first: number, stop: number, paragraphs: Paragraph[]}} Change of segments
 * @typedef {{history: number, version: string, first: number, stop: number, paragraphs: Part[]}} Passage paragraphs in a row,
 *     or a place between two, of a transcript of that version after so many changes
 */

const COLOURS = 8;

// Events: "save", "leave", "play", "merge" where the paragraph before is wanted, "delete", "change" where something was typed,
// "taken" where theirs was.
export class Editor extends EventTarget {
  /** @type {Passage} what they were when they were begun */
  begun;
  /** @type {Passage} what they are in the page now */
  now;
  #problem;
  #theirs;

  /**
   * @param {HTMLTemplateElement} template
   * @param {HTMLTemplateElement} block
   * @param {Passage} passage
   * @param {{speakers: string[], language: string}} known
   */
  constructor(template, block, passage, { speakers, language }) {
    super();
    this.begun = this.now = passage;
    this.form = /** @type {HTMLFormElement} */ (copyOf(template));
    this.#problem = one(this.form, ".problem");
    this.#theirs = one(this.form, ".theirs");
    this.#theirs.querySelectorAll("[lang='']").forEach((element) => element.setAttribute("lang", language));
    this.fields = new Blocks(one(this.form, ".blocks"), block, speakers, language);
    this.fields.show(blocksOf(passage.paragraphs));
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
    const { paragraphs: parts, first: before } = this.begun, change = changeOf(parts, this.paragraphs);
    if (!change) return null;
    const first = parts[change.first]?.first ?? parts.at(-1)?.stop ?? before;
    return { first, stop: change.stop > change.first ? parts[change.stop - 1].stop : first, paragraphs: change.paragraphs };
  }

  // Whether what another made of it is shown.
  get showsTheirs() { return !this.#theirs.hidden; }

  // Whether somebody else has changed what is edited, and what was typed is still of what it was before.
  get isBehind() { return this.begun !== this.now; }

  // Whether all that is edited is one block, so that to delete it is to delete what stands on the page.
  get isWhole() { return this.fields.blocks.length === 1; }

  // Whether what was edited is deleted, and nothing was typed that could be put back.
  get isGone() { return !this.now.paragraphs.length && !this.change; }

  /**
   * Takes the paragraph before into what is edited, and goes on where it ends.
   * @param {Passage} passage with that
   */
  mergeWith(passage) {
    this.begun = this.now = passage;
    this.fields.show([...blocksOf(passage.paragraphs.slice(0, 1)), ...this.fields.blocks], 1);
    this.fields.merge();
  }

  /**
   * The paragraphs stand elsewhere now, or have become others: then theirs is shown, and what was typed stays a change
   * of what stood there before, so that what they wrote is not taken away with it. Whether they newly are others.
   * @param {Passage} passage
   * @returns {boolean}
   */
  standsAt(passage) {
    const { paragraphs: parts } = passage, now = paragraphsOf(blocksOf(parts));
    const isTyped = this.change !== null, isChanged = changeOf(this.begun.paragraphs, now) !== null;
    const isNews = changeOf(this.now.paragraphs, now) !== null;
    this.now = passage;
    if (!isChanged || !isTyped || changeOf(parts, this.paragraphs) === null) { // both wrote the same
      if (!isTyped && isChanged) this.fields.show(blocksOf(parts));
      this.#theirs.hidden = true;
      this.catchUp();
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

  // What was typed is meant for the paragraphs as they are now.
  catchUp() { this.begun = this.now; }

  // What the other person wrote, in place of what was typed here.
  take() {
    this.#theirs.hidden = true;
    this.fields.show(blocksOf(this.now.paragraphs));
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
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) this.fields.named();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} name */
  #tell(name) { this.dispatchEvent(new Event(name)); }
}

// The fields of the paragraphs that are edited: for each block who says it, what it is, and its words.
// Events: "change" where something was typed or done.
export class Blocks extends EventTarget {
  #list;
  #template;
  #speakers;
  #language;
  /** @type {Paragraph[]} */
  #blocks = [];
  #current = 0; // the block that was entered last
  #width = 0;

  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template of a block
   * @param {string[]} speakers in order of appearance
   * @param {string} language of the text
   */
  constructor(list, template, speakers, language) {
    super();
    this.#list = list;
    this.#template = template;
    this.#speakers = speakers;
    this.#language = language;
    list.addEventListener("input", (event) => this.#typed(event));
    list.addEventListener("focusin", (event) => { this.#current = this.#numberOf(event.target) ?? this.#current; });
    list.addEventListener("keydown", (event) => this.#pressed(event));
    new ResizeObserver(() => this.#fitted()).observe(list);
  }

  get blocks() { return this.#blocks; }
  get current() { return this.#current; }
  get caret() { return this.#field(this.#current).selectionStart; }

  /**
   * @param {Paragraph[]} blocks
   * @param {number} [current]
   */
  show(blocks, current = 0) {
    this.#blocks = blocks.length ? blocks : [{ kind: "speech", speaker: null, text: "" }];
    this.#current = Math.min(current, this.#blocks.length - 1);
    this.#list.replaceChildren(...this.#blocks.map((block, k) => this.#element(block, k)));
    this.#fit();
  }

  /**
   * Puts the caret into the current block.
   * @param {number} at
   * @param {number} [end] where the characters end that are selected
   */
  enter(at, end = at) {
    const field = this.#field(this.#current);
    field.focus({ preventScroll: true });
    field.setSelectionRange(at, end);
  }

  /**
   * Types some text at the caret, over what is selected.
   * @param {string} text
   */
  type(text) {
    if (!text) return;
    const field = this.#field(this.#current);
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The name of the current block is written: one that was only begun is that of a known speaker.
  named() {
    const name = one(this.#list.children[this.#current], "input", HTMLInputElement);
    name.value = knownName(name.value, this.#speakers);
    name.dispatchEvent(new Event("input", { bubbles: true }));
    this.enter(0);
  }

  // The part of the page that the reader looks at.
  get place() { return this.#field(this.#current); }

  // Somebody else goes on at the caret.
  split() {
    const number = this.#current, at = this.caret;
    this.#become(split(this.#blocks, number, at, null), number + 1);
    one(this.#list.children[number + 1], "input", HTMLInputElement).focus({ preventScroll: true });
  }

  // The current block goes on where the one before it ends.
  merge() {
    if (!this.#current) return;
    const { blocks, at } = merged(this.#blocks, this.#current);
    this.#become(blocks, this.#current - 1);
    this.enter(at);
  }

  /**
   * Puts an empty block beside the current one.
   * @param {0 | 1} after
   */
  insert(after) {
    const { speaker } = this.#blocks[this.#current], number = this.#current + after;
    this.#become(this.#blocks.toSpliced(number, 0, { kind: "speech", speaker, text: "" }), number);
    this.enter(0);
  }

  // Takes the current block away; returns what brings it back.
  remove() {
    const [was, number] = [this.#blocks, this.#current];
    this.#become(was.toSpliced(number, 1), Math.max(0, number - 1));
    this.enter(0);
    return () => { this.#become(was, number); this.enter(0); };
  }

  /**
   * @param {Paragraph[]} blocks
   * @param {number} current
   */
  #become(blocks, current) {
    this.show(blocks, current);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @param {Paragraph} block
   * @param {number} number
   */
  #element({ kind, speaker, text }, number) {
    const element = copyOf(this.#template);
    const field = one(element, "textarea", HTMLTextAreaElement);
    one(element, "input", HTMLInputElement).value = speaker ?? "";
    one(element, "select", HTMLSelectElement).value = kind;
    field.value = text;
    field.lang = this.#language;
    element.dataset.number = String(number);
    this.#dress(element);
    return element;
  }

  /**
   * Makes a block look like what it is.
   * @param {HTMLElement} element
   */
  #dress(element) {
    const kind = one(element, "select", HTMLSelectElement).value;
    const name = one(element, "input", HTMLInputElement);
    const colour = this.#speakers.indexOf(name.value.trim());
    element.className = colour < 0 || !SAID.includes(kind) ? "block" : `block c${colour % COLOURS}`;
    element.dataset.kind = kind;
    name.hidden = !SAID.includes(kind);
  }

  /** @param {Event} event */
  #typed(event) {
    const number = this.#numberOf(event.target), element = around(event, ".block");
    if (number === null || !element) return;
    const name = one(element, "input", HTMLInputElement), kind = one(element, "select", HTMLSelectElement).value;
    const before = this.#blocks[number], field = this.#field(number);
    const block = asKind({ ...before, speaker: name.value || null, text: field.value }, kind, element.dataset.name);
    if (name.value && !block.speaker) element.dataset.name = name.value.trim();
    if (kind !== before.kind) [name.value, field.value] = [block.speaker ?? "", block.text];
    this.#blocks = this.#blocks.with(number, block);
    this.#dress(element);
    this.#fit();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (!(event.target instanceof HTMLTextAreaElement) || event.isComposing) return;
    const { selectionStart, selectionEnd } = event.target;
    if (event.key === "Enter" && event.altKey) this.split();
    else if (event.key === "Backspace" && !selectionStart && !selectionEnd && this.#current) this.merge();
    else return;
    event.preventDefault();
  }

  /** @param {number} number */
  #field(number) { return one(this.#list.children[number], "textarea", HTMLTextAreaElement); }

  /** @param {EventTarget | null} target */
  #numberOf(target) {
    const number = around(target, ".block")?.dataset.number;
    return number === undefined ? null : Number(number);
  }

  // In another width lines break elsewhere.
  #fitted() {
    if (this.#list.clientWidth === this.#width) return;
    this.#width = this.#list.clientWidth;
    this.#fit();
  }

  // Each field is as high as its text.
  #fit() {
    for (const field of all(this.#list, "textarea")) {
      field.style.setProperty("height", "auto");
      field.style.setProperty("height", `${field.scrollHeight}px`);
    }
  }
}
