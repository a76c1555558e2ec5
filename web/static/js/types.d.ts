// What scripts know of each other's data, for the checker alone: no browser loads this.
// Times of words are milliseconds, null where nobody says the word; all other times are seconds. Words are half-open.

/** What `web/page` tells of an episode. */
interface EpisodeData {
  duration: number;
  language: string;
  hash: string;
  title: string | null;
  show: string | null;
  url: string | null;
  starts: (number | null)[];
  ends: (number | null)[];
  /** The two offsets of each word in code points: names for words, nothing to count with. */
  chars: number[];
  paragraphs: number[];
  turns: [first: number, last: number, speaker: string | null, kind: string][];
  chapters: [title: string, start: number][];
  doubtful: [start: number, end: number][];
  missing: [start: number, end: number][];
}

type Words = [first: number, last: number];

interface Selected { first: number; last: number }

interface Job {
  id: string;
  kind: string;
  episode: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  stage: string;
  done: number;
  total: number | null;
  seconds_left: number | null;
  message: string;
  warnings: string[];
  poor: boolean;
}

/** What to look at before a clip is published. */
interface Caution { kind: string; message: string; detail: string }
