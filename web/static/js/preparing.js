// Has an episode prepared when its page is opened: a sound that jumps exactly, and peaks to draw. Until then the sound
// plays as it was given.

import { send } from "./api.js";
import { jobs } from "./jobs.js";

export class Preparing {
  #sound;
  #wave;
  #id;
  #ready;

  constructor(sound, wave, id) {
    this.#sound = sound;
    this.#wave = wave;
    this.#id = id;
    this.#ready = sound.dataset.ready === "yes";
    jobs.addEventListener("change", ({ detail: job }) => {
      if (job.kind === "prepare" && job.episode === id && job.state === "done") this.#take();
    });
    if (!this.#ready) this.#ask();
  }

  get ready() { return this.#ready; }

  async #ask() {
    try {
      const { job } = await send("POST", `/api/episodes/${this.#id}/prepare`);
      if (job) jobs.begun(job);
      else this.#take();
    } catch {
      // The sound is missing or the disk is full: the page works as it is, and the next visit asks again.
    }
  }

  async #take() {
    if (this.#ready) return;
    this.#ready = true;
    const drawn = await this.#wave.load();
    if (drawn?.sound === "copy" || this.#sound.error) this.#exchange();
  }

  // Goes on where the reader is, with the exact sound.
  #exchange() {
    const { currentTime, paused, playbackRate } = this.#sound;
    document.getElementById("sound-problem").hidden = true;
    this.#sound.addEventListener("loadedmetadata", () => {
      this.#sound.currentTime = currentTime;
      this.#sound.playbackRate = playbackRate;
      if (!paused) this.#sound.play();
    }, { once: true });
    this.#sound.src = this.#sound.dataset.exact;
  }
}
