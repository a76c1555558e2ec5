// Reading along: the player, the transcript, and what joins them, on the server's page and on one that stands alone.

import { Captions } from "./captions.js";
import { Finding } from "./finding.js";
import { Following } from "./following.js";
import { useKeys } from "../ui/keys.js";
import { Player } from "./player.js";
import { useSheets } from "../ui/sheets.js";
import { t } from "../ui/strings.js";
import { clock, spokenSeconds } from "../ui/durations.js";
import { Transcript } from "./transcript.js";
import { Wave } from "./wave.js";

const byId = (id) => document.getElementById(id);
export const data = JSON.parse(byId("episode-data").textContent);

export const player = new Player(byId("sound"));
export const transcript = new Transcript(byId("transcript"), data);
export const openSheet = useSheets([...document.querySelectorAll(".sheet-button")]);
const following = new Following(transcript, player, byId("follow"), byId("captions"));
export const wave = new Wave(byId("wave"), player, data);
const finding = new Finding(transcript, byId("find"));
export const captions = new Captions(byId("captions"), byId("captions-button"), transcript);
const chapterLinks = [...document.querySelectorAll(".chapters a[data-at]")];
let chapter; // the link of the one that plays

player.addEventListener("time", () => {
  byId("now").textContent = clock(player.time);
  if (transcript.follow(player.time) >= 0 && player.playing) following.show();
  wave.show();
  captions.show(player.time);
  markChapter();
});
player.addEventListener("state", () => {
  byId("player").classList.toggle("playing", player.playing);
  document.querySelector('[data-play="toggle"]').setAttribute("aria-label", t(player.playing ? "player.pause" : "player.play"));
});
for (const target of [byId("sound"), player]) {
  target.addEventListener(target === player ? "broken" : "error", () => {
    byId("sound-problem").hidden = false;
    byId("sound-problem").textContent = t("player.broken");
  });
}
transcript.addEventListener("from", ({ detail: word }) => playFrom(transcript.startOf(word)));

export function playFrom(seconds) {
  if (seconds === null) return;
  player.seek(seconds);
  following.back();
  player.play();
}

function markChapter() {
  const now = chapterLinks.findLast((link) => Number(link.dataset.at) <= player.time + 0.05);
  if (now === chapter) return;
  chapter?.removeAttribute("aria-current");
  now?.setAttribute("aria-current", "true");
  chapter = now;
}

// What plays from a time on: turns' times, chapters, passages that the transcript lacks.
document.addEventListener("click", (event) => {
  const missing = event.target.closest(".missing");
  if (missing) return void player.playSpan(Number(missing.dataset.from), Number(missing.dataset.to));
  const link = event.target.closest("a[data-at]");
  if (link?.classList.contains("at")) event.preventDefault();
  if (link) playFrom(Number(link.dataset.at));
});
for (const button of document.querySelectorAll(".missing")) {
  const seconds = Number(button.dataset.to) - Number(button.dataset.from);
  const length = seconds < 60 ? t("missing.seconds", { n: spokenSeconds(seconds) }) : clock(seconds);
  button.append(t("missing", { length }));
  if (button.dataset.heard) {
    const heard = button.appendChild(document.createElement("em"));
    heard.textContent = button.dataset.heard;
    heard.lang = data.language;
  }
}
for (const passage of document.querySelectorAll(".absent")) passage.dataset.why = t("why.absent");
transcript.root.addEventListener("pointerover", ({ target }) => explain(target.closest(".un, .in")));
transcript.root.addEventListener("focusin", ({ target }) => explain(target.closest(".un, .in")));

function explain(word) {
  if (!word || word.title || word.closest("h2, .note")) return;
  word.title = t(word.classList.contains("un") ? "why.un" : "why.in");
}

const actions = {
  toggle: () => player.toggle(),
  back: () => player.seek(player.time - 15),
  forward: () => player.seek(player.time + 15),
};
for (const button of document.querySelectorAll("[data-play]")) button.addEventListener("click", actions[button.dataset.play]);
byId("speed").addEventListener("change", ({ target }) => {
  player.speed = Number(target.value);
  localStorage.setItem("speed", target.value);
});
const speed = localStorage.getItem("speed");
if ([...byId("speed").options].some((option) => option.value === speed)) {
  byId("speed").value = speed;
  player.speed = Number(speed);
}
byId("help-button").addEventListener("click", () => byId("help").showModal());

useKeys({
  " ": actions.toggle,
  k: actions.toggle,
  j: () => player.seek(player.time - 10),
  l: () => player.seek(player.time + 10),
  ArrowLeft: () => player.seek(player.time - 5),
  ArrowRight: () => player.seek(player.time + 5),
  c: () => captions.toggle(),
  "/": () => { openSheet("side"); finding.focus(); },
  "?": () => byId("help").showModal(),
}, byId("keys-on"));
