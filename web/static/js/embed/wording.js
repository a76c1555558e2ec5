// @ts-check
// The element's strings in the language of the page around it, dates, and the parsing of times.

export const STRINGS = {
  en: {
    player: "Player: {title}", play: "Play", pause: "Pause", seek: "Position", speed: "Speed", chapters: "Chapters",
    transcript: "Transcript", from: "Play from {time}", "copy.moment": "Copy link to this moment",
    "copy.quote": "Copy link to this quote", copied: "Link copied", here: "Copy this link:",
    whole: "Whole episode", speech: "Missing from the transcript ({length})", ad: "Ad ({length})", jingle: "Jingle ({length})",
    unsaid: "not in the audio", reviewed: "Transcript reviewed by {who}, {day}",
    "reviewed.part": "Transcript reviewed by {who}, {day} ({share}% of the words)",
    machine: "Automatic transcript, not reviewed", timed: "Automatic timing, not reviewed",
    poor: "The timing of this transcript is poor: words may be highlighted when nobody says them.",
    "error.data": "The transcript could not be loaded.",
    "error.malformed": "The transcript’s file is damaged or needs a newer quote-cast.js.",
    "error.nowhere": "This episode does not contain the passage to show here.", "error.audio": "The audio cannot be played.",
    "instead.loading": "This host sends the audio only in one piece: it is loading…",
    "error.jump": "The audio cannot be played from there: this host sends it only in one piece, and it could not be loaded.",
    "instead.ad": "Ad: the transcript continues after it.", "instead.finding": "Finding this place in the audio…",
    "error.another": "This audio is another episode: the transcript does not fit it.",
    "error.unmatched": "The highlighted words may be off: this page could not check the audio for ads.", own: "Play the page’s own audio",
  },
  fr: {
    player: "Lecteur\u00a0: {title}", play: "Lire", pause: "Pause", seek: "Position", speed: "Vitesse", chapters: "Chapitres",
    transcript: "Transcription", from: "Lire à partir de {time}", "copy.moment": "Copier le lien vers ce moment",
    "copy.quote": "Copier le lien vers cette citation", copied: "Lien copié", here: "Copiez ce lien\u00a0:",
    whole: "Tout l’épisode", speech: "Absent de la transcription ({length})", ad: "Publicité ({length})", jingle: "Jingle ({length})",
    unsaid: "absent de l’audio", reviewed: "Transcription relue par {who}, {day}",
    "reviewed.part": "Transcription relue par {who}, {day} ({share}\u00a0% des mots)",
    machine: "Transcription automatique, non relue", timed: "Minutage automatique, non vérifié",
    poor: "Le minutage de cette transcription est mauvais\u00a0: des mots peuvent s’allumer alors que personne ne les dit.",
    "error.data": "La transcription n’a pas pu être chargée.",
    "error.malformed": "Le fichier de la transcription est endommagé ou demande un quote-cast.js plus récent.",
    "error.nowhere": "Cet épisode ne contient pas le passage à afficher ici.", "error.audio": "L’audio ne peut pas être lu.",
    "instead.loading": "Cet hébergeur n’envoie l’audio que d’un seul bloc\u00a0: chargement en cours…",
    "error.jump": "L’audio ne peut pas être lu à partir de là\u00a0: cet hébergeur ne l’envoie que d’un seul bloc, et il n’a pas pu être chargé.",
    "instead.ad": "Publicité\u00a0: la transcription reprend ensuite.", "instead.finding": "Recherche de ce passage dans l’audio…",
    "error.another": "Cet audio est celui d’un autre épisode\u00a0: la transcription n’y correspond pas.",
    "error.unmatched": "Les mots surlignés peuvent être décalés\u00a0: cette page n’a pas pu repérer les publicités dans l’audio.", own: "Lire l’audio de la page",
  },
};

export class Wording {
  #host;

  /** @param {HTMLElement} host */
  constructor(host) { this.#host = host; }

  get language() {
    const tag = this.#host.closest("[lang]")?.getAttribute("lang") || navigator.language || "en";
    return /^fr\b/i.test(tag) ? "fr" : "en";
  }

  /**
   * Return a string; each value keeps its own direction (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE).
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  t(key, values = {}) {
    const strings = /** @type {Record<string, string>} */ (STRINGS[this.language]);
    return strings[key].replace(/\{(\w+)\}/g, (_, name) => (/[^\u0000-\u024f]/.test(values[name]) ? `\u2068${values[name]}\u2069` : values[name]));
  }

  /**
   * Format a date or month like web/filters.py; return other text unchanged.
   * @param {string} date
   */
  day(date) {
    const [, year, number] = /^(\d{4})-\d\d(?:-(\d\d)(?!\d).*)?$/s.exec(date) ?? [];
    const when = new Date(year ? date.slice(0, 10) : NaN);
    if (Number.isNaN(when.valueOf())) return date;
    const month = `${when.toLocaleDateString(this.language, { month: "long", timeZone: "UTC" })} ${Number(year)}`;
    if (!number) return month;
    return `${number === "01" && this.language === "fr" ? "1er" : Number(number)}\u00a0${month}`;
  }
}

/** @type {(written: string) => number | null} milliseconds of a written time, "83.5" or "1:23.5" */
export function millisecondsOf(written) {
  const found = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:[.,]\d{1,6})?)\s*$/.exec(written);
  if (!found) return null;
  return Math.round((Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3].replace(",", "."))) * 1000);
}
