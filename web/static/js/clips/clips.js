// @ts-check
// The clips of the episode: to play, download, delete, or download as a ZIP. Above them are running jobs with their progress
// and failed ones with the reason. The server renders both lists.

import { get, send } from "../ui/api.js";
import { copyText } from "../ui/clipboard.js";
import { all, around, one, rendered } from "../ui/elements.js";
import { showRows } from "../ui/rows.js";
import { announce, t } from "../ui/strings.js";
import { isOpen, watch } from "../library/jobs.js";

/**
 * @typedef {{id: string, failed: string | null, again: Export | null, row: string}} ExportJob a job as the server lists it:
 * the reason if it failed, the request to try again, and its row
 * @typedef {{clips: Clip[], jobs: ExportJob[]}} Listed
 * @typedef {{job: Job, clip: Clip | undefined}} Finished the result of a job
 */

// Event: "play" when a clip starts.
export class Clips extends EventTarget {
  #root;
  #rows;
  #making;
  #title;
  #episode;
  #toast;
  /** @type {Listed} */
  #listed = { clips: [], jobs: [] };
  /** @type {Promise<unknown>} */
  #loaded = Promise.resolve();
  /** @type {Map<string, Promise<Finished>>} the followed jobs, by id */
  #followed = new Map();

  /**
   * @param {HTMLElement} root
   * @param {string} episode
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#rows = one(root, ".rows");
    this.#making = one(root, ".making");
    this.#title = one(root, "h2");
    this.#episode = episode;
    this.#toast = toast;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.load(); });
    this.load();
  }

  get #url() { return `/api/episodes/${this.#episode}/clips`; }

  /**
   * Return the address of a clip's file.
   * @param {Clip} clip
   * @param {string} name
   */
  file(clip, name = clip.name) { return `/episodes/${this.#episode}/clips/${clip.id}/${encodeURIComponent(name)}`; }

  // Loads and shows the clips.
  load() {
    return (this.#loaded = this.#loaded.then(() => this.#toast.attempt(async () => {
      this.#show(await get(this.#url));
    })));
  }

  /** @param {Listed} listed */
  #show(listed) {
    if (JSON.stringify(listed) === JSON.stringify(this.#listed)) return;
    this.#listed = listed;
    showRows(this.#making, listed.jobs, ({ row }) => rendered(row)[0], this.#title);
    showRows(this.#rows, listed.clips, (clip, old) => this.#card(clip, old), this.#title);
    for (const job of listed.jobs) if (!job.failed) this.#follow(job.id);
    one(this.#root, "[data-empty]").hidden = listed.clips.length > 0 || listed.jobs.length > 0;
    this.#tally();
  }

  /**
   * @param {Clip} clip
   * @param {HTMLElement} [old]
   */
  #card(clip, old) {
    if (old?.querySelector("audio, video")) return old; // it may be playing
    const [card] = rendered(clip.row), still = card.querySelector("img");
    still?.addEventListener("error", () => still.remove()); // the icon under it is seen
    one(card, "input", HTMLInputElement).checked = Boolean(old?.querySelector("input:checked"));
    return card;
  }

  /**
   * Export clips; each is ticked when done. `report` is called with the progress of their jobs.
   * @param {Export[]} exports
   * @param {(job: Job) => void} [report]
   * @returns {Promise<Finished[]>}
   */
  async make(exports, report = () => {}) {
    const { jobs } = /** @type {Listed} */ (await send("POST", this.#url, { exports }));
    for (const { id } of jobs) watch(id, report);
    const finished = Promise.all(jobs.map(({ id }) => this.#follow(id)));
    this.load();
    return finished;
  }

  /** Show the progress of a job, and the list when it has ended. @param {string} id */
  #follow(id) {
    const finished = this.#followed.get(id) ?? new Promise((/** @type {(job: Job) => void} */ done) => {
      watch(id, (job) => {
        const row = /** @type {HTMLElement | null} */ (this.#making.querySelector(`[data-id="${id}"]`));
        if (row && job.run_done !== null) one(row, "progress", HTMLProgressElement).value = job.run_done;
        if (row) one(row, "[data-part=state]").textContent = job.status;
        if (!isOpen(job)) done(job);
      });
    }).then(async (job) => {
      this.#followed.delete(id);
      await this.load();
      const clip = this.#listed.clips.find(({ name }) => job.outputs.includes(`clips/${name}`));
      if (clip) one(this.#rows, `[data-id="${clip.id}"] input`, HTMLInputElement).checked = true;
      this.#tally();
      if (job.state === "failed") announce(job.message);
      else if (clip && !this.#followed.size) announce(t("clips.ready"));
      return { job, clip };
    });
    this.#followed.set(id, finished);
    return finished;
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = around(event, "[data-do]"), row = around(event, "[data-id]"), id = row?.dataset.id ?? "";
    if (!button || !row) return;
    const clip = this.#listed.clips.find((each) => each.id === id), job = this.#listed.jobs.find((each) => each.id === id);
    const forget = () => send("POST", `/api/jobs/${id}/cancel`);
    /** @type {Record<string, () => unknown>} */
    const acts = {
      cancel: forget,
      dismiss: async () => { await forget(); await this.load(); },
      again: async () => {
        if (!job?.again) return;
        const wanted = job.again;
        job.again = null; // a double click must not request it twice
        await forget();
        await this.make([wanted]);
      },
      play: () => clip && this.#play(clip, row),
      post: async () => {
        if (!clip) return;
        await copyText(await (await fetch(this.file(clip, button.dataset.file))).text());
        this.#toast.show(t("clips.copied"));
      },
      delete: async () => {
        const { token } = await send("DELETE", `${this.#url}/${id}`);
        await this.load();
        this.#toast.show(t("clips.deleted"), { undo: () => this.#toast.attempt(async () => {
          await send("POST", `${this.#url}/restore/${token}`);
          await this.load();
        }) });
      },
    };
    this.#toast.attempt(acts[button.dataset.do ?? ""]);
  }

  /**
   * Show or hide the player of a clip.
   * @param {Clip} clip
   * @param {HTMLElement} row
   */
  #play(clip, row) {
    const old = row.querySelector("audio, video");
    one(row, '[data-do="play"]').setAttribute("aria-expanded", String(!old));
    if (old) return old.remove();
    const player = document.createElement(clip.video ? "video" : "audio");
    Object.assign(player, { controls: true, src: this.file(clip), playsInline: true });
    player.setAttribute("aria-label", clip.text || clip.name);
    row.append(player);
    this.dispatchEvent(new Event("play"));
    player.play().catch(() => {}); // if the browser requires another press, its own button is there
  }

  // Links the ZIP of the ticked clips, else of all.
  #tally() {
    const zip = one(this.#root, "[data-zip]"), ticked = all(this.#rows, "input:checked").length;
    zip.hidden = this.#listed.clips.length < 2;
    one(zip, "span").textContent = t(ticked ? "clips.zip" : "clips.zip.all");
  }
}
