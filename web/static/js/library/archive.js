// @ts-check
// The page of an archive: how far the run is stays up to date while somebody looks, and so does the list, in which
// nothing moves under the reader's focus or selection. Without scripts it is as it was when it was asked for.
// Sounds in doubt are played by the browser's own player.

import { useCovering } from "../ui/covering.js";
import { byId } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";

const [RUNNING, RESTING] = [3_000, 15_000]; // milliseconds between looks, while a run is at work and while none is
const LIST = 10_000; // milliseconds between two lists, and no less than so many times what the last one took
const LIST_SHARE = 10;

let listedAt = performance.now();
let listTook = 0;
let isBehind = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

/**
 * What the server has at an address now of the part of the page with that id; null where it does not answer so.
 * @param {string} address
 * @param {string} id
 */
async function partOf(address, id) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  } catch {
    return null;
  }
}

/** @param {HTMLElement} part */
const isInUse = (part) =>
  part.contains(document.activeElement) || (!document.getSelection()?.isCollapsed && !!document.getSelection()?.containsNode(part, true));

async function look() {
  const shown = byId("progress");
  const fresh = await partOf("/archive/progress", "progress");
  if (fresh) {
    const [was, is] = [shown.dataset.run, fresh.dataset.run];
    isBehind ||= was !== is || shown.dataset.over !== fresh.dataset.over;
    shown.replaceWith(document.adoptNode(fresh));
    if (was === "running" && is === "over") announce(t("archive.over"));
  }
  if (isBehind && performance.now() - listedAt > Math.max(LIST, LIST_SHARE * listTook)) await showList();
  plan();
}

async function showList() {
  if (isInUse(byId("standing"))) return;
  const began = performance.now();
  const fresh = await partOf(location.href, "standing");
  listedAt = performance.now();
  listTook = listedAt - began;
  const shown = byId("standing");
  if (!fresh || isInUse(shown)) return;
  shown.replaceWith(document.adoptNode(fresh));
  isBehind = false;
}

function plan() {
  clearTimeout(next);
  if (!document.hidden) next = setTimeout(look, byId("progress").dataset.run === "running" ? RUNNING : RESTING);
}

/** @param {Event} event */
const playerOf = (event) => (event.target instanceof HTMLAudioElement ? event.target : null);

/** Of the sounds in doubt one is heard at a time. These events do not bubble. */
document.addEventListener("play", (event) => {
  for (const each of document.querySelectorAll("audio")) if (each !== playerOf(event)) each.pause();
}, true);
document.addEventListener("error", (event) => {
  const told = playerOf(event)?.nextElementSibling;
  if (told instanceof HTMLElement) told.hidden = false;
}, true);
document.addEventListener("visibilitychange", () => {
  clearTimeout(next);
  if (!document.hidden) look();
});
addEventListener("pagehide", () => clearTimeout(next));
addEventListener("pageshow", (event) => { if (event.persisted) look(); });
useCovering();
plan();
