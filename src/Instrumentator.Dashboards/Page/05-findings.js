// What stands out: which handlers fail, which got slower, which are slow, and since when. Pure functions.
//
// Each rule looks at the slots of one row in three windows, finest first, and takes the finest that covers the onset:
// - Failing: at least 3 server errors, which are at least 1 % of the requests. The onset is the start of the current
//   run of failing slots. A gap ends the run only if it proves something: it lasts 10 seconds and 2 slots, and so many
//   requests succeeded in it that only one in 10,000 such gaps would come by chance. A run that is over is "recovered".
// - Slower: the mean duration rose at one point, by half at least, and stayed there for 10 seconds and 3 slots. The
//   point is the one that explains most of the differences between the slots, and 25 times more than chance would.
// - Slow: the mean or the 95th percentile is 1 s or more, or the mean is 100 ms or more and five times the median of
//   the means of all handlers.

const MIN_ERRORS = 3;
const MIN_ERROR_SHARE = 0.01;
const CHANCE = 0.0001;
const SLOW_SECONDS = 1;
const MAX_FINDINGS = 5;

/** The slots of a window in which a row had requests, as the rules want them. */
function rowSeries(window, row) {
  const slots = [];
  window.slots.forEach((slot, index) => {
    const numbers = slot.byRow.get(row);
    if (!(numbers?.[1] > 0)) return;
    slots.push({
      index,
      start: slot.t - slot.s,
      end: slot.t,
      requests: numbers[1],
      server: numbers[3],
      seconds: numbers[4],
    });
  });
  return { slots, isWhole: window.isWhole };
}

/** Finds the last run of slots that are bad. `enough` is the number of requests in good slots that ends a run. */
function lastRun(slots, isBad, enough) {
  const run = { first: -1, last: -1, isOver: false, hasStart: false };
  let good = { requests: 0, seconds: 0, slots: 0 };
  const isProof = () => good.requests >= enough && good.seconds >= 9.5 && good.slots >= 2;
  for (let i = slots.length - 1; i >= 0; i--) {
    const slot = slots[i];
    if (isBad(slot)) {
      if (run.last < 0) Object.assign(run, { last: i, isOver: isProof() });
      run.first = i;
      good = { requests: 0, seconds: 0, slots: 0 };
      continue;
    }
    good = {
      requests: good.requests + slot.requests,
      seconds: good.seconds + slot.end - slot.start,
      slots: good.slots + 1,
    };
    if (run.last >= 0 && isProof()) return { ...run, hasStart: true };
  }
  return run.last < 0 ? null : run;
}

/** The run in the finest window that has its start; else in the longest. */
function runAcross(series, isBad, enough) {
  let found = null;
  for (const { slots, isWhole } of series) {
    const run = lastRun(slots, isBad, enough);
    if (!run) continue;
    found = { ...run, slots, since: sinceOf(slots, run, isWhole) };
    if (run.hasStart || isWhole) break;
  }
  return found;
}

/** When a run started: a time, or that it fills all that is known. */
function sinceOf(slots, run, isWhole) {
  const isFirst = slots[run.first].index <= 1 && !run.hasStart;
  return { time: slots[run.first].start, isAll: isFirst && !isWhole, isStart: isFirst && isWhole };
}

const isFailing = ({ server, requests }) => server >= MIN_ERRORS && server >= requests * MIN_ERROR_SHARE;

function findFailing(series) {
  const recent = series.find(({ slots }) => sum(slots, slot => slot.server) >= MIN_ERRORS);
  if (!recent) return null;
  const failing = recent.slots.filter(slot => slot.server > 0);
  const span = recent.slots.filter(slot => slot.start >= failing[0].start && slot.end <= failing.at(-1).end);
  const share = ratio(
    sum(span, slot => slot.server),
    sum(span, slot => slot.requests),
  );
  const run = runAcross(
    series,
    slot => slot.server >= (slot.requests * share) / 4,
    Math.ceil(-Math.log(CHANCE) / share),
  );
  if (!run) return null;

  const slots = run.slots.slice(run.first, run.isOver ? run.last + 1 : undefined);
  const errors = sum(slots, slot => slot.server);
  const requests = sum(slots, slot => slot.requests);
  if (!isFailing({ server: errors, requests })) return null;
  return {
    kind: run.isOver ? "recovered" : "failing",
    errors,
    requests,
    since: run.since,
    until: run.slots[run.last].end,
  };
}

/** The index that splits slots into before and after and explains most of their differences in duration, or 0. */
function changePoint(slots) {
  const points = slots.map(slot => ({
    weight: Math.min(slot.requests, 20),
    log: Math.log(slot.seconds / slot.requests),
  }));
  if (points.length < 8) return 0;

  const weight = sum(points, point => point.weight);
  const total = sum(points, point => point.weight * point.log);
  const variation = sum(points, point => point.weight * (point.log - total / weight) ** 2);
  let best = { explained: 0, index: 0 };
  let weightBefore = 0;
  let totalBefore = 0;
  for (let i = 1; i < points.length; i++) {
    weightBefore += points[i - 1].weight;
    totalBefore += points[i - 1].weight * points[i - 1].log;
    const difference = (total - totalBefore) / (weight - weightBefore) - totalBefore / weightBefore;
    const explained = (difference ** 2 * weightBefore * (weight - weightBefore)) / weight;
    if (explained > best.explained) best = { explained, index: i };
  }
  const chance = Math.max(variation - best.explained, 1e-9) / (points.length - 2);
  return best.explained >= 25 * chance ? best.index : 0;
}

const meanOf = slots =>
  ratio(
    sum(slots, slot => slot.seconds),
    sum(slots, slot => slot.requests),
  );

function findSlowerIn(slots) {
  const busy = slots.filter(slot => slot.seconds > 0);
  const index = changePoint(busy);
  if (index === 0) return null;
  const before = busy.slice(0, index);
  const after = busy.slice(index);
  const lasts =
    before.length >= 3 &&
    after.length >= 3 &&
    after.at(-1).end - after[0].start >= 9.5 &&
    sum(before, slot => slot.requests) >= 5 &&
    sum(after, slot => slot.requests) >= 5;
  const times = meanOf(after) / meanOf(before);
  const stays = meanOf(after.slice(-Math.ceil(after.length / 3))) >= 1.3 * meanOf(before);
  if (!lasts || !stays || times < 1.5 || meanOf(after) - meanOf(before) < 0.005) return null;
  return { kind: "slower", times, mean: meanOf(after), before: meanOf(before), since: { time: after[0].start } };
}

function findSlower(series) {
  for (const { slots } of series) {
    const finding = findSlowerIn(slots);
    if (finding) return finding;
  }
  return null;
}

/** Whether an entry of the table is slow, by itself or beside the `median` of the means of all. */
function isSlow(entry, median) {
  if (entry.requests < 3) return false;
  if (entry.mean >= SLOW_SECONDS || entry.p95?.value >= SLOW_SECONDS) return true;
  return entry.mean >= 0.1 && entry.mean >= 5 * median;
}

function medianMean(entries) {
  const means = entries
    .filter(entry => entry.requests >= 3)
    .map(entry => entry.mean)
    .sort((a, b) => a - b);
  return means.length >= 4 ? means[Math.floor(means.length / 2)] : Infinity;
}

function findSlow(series, entry, median) {
  if (!isSlow(entry, median)) return null;
  const run = runAcross(series, slot => slot.seconds >= (slot.requests * entry.mean) / 2, 3);
  const beyond = entry.p95?.above ? (entry.buckets.at(-1) ?? 0) / entry.requests : null;
  return run && !run.isOver ? { kind: "slow", mean: entry.mean, p95: entry.p95, beyond, since: run.since } : null;
}

const SEVERITY = ["failing", "slower", "slow", "recovered"];
const weightOf = ({ kind, errors, requests, times, mean }) =>
  kind === "slower" ? times : kind === "slow" ? mean : (errors * errors) / requests;

/** What is conspicuous about one row. `median` is the one of the means of all. */
function findingsOf(windows, entry, median) {
  const totals = windows.map(window => window.rows.get(entry.row)).filter(total => total?.requests > 0);
  if (totals.length === 0) return [];
  const series = windows.map(window => rowSeries(window, entry.row));
  const failure = totals.some(isFailing) ? findFailing(series) : null;
  const slowness = findSlower(series) ?? findSlow(series, entry, median);
  return [failure, slowness]
    .filter(finding => finding)
    .map(finding => ({ ...finding, entry, key: finding.kind + entry.key }));
}

/** The most severe of many findings, most severe first. */
function mostSevere(findings) {
  const order = finding => SEVERITY.indexOf(finding.kind);
  return findings.sort((a, b) => order(a) - order(b) || weightOf(b) - weightOf(a)).slice(0, MAX_FINDINGS);
}

/** Looks at all rows when it starts, and then at a hundred a second, and at those that fail or stood out. */
class FindingSearch {
  #found = new Map();
  #turn = 0;

  update(history, entries) {
    const windows = WINDOWS.map(key => history.windows[key]).filter(window => window.slots.length > 0);
    const median = medianMean(entries);
    const turns = Math.ceil(entries.length / 100);
    entries.forEach((entry, index) => {
      const isKnown = isFailing(entry) || this.#found.get(entry.key)?.length > 0;
      const isDue = this.#turn === 0 || index % turns === this.#turn % turns || isKnown;
      if (isDue) this.#found.set(entry.key, findingsOf(windows, entry, median));
    });
    this.#turn++;
    return mostSevere([...this.#found.values()].flat());
  }
}

/** The finding as a sentence after the name of the handler. */
function describeFinding({ kind, errors, requests, times, mean, before, p95, beyond }) {
  const failures = "(" + formatCount(errors) + " of " + formatCount(requests) + ")";
  if (kind === "failing") return formatShare(errors / requests) + " fail with a 5xx status " + failures;
  if (kind === "recovered") return formatShare(errors / requests) + " failed with a 5xx status " + failures;
  if (kind === "slower") {
    return (
      "takes " +
      formatSeconds(mean) +
      " on average, " +
      formatNumber(times) +
      " times as long as before (" +
      formatSeconds(before) +
      ")"
    );
  }
  const tail =
    beyond !== null
      ? formatShare(beyond) + " take more than " + formatBound(p95.value)
      : p95
        ? "p95 " + formatQuantile(p95)
        : "";
  return "takes " + formatSeconds(mean) + " on average" + (tail ? ", " + tail : "");
}

/** Since when, in words. `now` is the server's clock. */
function describeSince({ kind, since, until }, now) {
  if (kind === "recovered") {
    const from = since.isAll || since.isStart ? "" : "from " + formatTime(since.time) + " ";
    return from + "until " + formatTime(until) + ", " + formatAge(now - until);
  }
  if (since.isAll) return "for all of the last 15 minutes";
  if (since.isStart) return "since the app started";
  return "since " + formatTime(since.time) + ", " + formatAge(now - since.time);
}
