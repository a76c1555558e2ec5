// @ts-check
// The places for files on a page: each shows what was given, how far it has come, and what is wrong with it.

import { LostError, answering } from "../ui/connection.js";
import { useDrops } from "../ui/dropping.js";
import { all, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";
import { sizeOf } from "./upload.js";

/** @typedef {import("./upload.js").Uploads} Uploads */
/** @typedef {"empty" | "sending" | "there" | "bad" | "without"} State the last where what the episode had is to go */

const SOUNDS = /\.(mp3|m4a|m4b|mp4|aac|wav|flac|og[ga]|opus|webm|mk[av]|mov|avi|wma|aiff?|mpga)$/i;
const PICTURES = /\.(jpe?g|png|webp)$/i;
const ENDING = /\.[^. ]+$/; // a file without one is looked into
const TEXTS = /\.(txt|text|md|markdown|docx|x?html?|json|srt|vtt)$/i;

/**
 * Which place a file belongs to, by its name and what the system takes it for; null if to none.
 * @param {{name: string, type: string}} file
 * @returns {FileKind | null}
 */
export function kindOf(file) {
  if (SOUNDS.test(file.name) || /^(audio|video)\//.test(file.type)) return "audio";
  if (PICTURES.test(file.name)) return "cover";
  const isText = TEXTS.test(file.name) || file.type.startsWith("text/") || !(ENDING.test(file.name) || file.type);
  return isText ? "transcript" : null;
}

/**
 * The slots of a page or a form, by kind.
 * @param {ParentNode} root
 * @param {Uploads} uploads
 * @returns {Record<string, Slot>}
 */
export function slotsOf(root, uploads) {
  return Object.fromEntries(all(root, ".slot").map((element) => [element.dataset.kind, new Slot(element, uploads)]));
}

/**
 * Let the whole page take files for its slots.
 * @param {Record<string, Slot>} slots
 */
export function useSlotDrops(slots) {
  useDrops((files) => {
    for (const file of files) {
      const kind = kindOf(file);
      if (kind && slots[kind]) slots[kind].take(file);
      else announce(t("add.unknown", { name: file.name }));
    }
  });
}

// A slot; fires "changed" with every state, and "arrived" with what the server says of a file.
export class Slot extends EventTarget {
  #element;
  #uploads;
  #name;
  #hint;
  #progress;
  #problem;
  #input;
  /** @type {State} */
  #state;
  /** @type {File | null} what was given last, until it is sent once more by itself */
  #given = null;
  /** @type {Promise<void> | null} settled when what was given has arrived, or has not */
  sent = null;

  /**
   * @param {HTMLElement} element
   * @param {Uploads} uploads
   */
  constructor(element, uploads) {
    super();
    this.#element = element;
    this.#uploads = uploads;
    this.kind = /** @type {FileKind} */ (element.dataset.kind);
    this.#name = one(element, ".name");
    this.#hint = one(element, "[data-hint]");
    this.#progress = one(element, "progress", HTMLProgressElement);
    this.#problem = one(element, ".problem");
    this.#input = one(element, 'input[type="file"]', HTMLInputElement);
    this.#state = element.dataset.state === "there" ? "there" : "empty";
    this.#input.addEventListener("change", () => this.#takeChosen());
    queueMicrotask(() => this.#takeChosen()); // before this script ran; the page listens by then
    element.querySelector(".without")?.addEventListener("click", () => {
      this.#input.focus();
      this.takeBack("without");
    });
    if (this.kind === "transcript") this.#usePasting();
  }

  get state() { return this.#state; }

  // What is wrong with what was given; empty if nothing is.
  get problem() { return this.#problem.textContent ?? ""; }

  /**
   * Send a file in the place of what was there.
   * @param {File} file
   */
  take(file) {
    this.#given = file;
    this.sent = this.#send(file);
  }

  /**
   * Say what is wrong with what was given. To what no answer came is sent once more when one does; not over and over,
   * for a server may end a connection to refuse a file.
   * @param {unknown} error
   */
  fail(error) {
    this.#show("bad", this.#name.textContent ?? "", "", messageOf(error));
    const given = this.#given;
    if (!given || !(error instanceof LostError)) return;
    answering().then(() => {
      if (this.#given !== given) return;
      this.#given = null;
      this.sent = this.#send(given);
    });
  }

  /**
   * Take back what was given: what the episode has stays, or goes as well.
   * @param {"empty" | "without"} state
   */
  async takeBack(state) {
    this.#given = null;
    if (state === "without") this.#element.querySelector(".thumbnail img")?.remove();
    this.#show(state, this.#name.dataset.none ?? "", "");
    await this.#uploads.takeBack(this.kind).catch((error) => this.fail(error));
  }

  #takeChosen() {
    const file = this.#input.files?.[0];
    this.#input.value = "";
    if (file) this.take(file);
  }

  /** @param {File} file */
  async #send(file) {
    const size = sizeOf(file.size), { largest, largestWord } = this.#element.dataset;
    this.#show("sending", file.name, size);
    try {
      const most = Number(/\.docx$/i.test(file.name) ? largestWord : largest);
      const answer = await this.#uploads.put(this.kind, file, most, (share) => {
        this.#progress.value = share;
        this.#hint.textContent = t("add.sending", { percent: Math.round(100 * share), size });
      });
      this.#show("there", answer.name, answer.about);
      announce(`${answer.name}, ${answer.about}`);
      this.dispatchEvent(new CustomEvent("arrived", { detail: answer }));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return; // what took its place tells of itself
      this.fail(error);
    }
  }

  /**
   * @param {State} state
   * @param {string} name
   * @param {string} about
   * @param {string} [problem]
   */
  #show(state, name, about, problem = "") {
    this.#state = state;
    if (state === "empty" || state === "without") delete this.#element.dataset.state;
    else this.#element.dataset.state = state;
    this.#name.textContent = name;
    this.#hint.textContent = about || (this.#hint.dataset.hint ?? "");
    this.#progress.hidden = state !== "sending";
    this.#progress.value = 0;
    this.#problem.textContent = problem;
    this.#problem.hidden = !problem;
    const without = /** @type {HTMLElement | null} */ (this.#element.querySelector(".without"));
    if (without) without.hidden = !this.#element.dataset.state;
    this.dispatchEvent(new Event("changed"));
  }

  #usePasting() {
    const pasted = one(this.#element, ".pasted", HTMLDetailsElement), text = one(pasted, "textarea", HTMLTextAreaElement);
    pasted.addEventListener("toggle", () => { if (pasted.open) text.focus(); });
    one(pasted, ".use").addEventListener("click", () => {
      pasted.open = false;
      this.take(new File([text.value], `${t("add.pasted")}.txt`, { type: "text/plain" }));
    });
  }
}
