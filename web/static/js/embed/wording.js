// @ts-check
// What it says, in the language of the page around it, and times as people write them.

export const STRINGS = {
  en: {
    player: "Player: {title}", play: "Play", pause: "Pause", seek: "Position", speed: "Speed", chapters: "Chapters",
    transcript: "Transcript", from: "Play from {time}", "copy.moment": "Copy link to this moment",
    "copy.quote": "Copy link to this quote", copied: "Link copied", here: "Copy this link:",
    whole: "Whole episode", speech: "Not transcribed ({length})", ad: "Ad ({length})", jingle: "Jingle ({length})",
    unsaid: "not in the sound", reviewed: "Transcript reviewed by {who}, {day}",
    "reviewed.part": "Transcript reviewed by {who}, {day} ({share}% of the words)",
    machine: "Automatic transcript, not reviewed", timed: "Automatic timing, not reviewed",
    poor: "The times of this transcript are poor: words may light up when nobody says them.",
    "error.data": "The transcript cannot be loaded.",
    "error.malformed": "The transcript’s file is damaged, or needs a newer quote-cast.js.",
    "error.nowhere": "What should be shown here is not in this episode.", "error.sound": "The sound cannot be played.",
    loading: "This sound comes only as a whole: it is being loaded…",
    "error.jump": "The sound cannot be played from there: it comes only as a whole, and cannot be loaded so.",
  },
  fr: {
    player: "Lecteur\u00a0: {title}", play: "Lire", pause: "Pause", seek: "Position", speed: "Vitesse", chapters: "Chapitres",
    transcript: "Transcription", from: "Lire à partir de {time}", "copy.moment": "Copier le lien vers ce moment",
    "copy.quote": "Copier le lien vers cette citation", copied: "Lien copié", here: "Copiez ce lien\u00a0:",
    whole: "Tout l’épisode", speech: "Non transcrit ({length})", ad: "Publicité ({length})", jingle: "Jingle ({length})",
    unsaid: "pas dans le son", reviewed: "Transcription relue par {who}, {day}",
    "reviewed.part": "Transcription relue par {who}, {day} ({share}\u00a0% des mots)",
    machine: "Transcription automatique, non relue", timed: "Minutage automatique, non vérifié",
    poor: "Le calage de cette transcription est mauvais\u00a0: des mots peuvent s’allumer quand personne ne les dit.",
    "error.data": "La transcription ne peut pas être chargée.",
    "error.malformed": "Le fichier de la transcription est endommagé, ou demande un quote-cast.js plus récent.",
    "error.nowhere": "Ce qui devrait être montré ici n’est pas dans cet épisode.", "error.sound": "Le son ne peut pas être lu.",
    loading: "Ce son n’est envoyé qu’en entier\u00a0: il est en cours de chargement…",
    "error.jump": "Le son ne peut pas être lu à partir de là\u00a0: il n’est envoyé qu’en entier, et ne peut pas être chargé ainsi.",
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
   * A string of ours; what is filled in runs its own way (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE).
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  t(key, values = {}) {
    const strings = /** @type {Record<string, string>} */ (STRINGS[this.language]);
    return strings[key].replace(/\{(\w+)\}/g, (_, name) => (/[^\u0000-\u024f]/.test(values[name]) ? `\u2068${values[name]}\u2069` : values[name]));
  }

  /**
   * A date in words, as far as one is given, as our other pages write it (web/filters.py); what is none as it is.
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

/** @type {(written: string) => number | null} milliseconds of a time as people write it, "83.5" or "1:23.5" */
export function millisecondsOf(written) {
  const found = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:[.,]\d{1,6})?)\s*$/.exec(written);
  if (!found) return null;
  return Math.round((Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3].replace(",", "."))) * 1000);
}
