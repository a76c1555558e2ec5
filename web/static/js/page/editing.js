// @ts-check
// Editing paragraphs in place, one at a time. A double click, E on a word, or the button beside a paragraph opens the form;
// the browser stores a draft until it is saved. Splitting, joining and inserting save the draft first. When somebody else
// changes the paragraph, the draft stays and their version is shown below it.

import { get } from "../ui/api.js";
import { all, answerOf, around, byId, detailOf, one } from "../ui/elements.js";
import { always } from "../ui/memory.js";
import { ReaderError, announce, t } from "../ui/strings.js";
import { Editor } from "./editor.js";
import { scrollToKeep } from "./following.js";
import { asEdited, offerSpeakers, offsetOf, paragraphsOf, wordsIn } from "./paragraphs.js";

const PARAGRAPH = "[data-segment]";
const EDITED = "edited"; // the class of the paragraphs in the form, which are hidden
const CLICKS_MS = 500; // the usual interval of a double click: a third click selects the paragraph

export class Editing {
  #page;
  #changes;
  #draft; // the key of this tab's draft in the browser's storage
  #button;
  /** @type {Editor | null} */
  #editor = null;
  #saving = false;
  /** @type {HTMLElement | null} the paragraph that was requested last */
  #opening = null;
  #windowTop = 0; // where in the window the paragraph was that was opened or saved last

  /** @param {import("./reading.js").Reading} page @param {import("./changes.js").Changes} changes */
  constructor(page, changes) {
    const { data, transcript } = page;
    this.#page = page;
    this.#changes = changes;
    this.#draft = `editing:${data.id}:${Math.random()}`;
    navigator.locks?.request(this.#draft, () => new Promise(() => {})); // held while this tab is open
    this.#button = useButton(byId("edit-here", HTMLButtonElement), transcript.root, (paragraph) => this.open(paragraph));
    useDoubleClick(transcript, async (word, typed) => {
      const isOpen = await this.#openAt(word, true), text = typed();
      if (isOpen && text) this.#editor?.type(text);
    });
    transcript.addEventListener("edit", (event) => {
      const word = transcript.indexOf(detailOf(event).place);
      if (word >= 0) this.#openAt(word, false);
    });
    transcript.addEventListener("patched", () => {
      this.#button.hide();
      if (!this.#editor?.form.isConnected) this.#mount(); // its turn was replaced
    });
    changes.addEventListener("changed", () => this.#follow());
    this.#restore();
  }

  get #paragraphs() { return all(this.#page.transcript.root, PARAGRAPH); }

  // The index of the first edited paragraph, or of the one after the form.
  get #number() {
    const paragraphs = this.#paragraphs, first = this.#editor?.base.first ?? 0;
    const number = paragraphs.findIndex((each) => segmentOf(each) >= first);
    return number < 0 ? paragraphs.length : number;
  }

  /** @param {number} word @param {boolean} selected whether to select the word in the form */
  async #openAt(word, selected) {
    const { transcript } = this.#page, [start, end] = transcript.data.chars.slice(2 * word, 2 * word + 2);
    const paragraph = around(transcript.word(word), PARAGRAPH);
    return paragraph && this.open(paragraph, [start, selected ? end : start]);
  }

  /** Return whether the form opened. @param {HTMLElement} paragraph @param {Words} [chars] offsets in the transcript to select */
  async open(paragraph, chars) {
    if (!(await this.#leave())) return false;
    const { top } = paragraph.getBoundingClientRect();
    this.#opening = paragraph;
    return this.#page.toast.attempt(async () => {
      const first = segmentOf(paragraph), passage = await this.#fetchPassage({ ...this.#changes.base, first, stop: first + 1 });
      const [part] = passage.paragraphs;
      if (this.#editor || this.#opening !== paragraph) return false; // another one was requested meanwhile
      if (!part) throw new ReaderError(t("editing.gone"));
      this.#windowTop = top;
      const [at, end] = (chars ?? [part.char_start, part.char_start]).map((offset) => offsetOf(part.text, offset - part.char_start));
      this.#edit(passage, asEdited(part)).enter(at, end);
      return true;
    });
  }

  /**
   * Fetch the present paragraphs of a passage, once the page shows them.
   * @param {Omit<Passage, "paragraphs">} was
   * @returns {Promise<Passage>}
   */
  async #fetchPassage({ number, transcript, first, stop }) {
    const query = Object.entries({ first, stop, number, transcript }).map(([name, value]) => `${name}=${value}`);
    const passage = await get(`/api/episodes/${this.#page.data.id}/paragraphs?${query.join("&")}`);
    if (passage.number > this.#changes.revision) await this.#changes.ask();
    return passage.number < this.#changes.revision ? this.#fetchPassage(passage) : passage;
  }

  /**
   * Show the form for a passage.
   * @param {Passage} passage
   * @param {Paragraph} paragraph the form's values
   */
  #edit(passage, paragraph) {
    const { data, transcript } = this.#page, speakers = offerSpeakers(data);
    transcript.clearSelection();
    transcript.leave(); // the page no longer follows the audio
    this.#button.hide();
    const editor = (this.#editor = new Editor(passage, { speakers, language: data.language, paragraph }, (name) => this.#actions[name]()));
    this.#mount();
    scrollToKeep(editor.field, this.#windowTop);
    editor.field.focus({ preventScroll: true });
    return editor;
  }

  // The actions of the form's buttons and keys.
  /** @type {Record<string, () => unknown>} */
  #actions = {
    typed: () => this.#saveDraft(), save: () => this.#save(), leave: () => this.#leave(true), delete: () => this.#delete(),
    split: () => this.#split(), merge: () => this.#merge(), before: () => this.#insert(false), after: () => this.#insert(true),
    play: () => this.#play(),
  };

  // Shows the form in place of its paragraphs.
  #mount() {
    if (!this.#editor) return;
    const { root } = this.#page.transcript, { form, field, base: { first, stop } } = this.#editor, paragraphs = this.#paragraphs;
    for (const each of paragraphs) each.classList.toggle(EDITED, segmentOf(each) >= first && segmentOf(each) < stop);
    const next = paragraphs[this.#number], last = next ?? paragraphs.at(-1);
    form.dir = "ltr"; // names and buttons follow the page's direction
    one(form, ".block").dir = last ? getComputedStyle(last).direction : "auto";
    if (next ? next.previousElementSibling === form : root.lastElementChild === form) return;
    const isIn = form.contains(document.activeElement), { top } = field.getBoundingClientRect();
    if (next) next.before(form);
    else root.append(form);
    if (!isIn) return;
    field.focus({ preventScroll: true }); // moving the form drops the focus
    scrollToKeep(field, top);
  }

  #saveDraft() {
    if (this.#editor?.isChanged) always.write(this.#draft, JSON.stringify({ base: this.#editor.base, paragraph: this.#editor.paragraph }));
    else always.forget(this.#draft);
  }

  // Opens a draft that was left when the page was closed.
  async #restore() {
    const held = ((await navigator.locks?.query())?.held ?? []).map(({ name }) => name); // drafts of open tabs
    const name = always.names(`editing:${this.#page.data.id}:`).find((each) => !held.includes(each)) ?? "";
    const draft = always.readJson(name);
    if (!draft?.base) return;
    await this.#page.toast.attempt(async () => {
      const now = await this.#fetchPassage(draft.base);
      if (this.#editor) return; // the next visit opens the draft
      const editor = this.#edit(draft.base, draft.paragraph);
      editor.rebase(now);
      always.forget(name);
      this.#saveDraft();
      this.#mount();
      editor.form.scrollIntoView({ block: "center", behavior: "instant" });
      editor.enter(editor.field.value.length);
      this.#page.toast.show(t("editing.restored"));
    });
  }

  // Updates the form after somebody else, or another correction, changed the page.
  async #follow() {
    const editor = this.#editor;
    if (!editor || this.#saving) return;
    await this.#page.toast.attempt(async () => {
      const now = await this.#fetchPassage(editor.base);
      if (this.#editor !== editor || now.number !== this.#changes.revision) return; // a later change is being followed
      const isGone = !now.paragraphs.length && !editor.isChanged;
      if (editor.rebase(now) || isGone) this.#page.toast.show(t(now.paragraphs.length ? "editing.changed" : "editing.deleted_theirs"));
      if (isGone) this.#close();
      else this.#mount();
    });
  }

  async #save() {
    const editor = this.#editor;
    if (!editor || this.#saving) return;
    if (!editor.isChanged) return void this.#leave(true);
    const word = this.#firstWord + Math.max(0, wordsIn(editor.halves[0]) - 1);
    if (!(await this.#replace(editor.base, editor.paragraphs))) return;
    this.#focusWord(word);
    announce(t("editing.saved"));
  }

  /**
   * Replace a passage by paragraphs and close the form; null if the server refuses.
   * @param {Passage} passage
   * @param {Paragraph[]} paragraphs
   */
  async #replace(passage, paragraphs) {
    const editor = this.#editor;
    if (!editor || this.#saving) return null;
    this.#windowTop = editor.field.getBoundingClientRect().top;
    this.#saving = editor.saving = true;
    const answer = await this.#changes.correct({ kind: "text", first: passage.first, stop: passage.stop, paragraphs }, passage);
    this.#saving = editor.saving = false;
    if (answer) {
      this.#close();
      return answer;
    }
    this.#mount();
    editor.field.focus({ preventScroll: true });
    await this.#follow(); // shows their version; saving again replaces it
    return null;
  }

  // The number of the first word in the form, or of the first one after it.
  get #firstWord() {
    const { transcript } = this.#page, paragraph = this.#paragraphs.slice(this.#number).find((each) => each.querySelector(".w"));
    return paragraph ? transcript.indexOf(one(paragraph, ".w")) : transcript.length;
  }

  // Splits at the caret: the text after it becomes a paragraph of another speaker, whose name is asked.
  #split() {
    return this.#page.toast.attempt(async () => {
      const { base, paragraph, halves } = /** @type {Editor} */ (this.#editor);
      const parts = halves.flatMap((text) => paragraphsOf({ ...paragraph, text }));
      if (parts.length < 2 || !(await this.#replace(base, parts))) return;
      const now = await this.#fetchPassage(base), part = now.paragraphs[now.paragraphs.length - 1];
      const { name } = this.#edit({ ...now, first: part.first, paragraphs: [part] }, asEdited(part));
      name.focus({ preventScroll: true });
      name.select();
    });
  }

  // Joins the text to the paragraph before.
  #merge() {
    const before = this.#paragraphs[this.#number - 1];
    if (!before) return;
    return this.#page.toast.attempt(async () => {
      const { base, field } = /** @type {Editor} */ (this.#editor), rest = field.value.trim();
      const passage = await this.#fetchPassage({ ...this.#changes.base, first: segmentOf(before), stop: base.stop });
      const { kind, speaker, text } = asEdited(passage.paragraphs[0]);
      if (!(await this.#replace(passage, paragraphsOf({ kind, speaker, text: `${text.trim()} ${rest}` })))) return;
      const now = await this.#fetchPassage(passage), [part] = now.paragraphs;
      this.#edit({ ...now, stop: part.stop, paragraphs: [part] }, asEdited(part)).enter(text.trim().length + 1);
    });
  }

  /** @param {boolean} after the edited paragraph, or before it */
  #insert(after) {
    return this.#page.toast.attempt(async () => {
      const { base, paragraph, paragraphs, isChanged } = /** @type {Editor} */ (this.#editor);
      if (isChanged ? !(await this.#replace(base, paragraphs)) : !(await this.#leave())) return;
      const now = await this.#fetchPassage(base), at = after ? now.stop : now.first;
      this.#edit({ ...now, first: at, stop: at, paragraphs: [] }, { kind: "speech", speaker: paragraph.speaker, text: "" });
    });
  }

  async #delete() {
    const editor = this.#editor;
    if (!editor) return;
    if (!editor.base.paragraphs.length) return void this.#leave(true); // the paragraph does not exist yet
    if (!(await this.#mayDiscard())) return;
    const answer = await this.#replace(editor.base, []);
    if (answer) this.#changes.report(answer, t("editing.deleted"));
  }

  #play() {
    const spoken = (this.#editor?.base.paragraphs ?? []).filter(({ start }) => start !== null);
    if (spoken.length) this.#page.player.playSpan(Number(spoken[0].start), Number(spoken.at(-1)?.end));
  }

  // Asks whether to discard the draft.
  async #mayDiscard() {
    const editor = this.#editor;
    if (!editor?.isChanged || (await answerOf(byId("leave-editing", HTMLDialogElement))) === "drop") return true;
    editor.field.focus({ preventScroll: true });
    return false;
  }

  /**
   * Close the form without saving, unless the reader wants to keep editing; returns whether it closed.
   * @param {boolean} [focusesWord] whether to focus the paragraph's first word
   */
  async #leave(focusesWord = false) {
    const editor = this.#editor;
    if (!editor) return true;
    if (!(await this.#mayDiscard())) return false;
    this.#windowTop = editor.field.getBoundingClientRect().top;
    const word = this.#firstWord;
    this.#close();
    if (focusesWord) this.#focusWord(word);
    return true;
  }

  #close() {
    always.forget(this.#draft);
    this.#editor?.form.remove();
    this.#editor = null;
    for (const paragraph of all(this.#page.transcript.root, `.${EDITED}`)) paragraph.classList.remove(EDITED);
  }

  /** Focus a word, with its paragraph where the form was. @param {number} word */
  #focusWord(word) {
    const { transcript } = this.#page, there = Math.min(word, transcript.length - 1);
    transcript.enter(there);
    scrollToKeep(around(transcript.word(there), PARAGRAPH), this.#windowTop);
  }
}

/** @param {HTMLElement} paragraph */
function segmentOf(paragraph) { return Number(paragraph.dataset.segment); }

/**
 * Show the button only beside the paragraph under the pointer or with the focus, so that the text stays free of controls.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} root the transcript
 * @param {(paragraph: HTMLElement) => void} open
 */
function useButton(button, root, open) {
  /** @type {HTMLElement | null} */
  let paragraph = null;
  const main = /** @type {HTMLElement} */ (root.parentElement);
  /** @param {HTMLElement | null} next */
  const show = (next) => {
    paragraph = next;
    button.hidden = !next;
    if (!next) return;
    button.classList.toggle("leftwards", getComputedStyle(next).direction === "rtl");
    button.style.setProperty("--top", `${Math.round(next.getBoundingClientRect().top - main.getBoundingClientRect().top)}px`);
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, (event) => show(around(event, PARAGRAPH) ?? paragraph));
  // Lifting a finger fires pointerleave before its click; a mouse stays where it is.
  main.addEventListener("mouseleave", () => { if (!root.contains(document.activeElement) && document.activeElement !== button) show(null); });
  button.addEventListener("click", () => { if (paragraph) open(paragraph); });
  return { hide: () => show(null) };
}

/**
 * Open the form on a double click, unless a third click or a drag selects more. Keys typed before the form appears are
 * text, not shortcuts.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {(word: number, typed: () => string) => Promise<void>} open `typed` returns the text typed so far
 */
function useDoubleClick(transcript, open) {
  let timer = 0, typed = "";
  const takeTyped = () => {
    const text = typed;
    clearTimeout(timer);
    timer = 0;
    typed = "";
    return text;
  };
  for (const name of ["pointerdown", "copy"]) document.addEventListener(name, takeTyped, { capture: true });
  document.addEventListener("keydown", (event) => {
    if (!timer || document.querySelector("dialog[open]") || event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    typed += event.key;
  }, { capture: true });
  transcript.root.addEventListener("dblclick", (event) => {
    const word = transcript.indexOf(event.target);
    if (word < 0 || around(event, ".flag") || event.shiftKey) return;
    timer = window.setTimeout(() => {
      const { first, last } = transcript.selection ?? { first: word, last: word + 1 };
      if (last - first === 1) open(word, takeTyped).finally(takeTyped);
      else takeTyped();
    }, CLICKS_MS);
  });
}
