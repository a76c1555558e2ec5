// @ts-check
// The page of an episode that anyone can host, or open from a disk. It asks for no file but its own.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { ReaderError, t } from "../ui/strings.js";
import { Toast } from "../ui/toast.js";
import { useLinks } from "../page/opening.js";
import { usePointing } from "../page/pointing.js";
import { openReading } from "../page/reading.js";
import { useMissingSound } from "../page/sound-missing.js";
import { useSharing } from "./sharing.js";
import { useWholeSound } from "./whole-sound.js";

/**
 * The data of the app's page, in which `times` and `chars` are differences, each from the number before.
 * @typedef {Omit<EpisodeData, "starts" | "ends"> & {id: string, times: (number | null)[], peaks: number[] | null,
 *   captions: string, sharing: import("./sharing.js").Told}} Packed
 */

/** @param {(number | null)[]} differences */
export function summed(differences) {
  let at = 0;
  return differences.map((each) => (each === null ? null : (at += each)));
}

/**
 * The captions, by a script, for that is all that a page from a disk may load.
 * @param {string} address
 * @returns {Promise<import("../page/captions.js").Cue[]>}
 */
function bringCaptions(address) {
  const script = document.createElement("script");
  script.src = address;
  return new Promise((resolve, reject) => {
    const fail = () => reject(new ReaderError(t("site.incomplete", { file: "captions.js" })));
    script.addEventListener("load", () => {
      const { quotecastCaptions } = /** @type {any} */ (globalThis);
      if (quotecastCaptions) resolve(quotecastCaptions);
      else fail();
    });
    script.addEventListener("error", fail);
    document.head.append(script);
  });
}

/** @param {HTMLAnchorElement | null} back to the page of the show, if the episode has one: to what was sought there */
function leadBack(back) {
  const list = back && new URL(back.href), query = list && thisVisit.read(`sought ${list.pathname}`);
  if (back && query) back.href = `${list.href}?${new URLSearchParams({ q: query })}`;
}

/** @type {Packed} */
const { times, peaks, captions: address, sharing, ...told } = JSON.parse(byId("episode-data").textContent ?? "");
const all = summed(times), toast = new Toast(byId("toast"));
leadBack(document.querySelector("a.back"));
document.querySelectorAll("#transcript .w").forEach((word, k) => word.setAttribute("data-i", String(k)));
const { captions, data, player, transcript, wave } = openReading({
  ...told, starts: all.filter((_, k) => k % 2 === 0), ends: all.filter((_, k) => k % 2), chars: summed(told.chars).map(Number),
});
captions.use(() => bringCaptions(address));
if (peaks) wave.use(peaks);
usePointing(transcript);
useWholeSound(player, toast); // before a link leads into the sound
useLinks({ data, transcript, player, toast });
useSharing({ data, transcript, player, toast, told: sharing });
useMissingSound([]);
byId("sound", HTMLAudioElement).controls = false; // which are there until then, for it is heard at least

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
