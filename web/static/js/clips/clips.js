// @ts-check
// The clips of the episode: to play, download, delete, take as one ZIP; those that are being made stand above them.

import { get, send } from "../ui/api.js";
import { clock, spokenSeconds } from "../ui/durations.js";
import { all, around, copyOf, one } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { cautionLines } from "./cautions.js";
import { ClipJobs } from "./clip-jobs.js";

/**
 * @typedef {import("./clip-jobs.js").Begun} Begun
 * @typedef {{job: Job, clip: Clip | undefined}} Made what became of a job
 */

// Events: "play" as one begins to be heard.
export class Clips extends EventTarget {
  #root;
  #rows;
  #episode;
  #toast;
  #making;
  /** @type {Clip[]} */
  #clips = [];

  /**
   * @param {HTMLElement} root
   * @param {string} episode
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#rows = one(root, ".rows");
    this.#episode = episode;
    this.#toast = toast;
    this.#making = new ClipJobs(one(root, ".making"), one(root, "#job-row", HTMLTemplateElement), toast);
    this.#making.addEventListener("change", () => this.#showEmpty());
    this.#rows.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    this.load();
  }

  get #url() { return `/api/episodes/${this.#episode}/clips`; }

  /**
   * Where a file of the clip is.
   * @param {Clip} clip
   * @param {string} name
   */
  file(clip, name) { return `/episodes/${this.#episode}/clips/${clip.id}/${encodeURIComponent(name)}`; }

  // Lists what is there, and goes on showing what an earlier visit began.
  async load() {
    try {
      /** @type {{clips: Clip[], jobs: Begun[]}} */
      const { clips, jobs } = await get(this.#url);
      this.#clips = clips;
      for (const job of jobs) if (!this.#making.has(job)) this.#follow(job);
      this.#render();
      this.#showEmpty();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /**
   * Has clips made; each is ticked when it is there. `hear` is told of every change of a job.
   * @param {Export[]} exports
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Made[]>}
   */
  async make(exports, hear) {
    /** @type {{jobs: Begun[]}} */
    const { jobs } = await send("POST", this.#url, { exports });
    return Promise.all(jobs.map((job) => this.#follow(job, hear)));
  }

  /**
   * @param {Begun} begun
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Made>}
   */
  async #follow(begun, hear) {
    const job = await this.#making.follow(begun, hear);
    await this.load();
    const clip = this.#clips.find((each) => job.outputs.includes(`clips/${each.name}`));
    if (clip) this.#tick(clip);
    if (!this.#making.areRunning) announce(t("clips.ready"));
    return { job, clip };
  }

  /** @param {Clip} clip */
  #tick(clip) {
    /** @type {HTMLInputElement | null} */
    const box = this.#rows.querySelector(`[data-id="${clip.id}"] input`);
    if (box) box.checked = true;
    this.#tally();
  }

  #showEmpty() {
    one(this.#root, "[data-empty]").hidden = this.#clips.length > 0 || !this.#making.isEmpty;
  }

  #render() {
    const known = new Set(this.#clips.map((clip) => clip.id));
    const there = new Map(all(this.#rows, "[data-id]").map((row) => [row.dataset.id ?? "", row]));
    for (const [id, row] of there) if (!known.has(id)) row.remove();
    // Rows that are there stay, for one of them may be playing.
    this.#clips.forEach((clip, k) => {
      const row = there.get(clip.id) ?? this.#row(clip);
      if (this.#rows.children[k] !== row) this.#rows.insertBefore(row, this.#rows.children[k] ?? null);
    });
    this.#tally();
  }

  /** @param {Clip} clip */
  #row(clip) {
    const row = copyOf(one(this.#root, "#clip-row", HTMLTemplateElement));
    /** @param {string} name */
    const part = (name) => one(row, `[data-part="${name}"]`);
    row.dataset.id = clip.id;
    part("text").textContent = clip.text || clip.name;
    part("text").id = `clip-${clip.id}`;
    part("facts").textContent = factsOf(clip);
    if (clip.start === null) part("at").remove();
    else Object.assign(part("at"), { textContent: t("clips.at", { time: clock(clip.start) }), href: `#t=${clip.start}` });
    part("download").setAttribute("href", `${this.file(clip, clip.name)}?download`);
    part("cautions").hidden = clip.cautions.length === 0;
    if (clip.cautions.length) {
      one(part("cautions"), "summary").textContent = t("clips.look", { n: clip.cautions.length });
      one(part("cautions"), "ul").replaceChildren(...cautionLines(clip.cautions));
    }
    one(row, "input").setAttribute("aria-labelledby", part("text").id);
    for (const button of all(row, "[data-do], [data-part=download]")) {
      button.setAttribute("aria-describedby", part("text").id);
    }
    return row;
  }

  /** @param {Event} event */
  #clicked(event) {
    const action = around(event, "[data-do]")?.dataset.do;
    const row = around(event, "[data-id]");
    const clip = this.#clips.find((each) => each.id === row?.dataset.id);
    if (!clip || !row) return;
    if (action === "play") this.#play(clip, row);
    if (action === "delete") this.#delete(clip, row);
  }

  /**
   * The player of a clip is there while it is wanted.
   * @param {Clip} clip
   * @param {HTMLElement} row
   */
  #play(clip, row) {
    const old = row.querySelector("audio, video");
    one(row, '[data-do="play"]').setAttribute("aria-expanded", String(!old));
    if (old) return void old.remove();
    const player = document.createElement(clip.video ? "video" : "audio");
    Object.assign(player, { controls: true, src: this.file(clip, clip.name), playsInline: true });
    player.setAttribute("aria-label", clip.text || clip.name);
    row.append(player);
    this.dispatchEvent(new Event("play"));
    player.play().catch(() => {}); // where the browser wants another press, its own button is there
  }

  /**
   * @param {Clip} clip
   * @param {HTMLElement} row
   */
  async #delete(clip, row) {
    try {
      const { token } = await send("DELETE", `${this.#url}/${clip.id}`);
      const next = row.nextElementSibling ?? row.previousElementSibling;
      await this.load();
      (next?.querySelector("button") ?? one(this.#root, "h2")).focus();
      this.#toast.show(t("clips.deleted"), { undo: () => this.#restore(token) });
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  /** @param {string} token */
  async #restore(token) {
    try {
      await send("POST", `${this.#url}/restore/${token}`);
      await this.load();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  #tally() {
    const ids = all(this.#rows, "input:checked").map((box) => around(box, "[data-id]")?.dataset.id);
    const zip = one(this.#root, "[data-zip]", HTMLAnchorElement);
    zip.hidden = ids.length === 0;
    zip.href = `/episodes/${this.#episode}/clips.zip?${ids.map((id) => `clip=${id}`).join("&")}`;
    one(zip, "span").textContent = ids.length === 1 ? t("clips.zip.one") : t("clips.zip", { n: ids.length });
  }
}

/**
 * What a clip is, and how long.
 * @param {Pick<Clip, "name" | "shape" | "duration">} clip
 */
export function factsOf(clip) {
  const kind = clip.shape ? t(`shape.${clip.shape}`) : clip.name.slice(clip.name.lastIndexOf(".") + 1).toUpperCase();
  if (clip.duration === null) return kind;
  const length = clip.duration < 60 ? t("clip.length", { n: spokenSeconds(clip.duration) }) : clock(clip.duration);
  return `${kind} · ${length}`;
}
