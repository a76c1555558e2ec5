// @ts-check
// Letters for searching: the twin of `fold` in aligner/normalization, held to the same table of cases.

/** @type {Record<string, string>} */
const APART = {
  œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", ı: "i", ς: "σ", ʼ: "'", "\u0345": "ι", "\u00ad": "", "\u200c": "", "\u200d": "",
};
const TO_PART = new RegExp(`[${Object.keys(APART).join("")}]`, "gu");

/**
 * Letters and digits in small letters without accents, ligatures or signs; words part at a space, also where a hyphen or
 * an apostrophe parts them.
 * @param {string} text
 */
export function fold(text) {
  const small = text.normalize("NFKD").toLowerCase();
  const apart = small.replace(TO_PART, (letter) => APART[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
  return apart.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
