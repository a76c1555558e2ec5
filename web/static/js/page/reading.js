// @ts-check
// Reading along: the player, the transcript, and what joins them, on the server's page and on one that stands alone.

import { clock, spokenSeconds } from "../ui/durations.js";
import { all, around, byId, detailOf, one } from "../ui/elements.js";
import { useKeys } from "../ui/keys.js";
import { always } from "../ui/memory.js";
import { useSheets } from "../ui/sheets.js";
import { t } from "../ui/strings.js";
import { Captions } from "./captions.js";
import { Finding } from "./finding.js";
import { Following, usePast } from "./following.js";
import { usePlace } from "./place.js";
import { Player, rememberPlace, useDevicePlayer } from "./player.js";
import { Transcript } from "./transcript.js";
import { Wave } from "./wave.js";

const SECOND_CLICK_MS = 180; // most second clicks have come by then
const LONG_HEARD = 320; // characters of what the transcript lacks; of more than these the first lines are shown
const CLICKS_MS = 500; // what systems count as one click and another

/**
 * @typedef {Object} Reading
 * @property {EpisodeData & {id: string}} data
 * @property {Player} player
 * @property {Transcript} transcript
 * @property {Wave} wave
 * @property {Captions} captions
 * @property {(id: string) => void} openSheet where the side columns are sheets
 */

/** @returns {EpisodeData & {id: string}} */
const written = () => JSON.parse(byId("episode-data").textContent ?? "");

/**
 * Brings the page's player, transcript, waveform and captions to life.
 * @param {EpisodeData & {id: string}} data of the episode, as it is written into the page where it is not told
 * @returns {Reading}
 */
export function openReading(data = written()) {
  const player = new Player(byId("sound", HTMLAudioElement));
  const transcript = new Transcript(byId("transcript"), data);
  const wave = new Wave(byId("wave"), player, data);
  const captions = new Captions(byId("captions"), byId("captions-button"), transcript);
  const following = new Following(transcript, player, byId("follow"));

  player.addEventListener("time", () => {
    byId("now").textContent = clock(player.time);
    if (transcript.follow(player.time) >= 0 && player.playing) following.show();
    wave.show();
    captions.show(player.time);
  });
  /** @param {number} seconds */
  const playFrom = (seconds) => {
    player.seek(seconds);
    following.back();
    player.play();
  };
  transcript.addEventListener("from", (event) => {
    const start = transcript.startOf(detailOf(event));
    if (start !== null) playFrom(start);
  });
  useClicks(transcript, player, following);
  usePast(player, following, transcript); // before the links are followed
  usePlaces(player, playFrom);
  explainWords(transcript, data.language);
  transcript.addEventListener("patched", () => {
    explainGaps(data.language);
    transcript.follow(player.time);
  });
  const openSheet = useControls(player, captions, new Finding(transcript, byId("find", HTMLFormElement)));
  rememberPlace(player, data);
  usePlace(player, following, transcript);
  useDevicePlayer(player, data, byId("sound").dataset.cover);
  return { data, player, transcript, wave, captions, openSheet };
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
    const link = around(event, "a[data-at]", HTMLAnchorElement);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the browser's own jump would not be to where the sound is
    if (!link.classList.contains("at")) history.pushState(null, "", link.hash);
    playFrom(Number(link.dataset.at));
  });
}

/**
 * A click on a word plays from it; in a review it is chosen, and the sound stands there. Who clicks again at once wants to select: it is lit at once but heard when a second
 * click has had its time, and one that comes later still takes it back.
 * @param {Transcript} transcript
 * @param {Player} player
 * @param {Following} following
 */
function useClicks(transcript, player, following) {
  /** @type {(() => void) | null} puts back what was before the first click */
  let takeBack = null;
  let timer = 0;
  transcript.addEventListener("clicked", (event) => {
    const start = transcript.startOf(detailOf(event));
    if (start === null) return;
    clearTimeout(timer);
    const was = { time: player.time, playing: player.playing }, followed = following.asNow;
    takeBack = () => { player.restore(was); followed(); };
    following.resume(CLICKS_MS);
    player.seek(start);
    if (document.body.classList.contains("reviewing")) return player.pause();
    timer = setTimeout(() => player.play(), SECOND_CLICK_MS);
  });
  transcript.root.addEventListener("mousedown", ({ detail }) => {
    if (detail > 1) {
      clearTimeout(timer);
      takeBack?.();
    }
    takeBack = null;
  });
}

/**
 * Shows the first lines of a passage that the transcript lacks, and a button after it that shows all.
 * @param {HTMLElement} passage
 */
function fold(passage) {
  const unfold = document.createElement("button");
  unfold.type = "button";
  unfold.className = "quiet unfold";
  unfold.lang = document.documentElement.lang;
  /** @param {boolean} folded */
  const show = (folded) => {
    passage.classList.toggle("folded", folded);
    unfold.setAttribute("aria-expanded", String(!folded));
    unfold.textContent = t(folded ? "missing.more" : "missing.less");
  };
  unfold.addEventListener("click", () => show(!passage.classList.contains("folded")));
  show(true);
  passage.after(unfold);
}

/**
 * Says how long the passages are that the transcript lacks, and why words are not lit.
 * @param {Transcript} transcript
 * @param {string} language
 */
function explainWords(transcript, language) {
  explainGaps(language);
  for (const name of ["pointerover", "focusin"]) {
    transcript.root.addEventListener(name, (event) => {
      const word = around(event, ".un, .in");
      if (!word || word.title || word.closest("h2, .note")) return;
      word.title = t(word.classList.contains("un") ? "why.un" : "why.in");
    });
  }
}

/**
 * Gives their words to passages that are new on the page.
 * @param {string} language
 */
function explainGaps(language) {
  for (const button of all(document, ".missing:empty")) {
    const seconds = Number(button.dataset.to) - Number(button.dataset.from);
    const length = seconds < 60 ? t("missing.seconds", { n: spokenSeconds(seconds) }) : clock(seconds);
    button.lang = document.documentElement.lang;
    button.append(t(button.dataset.settled ? `missing.${button.dataset.settled}` : "missing", { length }));
    if (!button.dataset.heard) continue;
    const heard = button.appendChild(document.createElement("em"));
    heard.textContent = button.dataset.heard;
    heard.lang = language;
    heard.dir = "auto";
    if (button.dataset.heard.length > LONG_HEARD) fold(button);
  }
  for (const passage of all(document, ".absent")) passage.dataset.why = t("why.absent");
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
    "/": () => { openSheet("side", "#find-text"); finding.focus(); },
    "?": () => help.showModal(),
  }, byId("keys-on", HTMLInputElement));
  return openSheet;
}

/**
 * The speed that the reader chose, here or on another page.
 * @param {Player} player
 */
function useSpeed(player) {
  const choice = byId("speed", HTMLSelectElement);
  choice.addEventListener("change", () => {
    player.speed = Number(choice.value);
    always.write("speed", choice.value);
  });
  const speed = always.read("speed");
  if (!speed || ![...choice.options].some((option) => option.value === speed)) return;
  choice.value = speed;
  player.speed = Number(speed);
}
