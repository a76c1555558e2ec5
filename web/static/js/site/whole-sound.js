// @ts-check
// Some hosts send a file as a whole alone, python -m http.server among them, and a browser cannot jump in what comes so.
// There the sound is loaded whole, once somebody jumps, and from then on played from memory.

import { byId, detailOf } from "../ui/elements.js";
import { t } from "../ui/strings.js";

/**
 * @param {import("../page/player.js").Player} player
 * @param {import("../ui/toast.js").Toast} toast
 */
export function useWholeSound(player, toast) {
  const sound = byId("sound", HTMLAudioElement);
  if (!/^https?:$/.test(location.protocol) || new URL(sound.src).origin !== location.origin) return;
  /** @type {number | null} where the reader wants to be */
  let wanted = null;
  let loading = false;
  const look = async () => {
    const { seekable, readyState, duration } = sound;
    if (loading || !wanted || !readyState || (seekable.length && seekable.end(seekable.length - 1) > duration / 2)) return;
    loading = true;
    const told = toast.show(t("site.whole"), { stays: true });
    const answer = await fetch(sound.src).catch(() => null);
    if (answer?.ok) {
      const playing = player.playing;
      sound.src = URL.createObjectURL(await answer.blob());
      player.restore({ time: wanted, playing });
    }
    toast.hide(told);
  };
  player.addEventListener("sought", (event) => {
    wanted = detailOf(event);
    look();
  });
  sound.addEventListener("loadedmetadata", look);
}
