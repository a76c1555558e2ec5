// @ts-check
// Corrections of the episode: made, taken back, made again, and what others change, as it happens.
//
//     export const changes = new Changes(reading, toast);           in page/episode.js
//     await changes.correct({ kind: "place", word, start, end });
//
// `correct` takes what aligner/corrections/commands.py lists, shows on the page the turns that the server rendered again
// (web/correcting/turns.py), and returns what it answered; null where it failed, which the reader was told. What is asked
// while something else is under way waits for it. `tell(answer)` says what was done, with a button that takes just that
// back, until the next change. `undo` and `redo` answer alike; Ctrl+Z and Ctrl+Shift+Z (Ctrl+Y) outside fields call them.
// `editable` is whether anything can be changed at all, `undoable` and `redoable` whether there is something to undo, or
// to do again, as far as the server has told.
//
// Events: "changing" before the page shows another state, "changed" (detail: {words, isText, change, mine}) when it does:
// which words gave way to others, whether the transcript is another, and the change; `mine` is false where others made it.
// "undone" (detail: the change) after one was undone here. "told" when `undoable` and `redoable` are known.

import { ClashError, get, look, send } from "../ui/api.js";
import { all, around, byId, one } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";
import { announce, knows, t } from "../ui/strings.js";
import { freeView } from "./landing.js";
import { renumbered } from "./transcript.js";

const LOOK_EVERY = 2000; // milliseconds between questions for others' changes, while the page is seen

/**
 * @typedef {Object} Answer
 * @property {number} history
 * @property {Change | null} change
 * @property {NewTurns | null} turns
 * @property {Partial<EpisodeData>} data
 * @property {{heading: string, chapters: string} | null} head
 * @property {Job | null} job
 * @property {boolean} undoable
 * @property {boolean} redoable
 * @property {number} [silenced] other words that were said before the correction, and are not now
 */

/** @typedef {{history: number, transcript: string}} State how many changes there were, and of which transcript */

export class Changes extends EventTarget {
  #reading;
  #toast;
  #api;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  #file = ""; // that the text was in before the last change
  /** @type {unknown} what the toast last said of a change */
  #said = null;
  undoable = false;
  redoable = false;

  /**
   * @param {import("./reading.js").Reading} reading
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(reading, toast) {
    super();
    this.#reading = reading;
    this.#toast = toast;
    this.#api = `/api/episodes/${reading.data.id}`;
    this.editable = Boolean(reading.data.editable);
    this.history = reading.data.history ?? 0;
    if (!this.editable) return;
    addEventListener("keydown", (event) => this.#pressed(event));
    this.#listen();
  }

  /**
   * @param {Record<string, unknown> & {kind: string}} correction
   * @param {State | null} [begun] which state it is of, where the page shows another
   * @returns {Promise<Answer | null>}
   */
  async correct(correction, begun = null) {
    await this.#askName();
    const answer = await this.#send("corrections", { correction, begun }, wordsOf(correction));
    const said = [this.#otherFile(answer), answer?.job ? t("changes.listening") : ""].filter(Boolean);
    if (said.length) this.#said = this.#toast.show(said.join(" "), { stays: true });
    return answer;
  }

  /**
   * Says what was done, with a button that takes just that back.
   * @param {Answer | null} answer
   * @param {string} [text] other words for it
   */
  tell(answer, text) {
    const { change = null, job = null } = answer ?? {};
    if (!answer || job || (!change && !text)) return;
    const undo = change && (() => this.undo(change.id));
    const said = [text ?? t("changes.saved", { what: change ? named(change) : "" }), this.#silenced(answer), this.#otherFile(answer)].filter(Boolean);
    this.#said = this.#toast.show(said.join(" – "), { undo, stays: said.length > 1 });
  }

  /** @param {number} [change] which; the last without */
  undo(change) { return this.#back("undo", change); }

  /** @param {number} [change] which; the last without */
  redo(change) { return this.#back("redo", change); }

  /** @returns {State} what the page shows */
  get state() { return { history: this.history, transcript: this.#reading.data.hash }; }

  // Asks the server what can be undone, and what others have changed.
  ask() {
    return this.#inTurn(async () => this.#take(await look(`${this.#api}/changes?since=${this.history}`).catch(() => null), false));
  }

  // Asks for the reader's name, whether or not they were asked before.
  askName() {
    const dialog = byId("name-dialog", HTMLDialogElement), name = one(dialog, "input", HTMLInputElement);
    name.value = this.#reading.data.who ?? "";
    dialog.showModal();
    return new Promise((/** @type {(done: void) => void} */ done) => {
      dialog.addEventListener("close", async () => {
        const said = dialog.returnValue === "save" ? name.value.trim() : this.#reading.data.who ?? "";
        this.#reading.data.who = said;
        await send("POST", "/api/name", { name: said }).catch((error) => this.#toast.failed(error));
        done();
      }, { once: true });
    });
  }

  async #askName() {
    if (this.#reading.data.who === null) await this.askName();
  }

  /**
   * @param {"undo" | "redo"} what
   * @param {number} [id]
   */
  async #back(what, id) {
    const answer = await this.#send(what, { change: id ?? null });
    if (!answer) return null;
    const { change } = answer, does = what === "undo" ? "redo" : "undo";
    if (change && what === "undo") this.dispatchEvent(new CustomEvent("undone", { detail: change }));
    const said = change ? t(`changes.${what}`, { what: named(change) }) : t(`changes.${what}.none`);
    this.#said = this.#toast.show(said, { undo: change && (() => this[does](change.id)), does });
    return answer;
  }

  /**
   * @param {string} what
   * @param {Record<string, unknown>} body
   * @param {Words | null} [own] words that are corrected
   * @returns {Promise<Answer | null>}
   */
  #send(what, body, own = null) {
    return this.#inTurn(async () => {
      try {
        const answer = await send("POST", `${this.#api}/${what}`, { base: this.history, ...body });
        this.#toast.hide(this.#said); // of the change before
        const { starts } = this.#reading.data;
        this.#take(answer, true);
        if (own) answer.silenced = silenced(starts, this.#reading.data.starts, own);
        return answer;
      } catch (error) {
        if (error instanceof ClashError) this.#take(await get(`${this.#api}/changes?since=${this.history}`).catch(() => null), false);
        this.#said = this.#toast.failed(error, () => this.#align());
        return null;
      }
    });
  }

  // Has the transcript aligned as its file is now; the page shows how far that is, and what is typed is kept meanwhile.
  async #align() {
    try {
      await send("POST", `${this.#api}/align`);
      location.reload();
    } catch (error) {
      this.#said = this.#toast.failed(error);
    }
  }

  // Asks again and again whether others have changed something.
  async #listen() {
    if (!document.hidden) await look(`${this.#api}/history`).then((told) => this.#catchUp(told), () => null); // the server is away
    setTimeout(() => this.#listen(), LOOK_EVERY);
  }

  /**
   * Shows others' changes.
   * @param {{history: number, who: string | null, kind: string | null}} told
   */
  #catchUp(told) {
    return this.#inTurn(async () => {
      if (told.history <= this.history) return;
      this.#take(await look(`${this.#api}/changes?since=${this.history}`).catch(() => null), false);
      if (told.who) announce(t("changes.theirs", { who: told.who, what: named({ what: { kind: told.kind ?? "" } }) }));
    });
  }

  /**
   * @param {Answer | null} answer
   * @param {boolean} mine
   */
  #take(answer, mine) {
    if (!answer) return;
    this.undoable = answer.undoable;
    this.redoable = answer.redoable;
    this.dispatchEvent(new Event("told"));
    if (answer.history === this.history) return;
    this.dispatchEvent(new Event("changing"));
    this.#file = this.#reading.data.file;
    const words = show(this.#reading, answer), { change, data, history } = answer;
    this.history = history;
    this.dispatchEvent(new CustomEvent("changed", { detail: { words, isText: Boolean(data.hash), change, mine } }));
  }

  /**
   * That other words had to give way, and how many.
   * @param {Answer} answer
   */
  #silenced({ silenced: n }) { return n ? t(n === 1 ? "changes.silenced.one" : "changes.silenced", { n }) : ""; }

  /**
   * That the text is in another file from then on, if it is, and where the original is.
   * @param {Answer | null} answer
   */
  #otherFile(answer) {
    const { file } = answer?.data ?? {};
    return file ? t("changes.file", { name: file, original: this.#file }) : "";
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn(work) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y") || event.defaultPrevented) return;
    if (around(event, FIELDS) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.redo();
    else this.undo();
  }
}

/**
 * What a change was, in a few words.
 * @param {{what: {kind: string}}} change
 */
function named({ what }) {
  const key = `changes.kind.${what.kind}`;
  return t(knows(key) ? key : "changes.kind.other");
}

/**
 * The words that a correction is of; null where it is of none, or of what the text is.
 * @param {Record<string, unknown> & {kind: string}} correction
 * @returns {Words | null}
 */
export function wordsOf({ kind, word, first, stop }) {
  if (typeof word === "number") return [word, word + 1];
  return typeof first === "number" && typeof stop === "number" && kind !== "text" ? [first, stop] : null;
}

/**
 * How many words but those that are corrected were said before, and are not now; none where words gave way to others.
 * @param {(number | null)[]} before
 * @param {(number | null)[]} now
 * @param {Words} own
 */
function silenced(before, now, [first, stop]) {
  if (before.length !== now.length) return 0;
  return before.filter((start, word) => start !== null && now[word] === null && !(word >= first && word < stop)).length;
}

/**
 * Shows what the server rendered again; the reader stays where they are.
 * @param {import("./reading.js").Reading} reading
 * @param {Answer} answer
 * @returns {NewWords}
 */
function show({ data, transcript, wave, captions }, { turns, data: others, head }) {
  const { root } = transcript, isIn = root.contains(document.activeElement);
  const stay = holdView(transcript), words = turns ? replaceTurns(transcript, turns) : { at: 0, drop: 0, put: 0 };
  Object.assign(data, others);
  if (head) replaceHead(head);
  if (others.hash) one(document, 'meta[name="transcript"]', HTMLMetaElement).content = others.hash;
  if (!turns && !Object.keys(others).length) return words;
  transcript.patched(words);
  if (isIn && !root.contains(document.activeElement)) transcript.enter(transcript.cursor); // what had the focus is gone
  stay(words);
  wave.redraw();
  captions.changed();
  return words;
}

/**
 * Puts turns in the place of others; returns which words gave way to others.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {NewTurns} turns
 * @returns {NewWords}
 */
function replaceTurns({ root, data }, { at, drop, html, starts, ends, chars, chars_by: charsBy, segments_by: segmentsBy }) {
  const first = data.turns[at]?.[0] ?? data.starts.length, stop = data.turns[at + drop]?.[0] ?? data.starts.length;
  data.starts = [...data.starts.slice(0, first), ...starts, ...data.starts.slice(stop)];
  data.ends = [...data.ends.slice(0, first), ...ends, ...data.ends.slice(stop)];
  data.chars = [...data.chars.slice(0, 2 * first), ...chars, ...data.chars.slice(2 * stop).map((offset) => offset + charsBy)];
  if (html === null) return { at: stop, drop: 0, put: 0 };
  const before = textsOf(root, first, stop), there = all(root, ":scope > .turn, :scope > .chapter"), after = there.slice(at + drop);
  const place = document.createRange();
  place.setStart(root, 0);
  if (at) place.setStartAfter(there[at - 1]);
  if (!drop) place.collapse(true);
  else if (at + drop <= there.length) place.setEndAfter(there[at + drop - 1]);
  else place.setEnd(root, root.childNodes.length); // with what is missing at the end
  place.deleteContents();
  const made = document.createDocumentFragment();
  made.append(...new DOMParser().parseFromString(html, "text/html").body.children);
  place.insertNode(made);
  all(root, ".w").forEach((word, i) => { word.dataset.i = String(i); });
  for (const each of after.flatMap((turn) => [turn, ...all(turn, "[data-segment]")])) {
    if (!each.dataset.segment) continue;
    each.dataset.segment = String(Number(each.dataset.segment) + segmentsBy);
    if (each.id) each.id = `p${each.dataset.segment}`;
  }
  return changeOf(before, textsOf(root, first, first + starts.length), first);
}

/**
 * @param {HTMLElement} root
 * @param {number} first
 * @param {number} stop
 */
function textsOf(root, first, stop) { return all(root, ".w").slice(first, stop).map((word) => word.textContent); }

/**
 * Which of some words, from number `first` on, gave way to others.
 * @param {(string | null)[]} before
 * @param {(string | null)[]} now
 * @param {number} first
 * @returns {NewWords}
 */
function changeOf(before, now, first) {
  const most = Math.min(before.length, now.length);
  let alike = 0, alikeAtEnd = 0;
  while (alike < most && before[alike] === now[alike]) alike++;
  while (alikeAtEnd < most - alike && before.at(-1 - alikeAtEnd) === now.at(-1 - alikeAtEnd)) alikeAtEnd++;
  return { at: first + alike, drop: before.length - alike - alikeAtEnd, put: now.length - alike - alikeAtEnd };
}

/**
 * The list of chapters, and what stands around the title.
 * @param {{heading: string, chapters: string}} head
 */
function replaceHead({ heading, chapters }) {
  /** @param {string} html */
  const made = (html) => new DOMParser().parseFromString(html, "text/html").body;
  byId("chapters").replaceChildren(...made(chapters).childNodes);
  const old = one(document, "main > .heading"), now = made(heading);
  one(now, "h1").replaceWith(one(old, "h1")); // which others look after
  old.replaceChildren(...one(now, ".heading").childNodes);
}

/**
 * Returns what puts the first word in view back to where it stood in the window, once words gave way to others.
 * @param {import("./transcript.js").Transcript} transcript
 * @returns {(words: NewWords) => void}
 */
function holdView(transcript) {
  const { top, bottom } = freeView(), i = transcript.wordBelow(top), was = transcript.word(i)?.getBoundingClientRect().top;
  if (was === undefined || was > bottom || scrollY === 0) return () => {};
  return (words) => {
    const off = (transcript.word(renumbered(i, words))?.getBoundingClientRect().top ?? was) - was;
    if (Math.abs(off) >= 1) scrollBy({ top: off, behavior: "instant" });
  };
}
