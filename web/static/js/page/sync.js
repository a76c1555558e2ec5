// Which word is being said: pure functions over times in milliseconds.

// The words that have times, in order of time: {words, starts, ends}.
export function timeline(starts, ends) {
  const words = [];
  for (let i = 0; i < starts.length; i++) if (starts[i] !== null) words.push(i);
  words.sort((a, b) => starts[a] - starts[b] || a - b);
  return { words, starts: words.map((i) => starts[i]), ends: words.map((i) => ends[i]) };
}

// The position of the last of ascending `times` (or offsets) that is not after `now`; -1 where all are.
export function lastStarted(times, now) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// The word that is lit at `now`: from its start to its end, and over a short pause to the next; -1 for none.
export function wordAt(line, now, lingering = 300) {
  const k = lastStarted(line.starts, now);
  return k >= 0 && now < line.ends[k] + lingering ? line.words[k] : -1;
}

// The first word from number `index` on that is said, or the last one before it; -1 where none is.
export function spokenNear(starts, index) {
  for (let i = index; i < starts.length; i++) if (starts[i] !== null) return i;
  for (let i = Math.min(index, starts.length) - 1; i >= 0; i--) if (starts[i] !== null) return i;
  return -1;
}

// Seconds as m:ss, or h:mm:ss from an hour on.
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
