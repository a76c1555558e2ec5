// @ts-check
// The sound that is looked at, as the server draws it: its loudness, and the frequencies in it where they are asked for.

import { get } from "../ui/api.js";
import { exact, t } from "../ui/strings.js";

const SETTLED = 120; // milliseconds for which one has looked at the same
const COLUMN = 3; // pixels of loudness
const MOST_COLUMNS = 3000;

export class SeenSound {
  #id;
  #spectrum;
  #wave;
  #failed;
  #timer = 0;
  #asked = "";
  #view = { from: 0, to: 0 };

  /**
   * @param {string} id of the episode
   * @param {HTMLElement} spectrum
   * @param {import("./word-wave.js").WordWave} wave
   * @param {(error: unknown) => void} failed
   */
  constructor(id, spectrum, wave, failed) {
    this.#id = id;
    this.#spectrum = spectrum;
    this.#wave = wave;
    this.#failed = failed;
  }

  /** @param {import("./geometry.js").Bounds} view milliseconds */
  look(view) {
    this.#view = view;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED);
  }

  /**
   * Shows the frequencies, or hides them.
   * @param {HTMLElement} button that does it
   */
  toggle(button) {
    this.#spectrum.hidden = !this.#spectrum.hidden;
    button.setAttribute("aria-pressed", String(!this.#spectrum.hidden));
    this.#drawSpectrum();
    this.#wave.redraw();
  }

  get #query() { return `from=${this.#view.from / 1000}&to=${this.#view.to / 1000}`; }

  async #ask() {
    this.#drawSpectrum();
    const query = `${this.#query}&columns=${Math.max(1, Math.floor(this.#wave.width / COLUMN))}`;
    if (query === this.#asked) return;
    this.#asked = query;
    try {
      const sound = await get(`/api/episodes/${this.#id}/stretch?${query}`);
      if (query === this.#asked) this.#wave.use(sound);
    } catch (error) {
      this.#asked = "";
      this.#failed(error);
    }
  }

  // It masks the colour of the text, so that it is of every theme.
  #drawSpectrum() {
    if (this.#spectrum.hidden) return;
    const { from, to } = this.#view;
    this.#spectrum.setAttribute("aria-label", t("review.spectrum", { start: exact(from / 1000), end: exact(to / 1000) }));
    const columns = Math.max(1, Math.min(MOST_COLUMNS, this.#wave.width));
    this.#spectrum.style.setProperty("--picture", `url("/episodes/${this.#id}/spectrogram?${this.#query}&columns=${columns}")`);
  }
}
