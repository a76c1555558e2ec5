// @ts-check
// The sound: an <audio> element with the few things that pages ask of it; what the reader's device keeps of an episode and
// shows of it: where it was left, and its sound on a locked screen. Times are seconds.
//
// Events: "time" once a frame while it plays and after every jump, "state" when it starts or stops, "sought" (detail:
// that time) when the reader goes to another one.

import { always } from "../ui/memory.js";

const BACK = 15, FORWARD = 15; // seconds, as the player's buttons
const WORTH = 5; // seconds from the beginning, or before the end, that are not worth coming back to
const OFTEN = 5; // seconds of sound from one note to the next

export class Player extends EventTarget {
  #sound;
  /** @type {number | null} */
  #until = null;

  /** @param {HTMLMediaElement} sound */
  constructor(sound) {
    super();
    this.#sound = sound;
    sound.preservesPitch = true;
    for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, () => this.#tell("state"));
    for (const name of ["seeked", "timeupdate", "loadedmetadata"]) sound.addEventListener(name, () => this.#tell("time"));
    sound.addEventListener("play", () => this.#tick());
  }

  get time() { return this.#sound.currentTime; }
  get duration() { return this.#sound.duration || 0; }
  get playing() { return !this.#sound.paused; }
  // Whether it plays with no end in sight, not just a stretch.
  get playsOn() { return this.playing && this.#until === null; }
  get speed() { return this.#sound.playbackRate; }
  set speed(rate) { this.#sound.playbackRate = this.#sound.defaultPlaybackRate = rate; }

  // A browser may refuse to play before the reader has done anything; then the page stays as it is.
  async play() {
    try {
      await this.#sound.play();
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : "";
      if (name !== "NotAllowedError" && name !== "AbortError") this.#tell("broken");
    }
  }

  pause() { this.#sound.pause(); }

  toggle() { return this.playing ? this.pause() : this.play(); }

  /** @param {number} seconds */
  seek(seconds) {
    this.#put(seconds);
    this.dispatchEvent(new CustomEvent("sought", { detail: seconds }));
  }

  /**
   * As it was before the reader went to another time.
   * @param {{time: number, playing: boolean}} was
   */
  restore({ time, playing }) {
    if (playing) this.play();
    else this.pause();
    this.#put(time);
  }

  /** @param {number} seconds */
  #put(seconds) {
    this.#until = null;
    this.#sound.currentTime = Math.max(0, this.duration ? Math.min(seconds, this.duration) : seconds);
    this.#tell("time");
  }

  /**
   * Plays from `start` and stops at `end`.
   * @param {number} start
   * @param {number} end
   */
  playSpan(start, end) {
    this.seek(start);
    this.#until = end;
    return this.play();
  }

  /**
   * The same, or pauses while that plays.
   * @param {number} start
   * @param {number} end
   */
  toggleSpan(start, end) {
    return this.playing && this.time >= start && this.time < end ? this.pause() : this.playSpan(start, end);
  }

  #tick() {
    if (this.#until !== null && this.time >= this.#until) {
      this.#until = null;
      this.pause();
    }
    this.#tell("time");
    if (this.playing) requestAnimationFrame(() => this.#tick());
  }

  /** @param {string} name */
  #tell(name) { this.dispatchEvent(new Event(name)); }
}

/**
 * Goes on where the episode was left; whoever comes by a link is led by that.
 * @param {import("./player.js").Player} player
 * @param {EpisodeData & {id: string}} data
 */
export function rememberPlace(player, { id, duration }) {
  const name = `place:${id}`;
  const left = Number(always.read(name)) || 0;
  let noted = left;
  const note = () => {
    noted = player.time;
    if (noted < WORTH || noted > duration - WORTH) always.forget(name);
    else always.write(name, noted.toFixed(2));
  };
  if (left > 0 && left < duration && location.hash.length < 2) player.seek(left);
  player.addEventListener("time", () => { if (player.playing && Math.abs(player.time - noted) > OFTEN) note(); });
  player.addEventListener("state", () => { if (!player.playing) note(); });
  player.addEventListener("sought", note);
}

/**
 * Title, cover and controls for the device's own player, and its keys.
 * @param {import("./player.js").Player} player
 * @param {EpisodeData} data
 * @param {string | undefined} cover its address
 */
export function useDevicePlayer(player, data, cover) {
  const session = navigator.mediaSession;
  if (!session) return;
  const picture = cover ? new URL(cover, document.baseURI) : null;
  const artwork = picture && picture.protocol !== "file:" ? [{ src: picture.href }] : []; // from a disk browsers take none
  session.metadata = new MediaMetadata({ title: data.title ?? document.title, artist: data.show ?? "", artwork });
  /** @param {MediaSessionActionDetails} details */
  const seekTo = ({ seekTime }) => { if (seekTime !== undefined) player.seek(seekTime); };
  /** @type {[MediaSessionAction, MediaSessionActionHandler][]} */
  const actions = [
    ["play", () => player.play()],
    ["pause", () => player.pause()],
    ["seekbackward", ({ seekOffset }) => player.seek(player.time - (seekOffset ?? BACK))],
    ["seekforward", ({ seekOffset }) => player.seek(player.time + (seekOffset ?? FORWARD))],
    ["seekto", seekTo],
  ];
  for (const [action, handler] of actions) session.setActionHandler(action, handler);
  const tell = () => {
    session.playbackState = player.playing ? "playing" : "paused";
    if (player.duration) {
      session.setPositionState({ duration: player.duration, position: Math.min(player.time, player.duration), playbackRate: player.speed });
    }
  };
  player.addEventListener("state", tell);
  player.addEventListener("sought", tell);
}
