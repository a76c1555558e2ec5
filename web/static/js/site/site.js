// @ts-check
// The page of an episode that anyone can host. It asks for no file but its own, and in a way that a browser allows to a
// page from the disk: by scripts, which leave what they bring where `brought` finds it.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId } from "../ui/elements.js";
import { ReaderError, t } from "../ui/strings.js";
import { Toast } from "../ui/toast.js";
import { useLinks } from "../page/opening.js";
import { usePointing } from "../page/pointing.js";
import { openReading } from "../page/reading.js";
import { useMissingSound } from "../page/sound-missing.js";
import { bring, brought } from "./bringing.js";
import { useSharing } from "./sharing.js";
import { leadBack } from "./sought.js";
import { numbersOf, unpack } from "./unpacking.js";
import { useWholeSound } from "./whole-sound.js";

const toast = new Toast(byId("toast"));
leadBack(/** @type {HTMLAnchorElement | null} */ (document.querySelector("a.back")));

/**
 * The same, if it was made with this page: of another run's files words would be cut wrongly, and said at other times.
 * @template {{made: string}} Brought
 * @param {Brought} found
 * @param {string} file
 */
function ofThisPage(found, file) {
  if (found.made !== byId("transcript").dataset.made) throw new ReaderError(t("site.mixed", { file }));
  return found;
}

/** @param {import("./unpacking.js").Packed & {captions: string, sharing: import("./sharing.js").Told}} packed */
function start(packed) {
  const { captions, data, player, transcript, wave } = openReading(unpack(packed, byId("transcript")));
  captions.use(async () => ofThisPage(await bring(packed.captions, "quotecastCaptions"), "captions.js").cues);
  if (packed.peaks) wave.use(numbersOf(packed.peaks));
  usePointing(transcript);
  useWholeSound(player, toast); // before a link leads into the sound
  useLinks({ data, transcript, player, toast });
  useSharing({ data, transcript, player, toast, told: packed.sharing });
  useMissingSound([]);
  byId("sound", HTMLAudioElement).controls = false; // which are there until then, for it is heard at least
}

try {
  const packed = brought("quotecastEpisode");
  if (!packed) throw new ReaderError(t("site.incomplete", { file: "episode.js" }));
  start(ofThisPage(packed, "episode.js"));
} catch (error) {
  toast.failed(error);
}

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
