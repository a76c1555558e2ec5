// @ts-check
// The page of an archive: the progress of the run is kept up to date while somebody looks, and so is the list of what
// failed, unless the reader is in it.

import { byId } from "../ui/elements.js";
import { refresh } from "../ui/refreshing.js";
import { announce, t } from "../ui/strings.js";

const RUNNING = 3_000, RESTING = 15_000; // milliseconds between looks, while a run is in progress and while none is

let isListOld = false;

async function look() {
  const { run, failed } = byId("progress").dataset;
  if (!document.hidden) await refresh(["progress"], "/archive/progress");
  const now = byId("progress").dataset;
  isListOld ||= run !== now.run || failed !== now.failed;
  if (run === "running" && now.run === "over") announce(t("archive.over"));
  if (isListOld && !byId("failed").contains(document.activeElement)) isListOld = !(await refresh(["failed"]));
  setTimeout(look, now.run === "running" ? RUNNING : RESTING);
}
setTimeout(look, RUNNING);

// The events of players do not bubble. One recording is played at a time.
addEventListener("play", ({ target }) => {
  for (const each of document.querySelectorAll("audio")) if (each !== target) each.pause();
}, true);
addEventListener("error", ({ target }) => {
  const message = target instanceof HTMLAudioElement ? target.nextElementSibling : null;
  if (message instanceof HTMLElement) message.hidden = false;
}, true);
