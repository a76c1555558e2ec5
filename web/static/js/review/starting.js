// @ts-check
// That a word begins now, said by a hand that follows the ear: where the sound is, if that is where one looks.

import { clock } from "../ui/durations.js";
import { t } from "../ui/strings.js";

const LATE = 0.4; // seconds by which a hand that follows the ear may be late
const FAR = 5; // seconds beyond what is seen, from which on the sound was left standing somewhere else

export class Starting {
  #editor;
  #player;
  #toast;
  #correct;

  /**
   * @param {import("./word-editor.js").WordEditor} editor
   * @param {import("../page/player.js").Player} player
   * @param {import("../ui/toast.js").Toast} toast
   * @param {(corrections: (Record<string, unknown> & {kind: string})[]) => Promise<unknown>} correct gives nothing where it is refused
   */
  constructor(editor, player, toast, correct) {
    this.#editor = editor;
    this.#player = player;
    this.#toast = toast;
    this.#correct = correct;
  }

  // Sets the word that is chosen; far from what is seen, only where the reader says so once more.
  now() {
    const { chosen, view } = this.#editor, { time, playing, speed } = this.#player;
    if (!chosen) return;
    const set = () => this.#set({ kind: "start", word: chosen.first, at: Math.round(time * 1000) / 1000, late: playing ? LATE * speed : 0 });
    const [from, to] = [view.from / 1000, view.to / 1000];
    if (time >= from - FAR && time <= to + FAR) return set();
    const told = { word: this.#editor.textOf(chosen.first), at: clock(time), from: clock(from), to: clock(to) };
    this.#toast.show(t("review.far", told), { undo: set, does: "set" });
  }

  /** @param {{kind: string, word: number, at: number, late: number}} start */
  async #set(start) {
    this.#editor.choose(start.word);
    const made = this.#correct([start]);
    this.#editor.step(1); // which may be said next, while one listens on
    if (!(await made)) this.#editor.choose(start.word);
  }
}
