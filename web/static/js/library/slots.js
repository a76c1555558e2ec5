// @ts-check
// The slots for files on a page: each shows its file, the progress of the upload, and errors.

import { all, one } from "../ui/elements.js";
import { announce, t, showError } from "../ui/strings.js";
import { sizeOf } from "./upload.js";

/** @typedef {import("./upload.js").Uploads} Uploads */
/** @typedef {"empty" | "sending" | "there" | "bad" | "without"} State "without": the episode's file is to be removed */

const RECORDINGS = /\.(mp3|m4a|m4b|mp4|aac|wav|flac|og[ga]|opus|webm|mk[av]|mov|avi|wma|aiff?|mpga)$/i;
const PICTURES = /\.(jpe?g|png|webp)$/i;
const TEXTS = /\.(txt|text|md|markdown|docx|x?html?|json|srt|vtt)$/i;

/**
 * Return the kind of slot for a file, by its name and type; null for none.
 * @param {{name: string, type: string}} file
 * @returns {FileKind | null}
 */
export function kindOf(file) {
  if (RECORDINGS.test(file.name) || /^(audio|video)\//.test(file.type)) return "audio";
  if (PICTURES.test(file.name)) return "cover";
  const isText = TEXTS.test(file.name) || !file.name.includes(".") || file.type.startsWith("text/");
  return isText ? "transcript" : null;
}

/**
 * Return the slots of a page or form, by kind.
 * @param {ParentNode} root
 * @param {Uploads} uploads
 * @returns {Record<string, Slot>}
 */
export function slotsOf(root, uploads) {
  return Object.fromEntries(all(root, ".slot").map((element) => [element.dataset.kind, new Slot(element, uploads)]));
}

/** Accept files dropped anywhere on the page. @param {(files: File[]) => void} take */
export function useDrops(take) {
  /** @param {DragEvent} event */
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  /** @param {boolean} isOver */
  const mark = (isOver) => document.body.classList.toggle("dropping", isOver);
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    mark(false);
    take([...event.dataTransfer.files]);
  });
}

/**
 * Give each file to the slot of its kind; return the others.
 * @param {File[]} files
 * @param {Record<string, Slot>} slots
 */
export function distribute(files, slots) {
  return files.filter((file) => {
    const slot = slots[kindOf(file) ?? ""];
    slot?.take(file);
    return !slot;
  });
}

/** Accept files for the slots anywhere on the page. @param {Record<string, Slot>} slots */
export function useSlotDrops(slots) {
  useDrops((files) => { for (const { name } of distribute(files, slots)) announce(t("add.unknown", { name })); });
}

// A slot. Events: "changed" on each state, "arrived" with the server's answer for a file.
export class Slot extends EventTarget {
  #element;
  #uploads;
  #name;
  #hint;
  #progress;
  #problem;
  /** @type {State} */
  state = "empty";
  /** @type {Promise<void> | null} settles when the upload has finished or failed */
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
    const input = one(element, 'input[type="file"]', HTMLInputElement);
    const takeChosen = () => {
      const file = input.files?.[0];
      input.value = "";
      if (file) this.take(file);
    };
    input.addEventListener("change", takeChosen);
    queueMicrotask(takeChosen); // a file chosen before this script ran; after the page's listeners are added
    element.querySelector(".without")?.addEventListener("click", () => {
      input.focus();
      this.takeBack("without");
    });
    if (this.kind === "transcript") this.#usePasting();
  }

  // The error of the file; empty if there is none.
  get problem() { return this.#problem.textContent ?? ""; }

  /** Upload a file in place of the earlier one. @param {File} file */
  take(file) { this.sent = this.#send(file); }

  /** Show the error of the file. @param {unknown} error */
  fail(error) {
    this.#show("bad", this.#name.textContent ?? "", "");
    showError(this.#problem, error);
  }

  /**
   * Remove the chosen file; with "without" also the episode's own.
   * @param {"empty" | "without"} state
   */
  async takeBack(state) {
    if (state === "without") this.#element.querySelector(".thumbnail img")?.remove();
    this.#show(state, this.#name.dataset.none ?? "", "");
    await this.#uploads.takeBack(this.kind).catch((error) => this.fail(error));
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
      if (!(error instanceof DOMException && error.name === "AbortError")) this.fail(error); // else another file replaced it
    }
  }

  /**
   * @param {State} state
   * @param {string} name
   * @param {string} about
   */
  #show(state, name, about) {
    const isGiven = state !== "empty" && state !== "without", without = this.#element.querySelector(".without");
    this.state = state;
    this.#element.dataset.state = isGiven ? state : "";
    this.#name.textContent = name;
    this.#hint.textContent = about || (this.#hint.dataset.hint ?? "");
    this.#progress.hidden = state !== "sending";
    this.#progress.value = 0;
    this.#problem.textContent = "";
    this.#problem.hidden = true;
    without?.toggleAttribute("hidden", !isGiven);
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
