// @ts-check
// The player: an <audio> element, its buttons, the remembered position and speed, and the device's media controls. Times
// are seconds of the episode's own audio, also where a host has inserted ads.
//
// Events: "time" each frame during playback and after each jump, "state" when it starts or stops, "sought" (detail: the
// time) when the reader jumps.

import { Delivered } from "../sync/delivered.js";
import { all, byId, one } from "../ui/elements.js";
import { always } from "../ui/memory.js";
import { t } from "../ui/strings.js";

const BACK = 15, FORWARD = 15; // seconds, as on the player's buttons
const WORTH = 5; // seconds: a position nearer to the beginning or end is not remembered
const OFTEN_MS = 5000; // interval at which the position is stored during playback

export class Player extends EventTarget {
  #audio = byId("audio", HTMLAudioElement);
  delivered = new Delivered(this.#audio);
  /** @type {{start: number, end: number} | null} the passage that plays alone */
  #span = null;
  #frame = 0; // the next frame that fires "time"
  loops = false; // whether the passage repeats

  constructor() {
    super();
    const audio = this.#audio;
    for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, () => this.dispatchEvent(new Event("state")));
    for (const name of ["seeked", "timeupdate", "loadedmetadata"]) audio.addEventListener(name, () => this.#fireTime());
    audio.addEventListener("play", () => this.#tick());
    audio.addEventListener("error", () => this.#showBroken());
    if (audio.error) this.#showBroken(); // the error came before this script ran
  }

  #showBroken() {
    byId("audio-problem").hidden = false;
    byId("audio-problem").textContent = t("player.broken");
  }

  get time() { return this.delivered.time; }
  get playing() { return this.delivered.playing; }
  // Whether it plays without an end set, not just a passage.
  get playsOn() { return this.playing && this.#span === null; }
  get speed() { return this.#audio.playbackRate; }
  set speed(rate) { this.#audio.playbackRate = this.#audio.defaultPlaybackRate = rate; }

  // The browser may refuse to play before any gesture, and a pause rejects a pending play(); an "error" is shown elsewhere.
  play() {
    return this.#audio.play().catch(({ name }) => { if (name === "NotSupportedError" && !this.#audio.error) this.#showBroken(); });
  }

  pause() { this.delivered.pause(); }

  toggle() { return this.playing ? this.pause() : this.play(); }

  /** @param {number} seconds */
  seek(seconds) {
    this.#moveTo(seconds);
    this.dispatchEvent(new CustomEvent("sought", { detail: seconds }));
  }

  /** Skip seconds of the episode, or of an ad. @param {number} seconds */
  skip(seconds) {
    if (this.delivered.instead === "ad") this.#audio.currentTime += seconds;
    else this.seek(this.time + seconds);
  }

  /** Restore the state before a jump. @param {{time: number, playing: boolean}} was */
  restore({ time, playing }) {
    if (playing) this.play();
    else this.pause();
    this.#moveTo(time);
  }

  /** Play from `start` to `end`. @param {number} start @param {number} end */
  playSpan(start, end) {
    this.seek(start);
    this.#span = { start, end };
    return this.play();
  }

  /** Play from `start` to `end`, or pause if that passage plays. @param {number} start @param {number} end */
  toggleSpan(start, end) {
    return this.playing && this.time >= start && this.time < end ? this.pause() : this.playSpan(start, end);
  }

  /** Continue at the same position in another file of the same audio. @param {string} address */
  exchange(address) {
    const { time, playing, speed } = this, span = this.#span;
    byId("audio-problem").hidden = true;
    this.#audio.src = address;
    this.delivered.reset();
    this.speed = speed;
    this.restore({ time, playing });
    this.#span = span;
  }

  /** @param {number} seconds */
  #moveTo(seconds) {
    this.#span = null;
    this.delivered.seek(seconds);
    this.#fireTime();
  }

  #tick() {
    cancelAnimationFrame(this.#frame);
    if (this.#span && (this.time >= this.#span.end || this.#audio.ended)) {
      if (this.loops) this.playSpan(this.#span.start, this.#span.end);
      else {
        this.#span = null;
        this.pause();
      }
    }
    this.#fireTime();
    if (!this.#audio.paused) this.#frame = requestAnimationFrame(() => this.#tick());
  }

  #fireTime() { this.dispatchEvent(new Event("time")); }
}

/**
 * Connect the player's buttons, its stored speed, and the device's controls on a locked screen.
 * @param {Player} player
 * @param {EpisodeData} data
 */
export function useControls(player, data) {
  const toggle = one(document, '[data-play="toggle"]');
  player.addEventListener("state", () => {
    byId("player").classList.toggle("playing", player.playing);
    toggle.setAttribute("aria-label", t(player.playing ? "player.pause" : "player.play"));
  });
  /** @type {Record<string, () => unknown>} */
  const actions = {
    toggle: () => player.toggle(),
    back: () => player.skip(-BACK),
    forward: () => player.skip(FORWARD),
  };
  for (const button of all(document, "[data-play]")) button.addEventListener("click", actions[button.dataset.play ?? ""]);

  const choice = byId("speed", HTMLSelectElement), speed = always.read("speed");
  choice.addEventListener("change", () => {
    player.speed = Number(choice.value);
    always.write("speed", choice.value);
  });
  if (speed && [...choice.options].some((option) => option.value === speed)) {
    choice.value = speed;
    player.speed = Number(speed);
  }
  useDevicePlayer(player, data);
}

/** @param {Player} player @param {EpisodeData} data */
function useDevicePlayer(player, data) {
  const session = navigator.mediaSession;
  if (!session) return;
  const { cover } = byId("audio").dataset, picture = cover ? new URL(cover, document.baseURI) : null;
  const artwork = picture && picture.protocol !== "file:" ? [{ src: picture.href }] : []; // from a disk browsers take none
  session.metadata = new MediaMetadata({ title: data.title ?? document.title, artist: data.show ?? "", artwork });
  session.setActionHandler("seekbackward", ({ seekOffset }) => player.skip(-(seekOffset ?? BACK)));
  session.setActionHandler("seekforward", ({ seekOffset }) => player.skip(seekOffset ?? FORWARD));
  session.setActionHandler("seekto", ({ seekTime }) => { if (seekTime !== undefined) player.seek(player.delivered.timeAt(seekTime)); });
}

/**
 * Resume where the reader left the episode, unless a link sets the position.
 * @param {Player} player
 * @param {EpisodeData & {id: string}} data
 */
export function rememberPlace(player, { id, duration }) {
  const name = `place:${id}`, left = Number(always.read(name)) || 0;
  const note = () => {
    if (Number.isNaN(player.delivered.spoken)) return;
    if (player.time < WORTH || player.time > duration - WORTH) always.forget(name);
    else always.write(name, player.time.toFixed(2));
  };
  if (left > 0 && left < duration && location.hash.length < 2) player.seek(left);
  for (const name of ["state", "sought"]) player.addEventListener(name, note);
  setInterval(() => { if (player.playing) note(); }, OFTEN_MS);
}
