// The clips of the episode: those that are being made, and those that were, to play, download, delete, take as one ZIP.

import { get, send } from "../ui/api.js";
import { cautionLines } from "./cautions.js";
import { watch } from "../library/jobs.js";
import { announce, t } from "../ui/strings.js";
import { clock, spokenSeconds } from "../ui/durations.js";

// Events: "play" as one begins to be heard.
export class Clips extends EventTarget {
  #root;
  #episode;
  #toast;
  #clips = [];
  #ticked = new Set();
  #open = new Map(); // jobs by id

  constructor(root, episode, toast) {
    super();
    this.#root = root;
    this.#episode = episode;
    this.#toast = toast;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", () => this.#tally());
    this.load();
  }

  get #url() { return `/api/episodes/${this.#episode}/clips`; }

  file(clip, name) { return `/episodes/${this.#episode}/clips/${clip.id}/${encodeURIComponent(name)}`; }

  // Lists what is there, and goes on showing what an earlier visit began.
  async load() {
    try {
      const { clips, jobs } = await get(this.#url);
      this.#clips = clips;
      for (const job of jobs) if (!this.#open.has(job.id)) this.#follow(job);
      this.#render();
      this.#showJobs();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  // Has clips made; each is ticked when it is there. `hear` is told of every change of a job. Returns a promise of what
  // became of each: {job, clip}.
  async make(exports, hear = () => {}) {
    const { jobs } = await send("POST", this.#url, { exports });
    return Promise.all(jobs.map((job) => this.#follow(job, hear)));
  }

  #follow(job, hear = () => {}) {
    return new Promise((ended) => {
      const told = async (news) => {
        hear(news);
        this.#open.set(job.id, { ...job, ...news });
        if (["waiting", "running"].includes(news.state)) return this.#showJobs();
        if (news.state !== "failed") this.#open.delete(job.id);
        this.#showJobs();
        await this.load();
        const clip = this.#clips.find((each) => news.outputs.includes(`clips/${each.name}`));
        if (clip) this.#tick(clip);
        if (!this.#running()) announce(t("clips.ready"));
        ended({ job: news, clip });
      };
      this.#open.set(job.id, { ...job, state: "waiting", done: 0, total: null });
      this.#showJobs();
      watch(job.id, told);
    });
  }

  #running() { return [...this.#open.values()].some((job) => job.state !== "failed"); }

  #tick(clip) {
    this.#ticked.add(clip.id);
    const box = this.#root.querySelector(`[data-id="${clip.id}"] input`);
    if (box) box.checked = true;
    this.#tally();
  }

  #showJobs() {
    const list = this.#root.querySelector(".making");
    this.#root.querySelector("[data-empty]").hidden = this.#clips.length + this.#open.size > 0;
    for (const row of [...list.children]) if (!this.#open.has(row.dataset.job)) row.remove();
    for (const job of this.#open.values()) {
      const row = list.querySelector(`[data-job="${job.id}"]`) ?? list.appendChild(this.#jobRow(job));
      const bar = row.querySelector("progress");
      if (job.total) bar.value = Math.min(1, job.done / job.total);
      else bar.removeAttribute("value");
      bar.hidden = row.querySelector('[data-do="cancel"]').hidden = job.state === "failed";
      row.querySelector('[data-do="dismiss"]').hidden = job.state !== "failed";
      const state = row.querySelector("[data-part=state]");
      state.textContent = stateOf(job);
      state.classList.toggle("problem", job.state === "failed");
    }
  }

  #jobRow(job) {
    const row = this.#root.querySelector("#job-row").content.firstElementChild.cloneNode(true);
    row.dataset.job = job.id;
    const name = job.output.replace("clips/", "");
    row.querySelector("[data-part=name]").textContent = name;
    row.querySelector("progress").setAttribute("aria-label", name);
    return row;
  }

  #render() {
    const known = new Map(this.#clips.map((clip) => [clip.id, clip]));
    const rows = this.#root.querySelector(".rows");
    const there = new Map([...rows.children].map((row) => [row.dataset.id, row]));
    for (const [id, row] of there) if (!known.has(id)) row.remove();
    // Rows that are there stay, for one of them may be playing.
    this.#clips.forEach((clip, k) => {
      const row = there.get(clip.id) ?? this.#row(clip);
      if (rows.children[k] !== row) rows.insertBefore(row, rows.children[k] ?? null);
    });
    this.#tally();
  }

  #row(clip) {
    const row = this.#root.querySelector("#clip-row").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-part="${name}"]`);
    row.dataset.id = clip.id;
    part("text").textContent = clip.text || clip.name;
    part("text").id = `clip-${clip.id}`;
    part("facts").textContent = factsOf(clip);
    if (clip.start === null) part("at").remove();
    else Object.assign(part("at"), { textContent: t("clips.at", { time: clock(clip.start) }), href: `#t=${clip.start}` });
    part("download").href = `${this.file(clip, clip.name)}?download`;
    part("cautions").hidden = clip.cautions.length === 0;
    if (clip.cautions.length) {
      part("cautions").querySelector("summary").textContent = t("clips.look", { n: clip.cautions.length });
      part("cautions").querySelector("ul").replaceChildren(...cautionLines(clip.cautions));
    }
    row.querySelector("input").setAttribute("aria-labelledby", part("text").id);
    for (const button of row.querySelectorAll("[data-do], [data-part=download]")) {
      button.setAttribute("aria-describedby", part("text").id);
    }
    return row;
  }

  #clicked(event) {
    const action = event.target.closest("[data-do]")?.dataset.do;
    const row = event.target.closest("[data-id], [data-job]");
    const clip = this.#clips.find((each) => each.id === row?.dataset.id);
    if (action === "play") this.#play(clip, row);
    if (action === "delete") this.#delete(clip, row);
    if (action === "cancel") send("POST", `/api/jobs/${row.dataset.job}/cancel`).catch((error) => this.#toast.failed(error));
    if (action === "dismiss") { this.#open.delete(row.dataset.job); this.#showJobs(); }
  }

  // The player of a clip is there while it is wanted.
  #play(clip, row) {
    const button = row.querySelector('[data-do="play"]');
    const old = row.querySelector("audio, video");
    button.setAttribute("aria-expanded", String(!old));
    if (old) return void old.remove();
    const player = document.createElement(clip.video ? "video" : "audio");
    Object.assign(player, { controls: true, src: this.file(clip, clip.name), playsInline: true });
    player.setAttribute("aria-label", clip.text || clip.name);
    row.append(player);
    this.dispatchEvent(new Event("play"));
    player.play().catch(() => {}); // where the browser wants another press, its own button is there
  }

  async #delete(clip, row) {
    try {
      const { token } = await send("DELETE", `${this.#url}/${clip.id}`);
      const next = row.nextElementSibling ?? row.previousElementSibling;
      await this.load();
      (next?.querySelector("button") ?? this.#root.querySelector("h2")).focus();
      this.#toast.show(t("clips.deleted"), { undo: () => this.#restore(token) });
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  async #restore(token) {
    try {
      await send("POST", `${this.#url}/restore/${token}`);
      await this.load();
    } catch (error) {
      this.#toast.failed(error);
    }
  }

  #tally() {
    const ids = [...this.#root.querySelectorAll(".rows input:checked")].map((box) => box.closest("[data-id]").dataset.id);
    this.#ticked = new Set(ids);
    const zip = this.#root.querySelector("[data-zip]");
    zip.hidden = ids.length === 0;
    zip.href = `/episodes/${this.#episode}/clips.zip?${ids.map((id) => `clip=${id}`).join("&")}`;
    zip.querySelector("span").textContent = ids.length === 1 ? t("clips.zip.one") : t("clips.zip", { n: ids.length });
  }
}

function stateOf(job) {
  if (job.state === "failed") return job.message;
  if (job.state === "waiting") return t("clips.waiting");
  if (job.seconds_left) return t("clips.left", { time: clock(Math.max(1, job.seconds_left)) });
  return t(`clips.stage.${["cutting", "encoding", "listening", "audiogram"].includes(job.stage) ? job.stage : "cutting"}`);
}

function factsOf(clip) {
  const kind = clip.shape ? t(`shape.${clip.shape}`) : clip.name.split(".").at(-1).toUpperCase();
  if (clip.duration === null) return kind;
  const length = clip.duration < 60 ? t("clip.length", { n: spokenSeconds(clip.duration) }) : clock(clip.duration);
  return `${kind} · ${length}`;
}
