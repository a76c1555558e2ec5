// @ts-check
// Reading along: the player, the transcript, and what joins them, on the server's page and on one that stands alone.

import { clock, spokenSeconds } from "../ui/durations.js";
import { all, around, byId, one } from "../ui/elements.js";
import { useKeys } from "../ui/keys.js";
import { useSheets } from "../ui/sheets.js";
import { t } from "../ui/strings.js";
import { Captions } from "./captions.js";
import { Finding } from "./finding.js";
import { Following } from "./following.js";
import { Player } from "./player.js";
import { Transcript } from "./transcript.js";
import { Wave } from "./wave.js";

/**
 * @typedef {Object} Reading
 * @property {EpisodeData & {id: string}} data
 * @property {Player} player
 * @property {Transcript} transcript
 * @property {Wave} wave
 * @property {Captions} captions
 */

/**
 * Brings the page's player, transcript, waveform and captions to life.
 * @returns {Reading}
 */
export function openReading() {
  /** @type {EpisodeData & {id: string}} */
  const data = JSON.parse(byId("episode-data").textContent ?? "");
  const player = new Player(byId("sound", HTMLAudioElement));
  const transcript = new Transcript(byId("transcript"), data);
  const wave = new Wave(byId("wave"), player, data);
  const captions = new Captions(byId("captions"), byId("captions-button"), transcript);
  const following = new Following(transcript, player, byId("follow"), byId("captions"));
  const chapters = useChapters();

  player.addEventListener("time", () => {
    byId("now").textContent = clock(player.time);
    if (transcript.follow(player.time) >= 0 && player.playing) following.show();
    wave.show();
    captions.show(player.time);
    chapters.mark(player.time);
  });
  /** @param {number} seconds */
  const playFrom = (seconds) => {
    player.seek(seconds);
    following.back();
    player.play();
  };
  transcript.addEventListener("from", (event) => {
    const start = event instanceof CustomEvent ? transcript.startOf(event.detail) : null;
    if (start !== null) playFrom(start);
  });
  usePlaces(player, playFrom);
  explainWords(transcript, data.language);
  useControls(player, captions, new Finding(transcript, byId("find", HTMLFormElement)));
  return { data, player, transcript, wave, captions };
}

// The chapter that plays is marked in the list.
function useChapters() {
  const links = all(document, ".chapters a[data-at]");
  /** @type {HTMLElement | undefined} */
  let marked;
  return {
    /** @param {number} seconds */
    mark(seconds) {
      const now = links.findLast((link) => Number(link.dataset.at) <= seconds + 0.05);
      if (now === marked) return;
      marked?.removeAttribute("aria-current");
      now?.setAttribute("aria-current", "true");
      marked = now;
    },
  };
}

/**
 * What plays from a time on: turns' times, chapters, passages that the transcript lacks.
 * @param {Player} player
 * @param {(seconds: number) => void} playFrom
 */
function usePlaces(player, playFrom) {
  document.addEventListener("click", (event) => {
    const missing = around(event, ".missing");
    if (missing) return void player.playSpan(Number(missing.dataset.from), Number(missing.dataset.to));
    const link = around(event, "a[data-at]");
    if (link?.classList.contains("at")) event.preventDefault();
    if (link) playFrom(Number(link.dataset.at));
  });
}

/**
 * Says how long the passages are that the transcript lacks, and why words are not lit.
 * @param {Transcript} transcript
 * @param {string} language
 */
function explainWords(transcript, language) {
  for (const button of all(document, ".missing")) {
    const seconds = Number(button.dataset.to) - Number(button.dataset.from);
    const length = seconds < 60 ? t("missing.seconds", { n: spokenSeconds(seconds) }) : clock(seconds);
    button.append(t("missing", { length }));
    if (!button.dataset.heard) continue;
    const heard = button.appendChild(document.createElement("em"));
    heard.textContent = button.dataset.heard;
    heard.lang = language;
  }
  for (const passage of all(document, ".absent")) passage.dataset.why = t("why.absent");
  for (const name of ["pointerover", "focusin"]) {
    transcript.root.addEventListener(name, (event) => {
      const word = around(event, ".un, .in");
      if (!word || word.title || word.closest("h2, .note")) return;
      word.title = t(word.classList.contains("un") ? "why.un" : "why.in");
    });
  }
}

/**
 * Buttons, keys and menus of the player, and what it says of itself.
 * @param {Player} player
 * @param {Captions} captions
 * @param {Finding} finding
 */
function useControls(player, captions, finding) {
  player.addEventListener("state", () => {
    byId("player").classList.toggle("playing", player.playing);
    one(document, '[data-play="toggle"]').setAttribute("aria-label", t(player.playing ? "player.pause" : "player.play"));
  });
  const broken = () => {
    byId("sound-problem").hidden = false;
    byId("sound-problem").textContent = t("player.broken");
  };
  byId("sound").addEventListener("error", broken);
  player.addEventListener("broken", broken);

  /** @param {number} seconds */
  const jump = (seconds) => () => player.seek(player.time + seconds);
  const toggle = () => player.toggle();
  /** @type {Record<string, () => void>} */
  const actions = { toggle, back: jump(-15), forward: jump(15) };
  for (const button of all(document, "[data-play]")) button.addEventListener("click", actions[button.dataset.play ?? ""]);
  useSpeed(player);
  const help = byId("help", HTMLDialogElement);
  byId("help-button").addEventListener("click", () => help.showModal());
  const openSheet = useSheets(all(document, ".sheet-button"));
  useKeys({
    " ": toggle,
    k: toggle,
    j: jump(-10),
    l: jump(10),
    ArrowLeft: jump(-5),
    ArrowRight: jump(5),
    c: () => captions.toggle(),
    "/": () => { openSheet("side"); finding.focus(); },
    "?": () => help.showModal(),
  }, byId("keys-on", HTMLInputElement));
}

/**
 * The speed that the reader chose, here or on another page.
 * @param {Player} player
 */
function useSpeed(player) {
  const choice = byId("speed", HTMLSelectElement);
  choice.addEventListener("change", () => {
    player.speed = Number(choice.value);
    localStorage.setItem("speed", choice.value);
  });
  const speed = localStorage.getItem("speed");
  if (!speed || ![...choice.options].some((option) => option.value === speed)) return;
  choice.value = speed;
  player.speed = Number(speed);
}
