// @ts-check
// Has an episode prepared when its page is opened: a sound that jumps exactly, and peaks to draw. Until then the sound
// plays as it was given.

import { get, send } from "../ui/api.js";
import { byId } from "../ui/elements.js";
import { follow } from "../library/working.js";

export class Preparing {
  #sound;
  #wave;
  #api;
  #peaks;

  /**
   * @param {HTMLAudioElement} sound
   * @param {import("./wave.js").Wave} wave
   * @param {string} id
   */
  constructor(sound, wave, id) {
    this.#sound = sound;
    this.#wave = wave;
    this.#api = `/api/episodes/${id}/prepare`;
    this.#peaks = `/episodes/${id}/peaks`;
    if (sound.dataset.exact) this.#ask();
    else this.#draw();
  }

  async #ask() {
    const { job } = await send("POST", this.#api).catch(() => ({ job: null })); // the next visit asks again
    const block = byId("preparing");
    if (!job) return void this.#take();
    block.dataset.job = job.id;
    block.hidden = false;
    follow(block, (/** @type {Job} */ { state }) => {
      block.hidden = state !== "failed";
      if (state === "done") this.#take();
    });
  }

  async #take() {
    const drawn = await this.#draw();
    if (drawn.peaks && (drawn.copy || this.#sound.error)) this.#exchange();
  }

  async #draw() {
    const drawn = await get(this.#peaks);
    if (drawn.peaks) this.#wave.use(drawn.peaks);
    return drawn;
  }

  // Goes on where the reader is, with the exact sound.
  #exchange() {
    const { currentTime, paused, playbackRate } = this.#sound;
    byId("sound-problem").hidden = true;
    this.#sound.addEventListener("loadedmetadata", () => {
      this.#sound.currentTime = currentTime;
      this.#sound.playbackRate = playbackRate;
      if (!paused) this.#sound.play();
    }, { once: true });
    this.#sound.src = this.#sound.dataset.exact ?? "";
    delete this.#sound.dataset.exact;
  }
}
