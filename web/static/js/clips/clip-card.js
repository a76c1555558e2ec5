// @ts-check
// The card of a clip: its picture, what it is, and what can be taken of it.

import { sizeOf } from "../library/upload.js";
import { clock, spokenSeconds } from "../ui/durations.js";
import { all, copyOf, nameAfter, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { cautionLines } from "./cautions.js";

const CAPTIONS = ["VTT", "SRT"];

/**
 * A card as the template holds it; `still` is where the picture is, `file` tells where a file of the clip is by its name.
 * @param {HTMLTemplateElement} template
 * @param {Clip} clip
 * @param {string} still
 * @param {(name: string) => string} file
 */
export function cardOf(template, clip, still, file) {
  const card = copyOf(template);
  /** @param {string} name */
  const part = (name) => one(card, `[data-part="${name}"]`);
  card.dataset.id = clip.id;
  part("text").textContent = clip.text || clip.name;
  part("text").id = `clip-${clip.id}`;
  part("speaker").textContent = clip.speaker ?? "";
  part("facts").textContent = factsOf(clip);
  part("outdated").hidden = !clip.outdated;
  if (clip.outdated) part("outdated").textContent = t(`clips.outdated.${clip.outdated}`);
  if (clip.start === null) part("at").remove();
  else Object.assign(part("at"), { textContent: t("clips.at", { time: clock(clip.start) }), href: `#t=${clip.start}` });
  showStill(part("still"), clip, still);
  offerFiles(card, clip, file);
  part("cautions").hidden = clip.cautions.length === 0;
  if (clip.cautions.length) {
    one(part("cautions"), "summary").textContent = t("clips.look", { n: clip.cautions.length });
    one(part("cautions"), "ul").replaceChildren(...cautionLines(clip.cautions));
  }
  one(card, "input").setAttribute("aria-labelledby", `clip-${clip.id} facts-${clip.id}`);
  part("facts").id = `facts-${clip.id}`;
  nameAfter(all(card, "[data-do], .acts a, summary"), part("text"), part("facts"));
  return card;
}

/**
 * Where the picture cannot be shown, the icon under it is seen.
 * @param {HTMLElement} place
 * @param {Clip} clip
 * @param {string} still
 */
function showStill(place, clip, still) {
  const image = one(place, "img", HTMLImageElement);
  place.dataset.shape = shapeOf(clip);
  image.addEventListener("error", () => image.remove());
  image.src = still;
}

/**
 * The clip itself, its captions, and its post, whose text is copied.
 * @param {HTMLElement} card
 * @param {Clip} clip
 * @param {(name: string) => string} file
 */
function offerFiles(card, clip, file) {
  /** @type {(link: HTMLElement, name: string, said: string) => void} */
  const lead = (link, name, said) => {
    const label = t(said, { kind: endingOf(name) });
    for (const [key, value] of Object.entries({ href: `${file(name)}?download`, title: label, "aria-label": label })) {
      link.setAttribute(key, value);
    }
  };
  const download = one(card, '[data-part="download"]');
  one(download, "span").textContent = endingOf(clip.name);
  lead(download, clip.name, "clips.download");
  const captions = clip.files.filter((name) => CAPTIONS.includes(endingOf(name))).map((name) => {
    const link = copyOf(one(card, "template", HTMLTemplateElement));
    link.textContent = endingOf(name);
    lead(link, name, "clips.captions");
    return link;
  });
  one(card, "template").replaceWith(...captions);
  if (!postOf(clip)) one(card, '[data-do="post"]').remove();
}

/**
 * What a clip is, how long, and how large.
 * @param {Pick<Clip, "video" | "shape" | "duration" | "size_bytes">} clip
 */
export function factsOf(clip) {
  const facts = [t(`shape.${shapeOf(clip)}`)];
  if (clip.duration !== null) {
    facts.push(clip.duration < 60 ? t("clip.length", { n: spokenSeconds(clip.duration) }) : clock(clip.duration));
  }
  return [...facts, sizeOf(clip.size_bytes)].join(" · ");
}

/**
 * The file that holds a clip's post.
 * @param {Clip} clip
 */
export const postOf = (clip) => clip.files.find((name) => endingOf(name) === "TXT");

/** @param {Pick<Clip, "video" | "shape">} clip */
const shapeOf = (clip) => clip.shape ?? (clip.video ? "video" : "sound");

/**
 * What a file is by its name, as people say it.
 * @param {string} name
 */
const endingOf = (name) => name.slice(name.lastIndexOf(".") + 1).toUpperCase();
