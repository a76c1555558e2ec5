// @ts-check
// An archive's page: refreshes the progress of the run while the page is visible, and the list of failures unless the focus
// is in it.

import { byId } from "../ui/elements.js";
import { refresh } from "../ui/refreshing.js";
import { announce, t } from "../ui/strings.js";

const RUNNING = 3_000, RESTING = 15_000; // milliseconds between requests, with and without a run in progress

let isListOld = false;

async function poll() {
  const { run, failed } = byId("progress").dataset;
  if (!document.hidden) await refresh(["progress"], "/archive/progress");
  const now = byId("progress").dataset;
  isListOld ||= run !== now.run || failed !== now.failed;
  if (run === "running" && now.run === "over") announce(t("archive.over"));
  if (isListOld && !byId("failed").contains(document.activeElement)) isListOld = !(await refresh(["failed"]));
  setTimeout(poll, now.run === "running" ? RUNNING : RESTING);
}
setTimeout(poll, RUNNING);

// Stops other recordings when one starts. Media events do not bubble, so it captures.
addEventListener("play", ({ target }) => {
  for (const each of document.querySelectorAll("audio")) if (each !== target) each.pause();
}, true);
addEventListener("error", ({ target }) => {
  const message = target instanceof HTMLAudioElement ? target.nextElementSibling : null;
  if (message instanceof HTMLElement) message.hidden = false;
}, true);
