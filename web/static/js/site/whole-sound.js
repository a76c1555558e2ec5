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
    const whole = await loaded(sound.src);
    toast.hide(told);
    if (whole) {
      const playing = player.playing;
      sound.src = URL.createObjectURL(whole);
      player.restore({ time: wanted, playing });
    } else {
      loading = false;
      toast.show(t("site.not_whole"));
    }
  };
  player.addEventListener("sought", (event) => {
    wanted = detailOf(event);
    look();
  });
  sound.addEventListener("loadedmetadata", look);
}

/**
 * All that is at an address; null where it cannot be had to its end.
 * @param {string} address
 */
async function loaded(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}
