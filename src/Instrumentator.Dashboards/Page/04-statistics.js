// Sums, rates and quantiles. Pure functions.

/** Adds sparse buckets (index, count, index, count, …) to dense counts. */
function addBuckets(counts, sparse, sign = 1) {
  for (let i = 0; i < (sparse?.length ?? 0); i += 2)
    counts[sparse[i]] = (counts[sparse[i]] ?? 0) + sign * sparse[i + 1];
  return counts;
}

const sum = (items, value) => items.reduce((total, item) => total + (value(item) ?? 0), 0);
const rateOf = (slots, value) => (slots.length > 0 ? sum(slots, value) / sum(slots, slot => slot.s) : 0);
const ratio = (part, whole) => (whole > 0 ? part / whole : NaN);

/** The mean of sizes; unknown if it is 0, since a body without Content-Length is counted as 0 bytes. */
const meanSize = (bytes, count) => (bytes > 0 ? ratio(bytes, count) : NaN);

const latencyBuckets = slots => slots.reduce((counts, slot) => addBuckets(counts, slot.latency), []);

/**
 * Estimates a quantile from bucket counts exactly as Prometheus' histogram_quantile does: by linear interpolation
 * within the bucket, and the highest bound if it lies above that. Also says in which kind of bucket it lies:
 * `below` the lowest bound, `above` the highest, or in a bucket so `wide` that the estimate is rough.
 */
function quantileOf(bounds, counts, q) {
  let total = 0;
  for (let i = 0; i <= bounds.length; i++) total += counts[i] ?? 0;
  if (total === 0 || bounds.length === 0) return null;

  const rank = q * total;
  let bucket = 0;
  let before = 0;
  while (bucket < bounds.length && before + (counts[bucket] ?? 0) < rank) before += counts[bucket++] ?? 0;
  if (bucket === bounds.length) return { value: bounds.at(-1), estimate: bounds.at(-1), above: true };

  const lower = bucket === 0 ? 0 : bounds[bucket - 1];
  const upper = bounds[bucket];
  const estimate = lower + (upper - lower) * ((rank - before) / (counts[bucket] ?? 0));
  return bucket === 0
    ? { value: upper, estimate, below: true }
    : { value: estimate, estimate, wide: upper > 2 * lower };
}

/** Bytes of requests and responses of a slot, over all handlers. */
const requestBytes = slot => sum(slot.sizes, size => size[2]);
const responseBytes = slot => sum(slot.sizes, size => size[4]);

/** The bucket as a range: "< 10 ms", "10 to 25 ms", "> 1 s". */
function formatBucket(bounds, index) {
  if (index === 0) return bounds.length === 0 ? "any" : "<" + SPACE + formatBound(bounds[0]);
  if (index === bounds.length) return ">" + SPACE + formatBound(bounds.at(-1));
  const [lower, lowerUnit] = formatBound(bounds[index - 1]).split(SPACE);
  const upper = formatBound(bounds[index]);
  return lower + (upper.endsWith(SPACE + lowerUnit) ? "" : SPACE + lowerUnit) + " to " + upper;
}

/** What one row (a handler with a method) did in a window, for the table. */
function describeRow(history, window, row) {
  const { handler, method } = history.rows[row];
  const total = window.rows.get(row) ?? { requests: 0, client: 0, server: 0, seconds: 0, buckets: [] };
  const bounds = history.info.handlerBounds;
  const size = window.sizes.get(handler);
  const name = handlerName(history, handler);
  const quantile = q => (total.requests > 0 ? quantileOf(bounds, total.buckets, q) : null);
  return {
    key: "row" + row,
    row,
    handler,
    method,
    name,
    label: method ? method + " " + name : name,
    requests: total.requests,
    client: total.client,
    server: total.server,
    buckets: total.buckets,
    mean: ratio(total.seconds, total.requests),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    size: size ? meanSize(size[3], size[2]) : NaN,
    inProgress: 0,
    open: 0,
  };
}

/** All rows in a window, with what is in progress and open right now. */
function describeRows(history, window) {
  const entries = history.rows.map((_, row) => describeRow(history, window, row));
  const newest = history.newest;
  for (const row of newest?.rows ?? []) if (entries[row[0]]) entries[row[0]].inProgress = row[5] ?? 0;
  for (const [handler, count] of newest?.open ?? []) addOpen(history, entries, handler, count);
  return entries;
}

/** Long-lived requests are known by handler: its busiest row shows them, or one of its own if it has none yet. */
function addOpen(history, entries, handler, count) {
  const rows = entries.filter(entry => entry.handler === handler);
  if (rows.length > 0)
    rows.reduce((busiest, entry) => (entry.requests > busiest.requests ? entry : busiest)).open = count;
  else entries.push(openOnly(handlerName(history, handler), handler, count));
}

function openOnly(name, handler, open) {
  return {
    key: "open" + handler,
    row: null,
    handler,
    method: null,
    name,
    label: name,
    requests: 0,
    client: 0,
    server: 0,
    buckets: [],
    mean: NaN,
    p50: null,
    p95: null,
    p99: null,
    size: NaN,
    inProgress: 0,
    open,
  };
}
