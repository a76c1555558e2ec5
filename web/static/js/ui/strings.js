// The page's strings in the reader's language.

const strings = JSON.parse(document.getElementById("strings").textContent);

// The string of that key, its {names} filled in.
export function t(key, values = {}) {
  return strings[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A number as the reader's language writes it, with that many decimals.
export function decimal(number, digits) {
  const { lang } = document.documentElement;
  return number.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// Says `text` to who uses a screen reader, when they are done listening to something else.
export function announce(text) {
  document.getElementById("said").textContent = text;
}

export const knows = (key) => Object.hasOwn(strings, key);
