// @ts-check
// Audio on another host, which may insert ads: matches it with the episode's own audio, announces ads, explains waits.

import { align } from "../sync/quotecast-sync.js";
import { detailOf } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";

/** @param {import("../page/reading.js").Reading} reading @param {string | null} sidecar the address of the audio's sync file */
export function useAds({ player: { delivered }, player, toast }, sidecar) {
  if (!sidecar || !/^https?:$/.test(location.protocol)) return; // scripts cannot fetch from a disk
  let wasAd = false, notice = /** @type {unknown} */ (null);
  player.addEventListener("time", () => {
    const { isAd, isWaiting } = delivered;
    if (isAd !== wasAd) announce(isAd ? t("player.ad") : "");
    wasAd = isAd;
    if (isWaiting) notice ??= toast.show(t("site.finding"), { stays: true });
    else if (notice) notice = toast.hide(notice);
  });
  delivered.addEventListener("problem", (event) => { toast.show(t(`site.${detailOf(event)}`), { stays: true }); });
  delivered.reset(new URL(sidecar, document.baseURI).href, align);
}
