// @ts-check
// Text on one line, shortened at whole words where there is no room for all of it.

/**
 * The longest beginning of a text that fits, of whole words, with an ellipsis; all of it where none does.
 * @param {string} text
 * @param {(text: string) => boolean} fits
 */
export function shortened(text, fits) {
  if (fits(text)) return text;
  const ends = [...text.matchAll(/[ \t\n]+/g)].map(({ index }) => index); // not at a no-break space
  /** @param {number} k */
  const beginning = (k) => `${text.slice(0, ends[k]).replace(/[\s,;:.–—-]+$/, "")}…`;
  let low = 0, high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(beginning(middle))) low = middle + 1;
    else high = middle;
  }
  return low ? beginning(low - 1) : text;
}

/**
 * Puts a text into an element as far as it fits there.
 * @param {HTMLElement} element that hides what overflows it
 * @param {string} text
 */
export function putShortened(element, text) {
  element.textContent = text;
  if (!element.clientWidth) return;
  element.textContent = shortened(text, (shorter) => {
    element.textContent = shorter;
    return element.scrollWidth <= element.clientWidth;
  });
}
