// @ts-check
// The fields of the paragraphs that are edited: for each block who says it, what it is, and its words. What is in the
// fields is text and never read as HTML.

import { all, around, copyOf, one } from "../ui/elements.js";
import { SAID, asKind, merged, split } from "./paragraphs.js";

/** @typedef {import("./paragraphs.js").Paragraph} Paragraph */

const COLOURS = 8;

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
