// Types of the data that pages, scripts and server exchange, for the type checker: no browser loads this file. Times of
// words are milliseconds, null for words that are not spoken; other times are seconds. Ranges of words are half-open.

/** The data of an episode, from `web/page/data.py`. */
interface EpisodeData {
  duration: number;
  language: string;
  hash: string;
  /** The name of the transcript's file. */
  file: string;
  title: string | null;
  show: string | null;
  url: string | null;
  starts: (number | null)[];
  ends: (number | null)[];
  /** The start and end of each word in the transcript, in code points: for links, not as indexes of JavaScript strings. */
  chars: number[];
  /** The first word of each paragraph. */
  paragraphs: number[];
  /** For each sentence, its first word and the one after its last. */
  sentences: number[];
  turns: [first: number, last: number, speaker: string | null, kind: string][];
  chapters: [title: string, start: number][];
  doubtful: [start: number, end: number][];
  missing: [start: number, end: number][];
  /** On the server's page only: whether the episode can be corrected, its number of changes, and the reader's name, null
   * if it was never asked. */
  editable?: boolean;
  revision?: number;
  who?: string | null;
}

/** A change from an episode's history; `what` may have arguments besides its kind. */
interface Change { id: number; who: string; when: string; what: { kind: string } & Record<string, unknown> }

/** Turns rendered again by `web/correcting/turns.py`: they replace `drop` turns from number `at` on. */
interface NewTurns {
  at: number;
  drop: number;
  /** Null if the turns look as before. */
  html: string | null;
  /** Times and offsets of the words in these turns. */
  starts: (number | null)[];
  ends: (number | null)[];
  chars: number[];
  /** How far the offsets and segment numbers after these turns move. */
  chars_by: number;
  segments_by: number;
}

/** The server's answer to a correction, or to a request for the changes of others. */
interface Answer {
  revision: number;
  change: Change | null;
  turns: NewTurns | null;
  data: Partial<EpisodeData>;
  /** The page's heading and its list of chapters, as HTML; null if they look as before. */
  overview: { heading: string; chapters: string } | null;
  job: Job | null;
  undoable: boolean;
  redoable: boolean;
  /** How many words outside the correction lost their times; counted by the page. */
  lostTimes?: number;
}

/** A state of an alignment: its number of changes so far, and the hash of its transcript. */
interface Revision { number: number; transcript: string }

interface Paragraph { kind: string; speaker: string | null; text: string }

/** A paragraph with its segments, as `web/page/paragraph.py` describes it. */
interface Part extends Paragraph {
  first: number;
  stop: number;
  char_start: number;
  start: number | null;
  end: number | null;
}

/** Consecutive paragraphs, or the gap between two if it is empty, in a revision of the transcript. */
interface Passage extends Revision { first: number; stop: number; paragraphs: Part[] }

interface CueLine { speaker: string | null; lead: string | null; words: [text: string, word: number | null][] }

/** A caption; times in milliseconds. */
interface Cue { start: number; end: number; lines: CueLine[] }

/** A saved quote; `first` and `last` are null if its words are gone, `row` is HTML. */
interface SavedQuote { id: string; first: number | null; last: number | null; text: string; row: string }

/** `inserted` new words replaced `removed` words from number `at` on. */
interface NewWords { at: number; removed: number; inserted: number }

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
  /** Progress over all stages, from 0 to 1. */
  run_done: number | null;
  run_seconds_left: number | null;
  message: string;
  /** Its state in a sentence. */
  status: string;
  warnings: string[];
  /** The warning if the job removed a review. */
  review_removed: string | null;
  /** Paths within the episode's folder. */
  outputs: string[];
}

/** An edge of a clip. */
type Side = "start" | "end";

/** The chosen style of an audiogram. An omitted choice is that of the show's last audiogram; `auto` is the default. */
interface StyleChoices {
  colour?: string;
  accent?: string;
  font?: string;
  cover?: string;
  end_card?: boolean;
}

/** The request for a clip of some words; without `start` and `end` the server finds the best cut. */
interface Export extends StyleChoices {
  first: number;
  last: number;
  start?: number;
  end?: number;
  /** The shape of an audiogram; null for an audio clip. */
  shape: string | null;
  format?: string;
  lufs?: number | null;
  tighten?: boolean;
  /** The wording of an audiogram, if the reader edited it. */
  text?: string | null;
  listen?: boolean;
}

/** The style of an audiogram, as `style_facts` of web/clips/styles.py describes it. */
interface ShownStyle {
  colour: string | null;
  accent: string | null;
  font: string | null;
  cover: string | null;
  end_card: boolean;
  drawn: [colour: string, accent: string];
  fonts: string[];
  remembered: boolean;
  own_cover: boolean;
  /** The choices that give this style; null for a file that pages cannot name. */
  choices: { [name in keyof StyleChoices]-?: StyleChoices[name] | null };
}

/** The server's preview of a clip. */
interface ClipPreview {
  text: string;
  start: number;
  end: number;
  duration: number;
  /** The text of an audiogram, in lines and screens. */
  wording: string | null;
  /** Null for an audio clip. */
  style: ShownStyle | null;
  /** What to check before it is exported, as HTML. */
  to_check: string;
}

/** A saved clip; details that were not recorded are null. */
interface Clip {
  id: string;
  name: string;
  video: boolean;
  text: string | null;
  /** Its edges in the episode. */
  start: number | null;
  end: number | null;
  /** Its row in the list and its warnings, as HTML. */
  row: string;
  to_check: string;
}

/** The peaks, 0 to 255, of equal parts of the audio between two times. */
interface Peaks { from: number; to: number; peaks: number[] }

type FileKind = "audio" | "transcript" | "cover";

/** The server's answer to an upload; title, show and date only for recordings, null if their tags lack them. */
interface Received {
  name: string;
  /** The size of the file, and the length of a recording. */
  about: string;
  title?: string | null;
  show?: string | null;
  date?: string | null;
}

/** The preview of a transcript as HTML, and the episode's details found in it. */
interface TranscriptPreview {
  html: string;
  /** The fields for the speakers' names, as HTML. */
  names: string;
  language: string | null;
  title: string | null;
  show: string | null;
  /** The first heading, which may be the title. */
  headline: string | null;
}

/** A passage to check, from `web/review/queue.py`. */
interface ReviewItem {
  kind: "misplaced" | "misrecognised" | "otherwise" | "unfound" | "untranscribed" | "unsaid" | "draft" | "norm";
  start: number;
  end: number;
  /** Null if the transcript has no words there. */
  words: Words | null;
  /** The reasons to check it, in sentences. */
  reasons: string[];
  /** Estimated seconds to review it. */
  work: number;
  /** The transcript's words, if others are spoken. */
  printed: string | null;
  /** The recognised words, where they are known. */
  recognised: string | null;
  /** The lines of a caption. */
  shown: string | null;
}

interface ReviewedBy { who: string; when: string; share: number }

/** The state of a review: open passages and reviewed words. `speech`, `pinned` and `written` list runs of words: the first
 * and the one after the last of each. */
interface Review {
  items: ReviewItem[];
  counts: Record<ReviewItem["kind"], number>;
  work: number;
  speech: number[];
  pinned: number[];
  /** Words of paragraphs that were written or saved in the editor. */
  written: number[];
  review: ReviewedBy | null;
}
