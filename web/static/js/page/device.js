// @ts-check
// What the reader's device keeps of an episode and shows of it: where it was left, and its sound on a locked screen.

import { always } from "../ui/memory.js";

const BACK = 15, FORWARD = 15; // seconds, as the player's buttons
const WORTH = 5; // seconds from the beginning, or before the end, that are not worth coming back to
const OFTEN = 5; // seconds of sound from one note to the next

/**
 * Goes on where the episode was left; whoever comes by a link is led by that.
 * @param {import("./player.js").Player} player
 * @param {EpisodeData & {id: string}} data
 */
export function rememberPlace(player, { id, duration }) {
  const name = `place:${id}`;
  const left = Number(always.read(name)) || 0;
  let noted = left;
  const note = () => {
    noted = player.time;
    if (noted < WORTH || noted > duration - WORTH) always.forget(name);
    else always.write(name, noted.toFixed(2));
  };
  if (left > 0 && left < duration && location.hash.length < 2) player.seek(left);
  player.addEventListener("time", () => { if (player.playing && Math.abs(player.time - noted) > OFTEN) note(); });
  player.addEventListener("state", () => { if (!player.playing) note(); });
  player.addEventListener("sought", note);
}

/**
 * Title, cover and controls for the device's own player, and its keys.
 * @param {import("./player.js").Player} player
 * @param {EpisodeData} data
 * @param {string | undefined} cover its address
 */
export function useDevicePlayer(player, data, cover) {
  const session = navigator.mediaSession;
  if (!session) return;
  const picture = cover ? new URL(cover, document.baseURI) : null;
  const artwork = picture && picture.protocol !== "file:" ? [{ src: picture.href }] : []; // from a disk browsers take none
  session.metadata = new MediaMetadata({ title: data.title ?? document.title, artist: data.show ?? "", artwork });
  /** @param {MediaSessionActionDetails} details */
  const seekTo = ({ seekTime }) => { if (seekTime !== undefined) player.seek(seekTime); };
  /** @type {[MediaSessionAction, MediaSessionActionHandler][]} */
  const actions = [
    ["play", () => player.play()],
    ["pause", () => player.pause()],
    ["seekbackward", ({ seekOffset }) => player.seek(player.time - (seekOffset ?? BACK))],
    ["seekforward", ({ seekOffset }) => player.seek(player.time + (seekOffset ?? FORWARD))],
    ["seekto", seekTo],
  ];
  for (const [action, handler] of actions) session.setActionHandler(action, handler);
  const tell = () => {
    session.playbackState = player.playing ? "playing" : "paused";
    if (player.duration) {
      session.setPositionState({ duration: player.duration, position: Math.min(player.time, player.duration), playbackRate: player.speed });
    }
  };
  player.addEventListener("state", tell);
  player.addEventListener("sought", tell);
}
