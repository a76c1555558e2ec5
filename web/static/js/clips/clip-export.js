// @ts-check
// The export of a clip: how far it is, and what became of it.

import { announce, messageOf, t } from "../ui/strings.js";

export class ClipExport {
  #clips;
  #outcome;
  #button;

  /**
   * @param {import("./clips.js").Clips} clips
   * @param {HTMLElement} outcome
   * @param {HTMLButtonElement} button
   */
  constructor(clips, outcome, button) {
    this.#clips = clips;
    this.#outcome = outcome;
    this.#button = button;
  }

  clear() { this.#outcome.replaceChildren(); }

  /**
   * Has the clip made and shows its download; returns it, null where it was not made or `stale()` says that another one
   * is shown meanwhile.
   * @param {Export} wanted
   * @param {() => boolean} stale
   */
  async run(wanted, stale) {
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", t("clip.exporting"));
    this.#outcome.replaceChildren(bar);
    this.#button.disabled = true;
    try {
      const [{ job, clip }] = await this.#clips.make([wanted], ({ done, total }) => {
        if (total) bar.value = Math.min(1, done / total);
      });
      if (stale()) return null;
      this.#outcome.replaceChildren(clip ? this.#download(clip) : failure(job.message || t("clips.cancelled")));
      return clip ?? null;
    } catch (error) {
      this.#outcome.replaceChildren(failure(messageOf(error)));
      return null;
    } finally {
      this.#button.disabled = false;
    }
  }

  /** @param {Clip} clip */
  #download(clip) {
    const link = document.createElement("a");
    link.className = "button";
    link.href = `${this.#clips.file(clip, clip.name)}?download`;
    link.textContent = t("clip.download", { name: clip.name });
    announce(t("clips.ready"));
    return link;
  }
}

/** @param {string} message */
function failure(message) {
  const line = document.createElement("p");
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = message;
  return line;
}
