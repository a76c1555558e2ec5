// @ts-check
// Pictures that lie over what stands for them: one that cannot be shown goes, and what is under it is seen.

/** Those that are on the page now, and those that come. */
export function useCovering() {
  for (const image of document.images) if (image.complete && !image.naturalWidth) lift(image);
  addEventListener("error", ({ target }) => { if (target instanceof HTMLImageElement) lift(target); }, true);
}

/** @param {HTMLImageElement} image */
function lift(image) {
  if (image.dataset.covering !== undefined && image.getAttribute("src")) image.remove();
}
