// @ts-check
// The export of a clip: how far it is, and what became of it.

import { LostError, answering } from "../ui/connection.js";
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
      const [{ job, clip }] = await this.#clips.make([wanted], ({ run_done }) => {
        if (run_done !== null) bar.value = run_done;
      });
      if (stale()) return null;
      this.#outcome.replaceChildren(clip ? this.#download(clip) : failure(job.message || t("clips.cancelled")));
      return clip ?? null;
    } catch (error) {
      const line = failure(messageOf(error));
      this.#outcome.replaceChildren(line);
      if (error instanceof LostError) answering().then(() => { line.remove(); this.#clips.load(); }); // it may have begun
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
    const [label, name] = [link.appendChild(document.createElement("span")), document.createElement("bdi")];
    name.textContent = clip.name;
    const [before, after] = t("clip.download", { name: "\n" }).split("\n");
    label.append(before, name, after);
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
