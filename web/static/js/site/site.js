// @ts-check
// The page of an episode that anyone can host. It asks for no file but its own, and in a way that a browser allows to a
// page from the disk: by scripts, which leave what they bring where `brought` finds it.

import "../ui/copying.js";
import "../ui/tips.js";
import { byId } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { Toast } from "../ui/toast.js";
import { useLinks } from "../page/opening.js";
import { usePointing } from "../page/pointing.js";
import { openReading } from "../page/reading.js";
import { useMissingSound } from "../page/sound-missing.js";
import { bring, brought } from "./bringing.js";
import { useSharing } from "./sharing.js";
import { numbersOf, unpack } from "./unpacking.js";
import { useWholeSound } from "./whole-sound.js";

const toast = new Toast(byId("toast"));

/** @param {import("./unpacking.js").Packed & {captions: string, sharing: import("./sharing.js").Told}} packed */
function start(packed) {
  const { captions, data, player, transcript, wave } = openReading(unpack(packed, byId("transcript")));
  captions.use(() => bring(packed.captions, "quotecastCaptions"));
  if (packed.peaks) wave.use(numbersOf(packed.peaks));
  usePointing(transcript);
  useWholeSound(player, toast); // before a link leads into the sound
  useLinks({ data, transcript, player, toast });
  useSharing({ data, transcript, player, toast, told: packed.sharing });
  useMissingSound([]);
}

const packed = brought("quotecastEpisode");
if (packed) start(packed);
else {
  byId("sound", HTMLAudioElement).controls = true; // it is heard, at least
  toast.show(t("site.incomplete", { file: "episode.js" }), { stays: true });
}

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
