// @ts-check
// Reading along: connects the player and the transcript, on the server's page and on the offline page.

import { clock, spokenSeconds } from "../ui/durations.js";
import { all, around, byId, detailOf } from "../ui/elements.js";
import { useKeys } from "../ui/keys.js";
import { useSheets } from "../ui/sheets.js";
import { announce, t } from "../ui/strings.js";
import { Toast } from "../ui/toast.js";
import { openCaptions } from "./captions.js";
import { useFinding } from "./finding.js";
import { usePlace } from "./place.js";
import { Player, rememberPlace, useControls } from "./player.js";
import { usePointing } from "./pointing.js";
import { Transcript } from "./transcript.js";
import { openWave } from "./wave.js";

const SECOND_CLICK_MS = 180; // most second clicks arrive within this
const CLICKS_MS = 500; // the usual interval of a double click

/** @typedef {ReturnType<typeof openReading>} Reading */

/** @returns {EpisodeData & {id: string}} */
const written = () => JSON.parse(byId("episode-data").textContent ?? "");

/**
 * Start the page's player, transcript, waveform and captions.
 * @param {EpisodeData & {id: string}} data of the episode, by default read from the page
 */
export function openReading(data = written()) {
  const player = new Player();
  const transcript = new Transcript(data, player);
  const wave = openWave(player, data);
  const captions = openCaptions(transcript);
  const find = useFinding(transcript), toast = new Toast(byId("toast"));
  let note = "", notice = {}; // what there is instead of speech, and that it is told

  player.addEventListener("time", () => {
    const { instead, spoken } = player.delivered, before = note;
    note = instead ? t(`player.${instead}`) : "";
    if (note !== before) {
      toast.hide(notice);
      if (instead === "loading") notice = toast.show(note, { stays: true });
      else announce(note);
    }
    byId("now").textContent = instead === "ad" ? note : instead ? "…" : clock(player.time);
    if (transcript.follow(spoken) >= 0 && player.playing) transcript.following.show();
    wave.show();
    captions.show(spoken, note);
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
    transcript.follow(player.delivered.spoken);
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
  const jump = (seconds) => () => player.skip(seconds);
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
 * Play from the times of turns and chapters, and play passages missing from the transcript.
 * @param {Player} player
 * @param {(seconds: number) => void} playFrom
 */
function useTimes(player, playFrom) {
  document.addEventListener("click", (event) => {
    const missing = around(event, ".missing");
    if (missing) return void player.playSpan(Number(missing.dataset.from), Number(missing.dataset.to));
    const link = around(event, "a[data-at]", HTMLAnchorElement);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the browser would jump to the heading, not to the spoken word
    if (!link.classList.contains("at")) history.pushState(true, "", link.hash);
    playFrom(Number(link.dataset.at));
  });
}

/**
 * Play from a clicked word; in a review only seek to it. A double click selects: so the word is highlighted at once, but
 * plays only after the time of a second click, and a later second click undoes the jump.
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
 * Fill new passages of missing speech with their length and recognised text; the style sheet shows its first lines until
 * the passage has the focus.
 * @param {string} language
 */
function explainGaps(language) {
  for (const button of all(document, ".missing:empty")) {
    const { from, to, annotation, recognised } = button.dataset, seconds = Number(to) - Number(from);
    const length = seconds < 60 ? t("missing.seconds", { n: spokenSeconds(seconds) }) : clock(seconds);
    button.lang = document.documentElement.lang;
    button.append(t(annotation ? `missing.${annotation}` : "missing", { length }));
    if (recognised) button.append(Object.assign(document.createElement("em"), { textContent: recognised, lang: language, dir: "auto" }));
  }
  for (const passage of all(document, ".absent")) passage.dataset.why = t("why.absent");
}
