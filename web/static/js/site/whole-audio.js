// @ts-check
// Some hosts, python -m http.server among them, do not answer range requests, so that the browser cannot seek. There the
// audio is loaded in full before the first jump, and then played from memory.

import { byId, detailOf } from "../ui/elements.js";
import { t } from "../ui/strings.js";

/** @param {import("../page/reading.js").Reading} reading */
export function useWholeAudio({ player, toast }) {
  const audio = byId("audio", HTMLAudioElement);
  if (!/^https?:$/.test(location.protocol) || new URL(audio.src).origin !== location.origin) return;
  let wanted = audio.currentTime; // the position to seek to, at first the remembered one
  let loading = false, plays = false;
  const seekWhole = async () => {
    const { seekable, readyState, duration } = audio;
    if (!wanted || !readyState || (seekable.length && seekable.end(seekable.length - 1) > duration / 2)) return;
    plays ||= player.playing;
    player.pause(); // else the beginning would play meanwhile
    if (loading) return;
    loading = true;
    const notice = toast.show(t("site.whole"), { stays: true });
    const whole = await fetch(audio.src).then((answer) => (answer.ok ? answer.blob() : null)).catch(() => null);
    toast.hide(notice);
    loading = false;
    if (whole) {
      audio.src = URL.createObjectURL(whole);
      player.restore({ time: wanted, playing: plays });
    } else toast.show(t("site.not_whole"));
    plays = false;
  };
  player.addEventListener("sought", (event) => {
    wanted = detailOf(event);
    seekWhole();
  });
  for (const name of ["loadedmetadata", "play"]) audio.addEventListener(name, seekWhole);
}
