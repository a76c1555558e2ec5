// @ts-check
// Reading along: the player, the transcript, and what joins them, on the server's page and on one that stands alone.

import { clock, spokenSeconds } from "../ui/durations.js";
import { all, around, byId, detailOf } from "../ui/elements.js";
import { useKeys } from "../ui/keys.js";
import { useSheets } from "../ui/sheets.js";
import { t } from "../ui/strings.js";
import { Toast } from "../ui/toast.js";
import { openCaptions } from "./captions.js";
import { useFinding } from "./finding.js";
import { usePlace } from "./place.js";
import { Player, rememberPlace, useControls } from "./player.js";
import { usePointing } from "./pointing.js";
import { Transcript } from "./transcript.js";
import { openWave } from "./wave.js";

const SECOND_CLICK_MS = 180; // most second clicks have come by then
const CLICKS_MS = 500; // what systems count as one click and another

/** @typedef {ReturnType<typeof openReading>} Reading */

/** @returns {EpisodeData & {id: string}} */
const written = () => JSON.parse(byId("episode-data").textContent ?? "");

/**
 * Brings the page's player, transcript, waveform and captions to life.
 * @param {EpisodeData & {id: string}} data of the episode, as it is written into the page where it is not given
 */
export function openReading(data = written()) {
  const player = new Player();
  const transcript = new Transcript(data, player);
  const wave = openWave(player, data);
  const captions = openCaptions(transcript);
  const find = useFinding(transcript), toast = new Toast(byId("toast"));

  player.addEventListener("time", () => {
    byId("now").textContent = clock(player.time);
    if (transcript.follow(player.time) >= 0 && player.playing) transcript.following.show();
    wave.show();
    captions.show(player.time);
  });
  /** @param {number} seconds */
  const playFrom = (seconds) => {
    player.seek(seconds);
    transcript.following.back();
    player.play();
  };
  transcript.addEventListener("from", (event) => {
    const start = transcript.startOf(detailOf(event));
    if (start !== null) playFrom(start);
  });
  transcript.addEventListener("patched", () => {
    explainGaps(data.language);
    transcript.follow(player.time);
  });
  explainGaps(data.language);
  usePointing(transcript);
  useClicks(transcript, player);
  useTimes(player, playFrom);
  useControls(player, data);
  const openSheet = useSheets(all(document, ".sheet-button"));
  const help = byId("help", HTMLDialogElement);
  byId("help-button").addEventListener("click", () => help.showModal());
  /** @param {number} seconds */
  const jump = (seconds) => () => player.seek(player.time + seconds);
  useKeys({
    " ": () => player.toggle(), k: () => player.toggle(),
    j: jump(-10), l: jump(10), ArrowLeft: jump(-5), ArrowRight: jump(5),
    c: () => captions.toggle(),
    "/": () => { openSheet("side", "#find-text"); find(); },
    "?": () => help.showModal(),
  }, byId("keys-on", HTMLInputElement));
  rememberPlace(player, data);
  usePlace(player, transcript);
  return { data, player, transcript, wave, captions, toast, openSheet };
}

/**
 * What plays from a time on: turns' times, chapters, passages that the transcript lacks.
 * @param {Player} player
 * @param {(seconds: number) => void} playFrom
 */
function useTimes(player, playFrom) {
  document.addEventListener("click", (event) => {
    const missing = around(event, ".missing");
    if (missing) return void player.playSpan(Number(missing.dataset.from), Number(missing.dataset.to));
    const link = around(event, "a[data-at]", HTMLAnchorElement);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the browser's own jump would not be to where the audio is
    if (!link.classList.contains("at")) history.pushState(true, "", link.hash);
    playFrom(Number(link.dataset.at));
  });
}

/**
 * A click on a word plays from it; in a review it is chosen, and the audio stands there. Who clicks again at once wants
 * to select: the word is lit at once but heard when a second click has had its time, and one that comes later still
 * takes it back.
 * @param {Transcript} transcript
 * @param {Player} player
 */
function useClicks(transcript, player) {
  const { following } = transcript;
  let before = /** @type {{time: number, playing: boolean, leftWhile: typeof following.leftWhile} | null} */ (null), timer = 0;
  transcript.addEventListener("clicked", (event) => {
    const start = transcript.startOf(detailOf(event));
    if (start === null) return;
    clearTimeout(timer);
    before = { time: player.time, playing: player.playing, leftWhile: following.leftWhile };
    following.leftWhile = "";
    following.rest(CLICKS_MS);
    player.seek(start);
    if (document.body.classList.contains("reviewing")) player.pause();
    else timer = setTimeout(() => player.play(), SECOND_CLICK_MS);
  });
  transcript.root.addEventListener("mousedown", ({ detail }) => {
    if (detail > 1) clearTimeout(timer);
    if (detail > 1 && before) {
      player.restore(before);
      following.leftWhile = before.leftWhile;
    }
    before = null;
  });
}

/**
 * Gives their words to passages that are new on the page: how long they are, and what was recognised there, of which
 * the style sheet shows the first lines until the passage has the focus.
 * @param {string} language
 */
function explainGaps(language) {
  for (const button of all(document, ".missing:empty")) {
    const { from, to, annotation, heard } = button.dataset, seconds = Number(to) - Number(from);
    const length = seconds < 60 ? t("missing.seconds", { n: spokenSeconds(seconds) }) : clock(seconds);
    button.lang = document.documentElement.lang;
    button.append(t(annotation ? `missing.${annotation}` : "missing", { length }));
    if (heard) button.append(Object.assign(document.createElement("em"), { textContent: heard, lang: language, dir: "auto" }));
  }
  for (const passage of all(document, ".absent")) passage.dataset.why = t("why.absent");
}
