// @ts-check
// The published page of an episode, for any host or a disk. It loads no files but its own.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId, detailOf } from "../ui/elements.js";
import { ReaderError, t } from "../ui/strings.js";
import { useLinks } from "../page/opening.js";
import { openReading } from "../page/reading.js";
import { align } from "../sync/quotecast-sync.js";
import { useMissingAudio } from "./missing-audio.js";
import { useSharing } from "./sharing.js";

/**
 * The data of the app's page, and of published pages alone.
 * @typedef {EpisodeData & {id: string, peaks: number[] | null, captions: string, sync: string | null, sharing: import("./sharing.js").Citing}} Packed
 */

/**
 * Load the captions as a script, the only file that a page opened from a disk may load.
 * @param {string} address
 * @returns {Promise<Cue[]>}
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

/** @type {Packed} */
const { peaks, captions: address, sync, sharing, ...episode } = JSON.parse(byId("episode-data").textContent ?? "");
const back = document.querySelector("a.back");
if (back instanceof HTMLAnchorElement && document.referrer.startsWith(new URL(".", back.href).href)) back.href = document.referrer; // with its search query
document.querySelectorAll("#transcript .w").forEach((word, k) => word.setAttribute("data-i", String(k)));
const reading = openReading(episode), { captions, player, wave } = reading;
captions.use(() => bringCaptions(address));
if (peaks) wave.use(peaks);
player.delivered.addEventListener("problem", (event) => { reading.toast.show(t(`site.${detailOf(event)}`), { stays: detailOf(event) === "another" }); });
if (sync && /^https?:$/.test(location.protocol)) player.delivered.reset(sync, align, player.time); // before a link seeks
useLinks(reading);
useSharing(reading, sharing);
useMissingAudio(player);
byId("audio", HTMLAudioElement).controls = false; // the browser's own controls are for pages whose scripts fail

document.documentElement.classList.add("awake"); // like ui/awake.js on the server's pages
