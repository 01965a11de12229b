// Numbers and times as people read them. Numbers are English as the texts of the page are.
// Times are in the viewer's zone.

const SPACE = "\u00a0"; // keeps a number and its unit on one line
const NOTHING = "–";

const digits = [0, 1, 2].map(n => new Intl.NumberFormat("en", { maximumFractionDigits: n }));
const significant = [0, 1, 2, 3].map(n => new Intl.NumberFormat("en", { maximumSignificantDigits: Math.max(n, 1) }));
const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const shortClock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const formatCount = number => digits[0].format(number);

/** Two significant digits below 10, whole numbers above: 0.42, 9.5, 1,284. */
function formatNumber(number) {
  if (typeof number !== "number") return number === "Infinity" ? "∞" : number === "-Infinity" ? "−∞" : "NaN";
  const size = Math.abs(number);
  if (size >= 1e9) return significant[3].format(number / 1e9) + SPACE + "billion";
  return size >= 9.95 || size === 0 ? digits[0].format(number) : significant[2].format(number);
}

/** Gauges keep three significant digits: 36.6, 1,284. */
function formatValue(number) {
  return typeof number === "number" && Math.abs(number) < 100 ? significant[3].format(number) : formatNumber(number);
}

const formatRate = perSecond => formatNumber(perSecond) + "/s";

/** A ratio as percent: 0 %, 0.42 %, 1.9 %, 12 %. */
function formatShare(ratio) {
  if (!Number.isFinite(ratio)) return NOTHING;
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.01) return "<" + SPACE + "0.01" + SPACE + "%";
  const places = percent < 1 ? 2 : percent < 9.95 ? 1 : 0;
  return digits[places].format(percent > 99 && percent < 100 ? Math.min(percent, 99.9) : percent) + SPACE + "%";
}

/** A duration with its unit: 850 µs, 3.2 ms, 148 ms, 1.4 s, 2 min 5 s. */
function formatSeconds(seconds) {
  if (!Number.isFinite(seconds)) return NOTHING;
  if (seconds === 0) return "0" + SPACE + "ms";
  const size = Math.abs(seconds);
  if (size < 0.0009995) return formatNumber(seconds * 1e6) + SPACE + "µs";
  if (size < 0.9995) return formatNumber(seconds * 1e3) + SPACE + "ms";
  if (size < 59.5) return formatNumber(seconds) + SPACE + "s";
  return formatDuration(seconds);
}

/** The bound of a bucket, exact to three digits: 25 ms, 7.5 s. */
function formatBound(seconds) {
  if (seconds === Infinity) return "∞";
  if (seconds >= 1) return significant[3].format(seconds) + SPACE + "s";
  if (seconds >= 0.001) return significant[3].format(seconds * 1e3) + SPACE + "ms";
  return significant[3].format(seconds * 1e6) + SPACE + "µs";
}

/** A longer duration in its two largest units: 45 s, 3 min 5 s, 3 h 12 min, 2 d 4 h. */
function formatDuration(seconds) {
  const units = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const whole = Math.max(0, Math.round(seconds));
  const first = Math.max(
    0,
    units.findIndex(([size]) => whole >= size),
  );
  if (whole === 0) return "0" + SPACE + "s";
  const [size, unit] = units[first];
  const text = Math.floor(whole / size) + SPACE + unit;
  const rest = units[first + 1] ? Math.floor((whole % size) / units[first + 1][0]) : 0;
  return rest > 0 ? text + " " + rest + SPACE + units[first + 1][1] : text;
}

/** How long ago in words: "just now", "12 seconds ago", "3 minutes ago". */
function formatAge(seconds) {
  if (seconds < 1.5) return "just now";
  const [count, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  const whole = Math.round(count);
  return whole + " " + unit + (whole === 1 ? "" : "s") + " ago";
}

/** Bytes with decimal units: 880 B, 1.2 kB, 212 MB. */
function formatBytes(bytes) {
  if (!Number.isFinite(bytes)) return NOTHING;
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let index = 0;
  for (let size = Math.abs(bytes); size >= 999.5 && index < units.length - 1; size /= 1000) index++;
  return formatNumber(bytes / 1000 ** index) + SPACE + units[index];
}

const formatDay = unixSeconds => day.format(unixSeconds * 1000);
const formatTime = unixSeconds => clock.format(unixSeconds * 1000);
const formatMinute = unixSeconds => shortClock.format(unixSeconds * 1000);

/** An estimated quantile, honest about its bucket: "< 100 ms", "> 1 s", "≈ 320 ms" from a wide bucket. */
function formatQuantile(quantile) {
  if (quantile === null) return NOTHING;
  if (quantile.below) return "<" + SPACE + formatBound(quantile.value);
  if (quantile.above) return ">" + SPACE + formatBound(quantile.value);
  return (quantile.wide ? "≈" + SPACE : "") + formatSeconds(quantile.value);
}

/** A value in the unit that the name of its metric ends in, as the conventions of Prometheus have it. */
function formatInUnit(value, unit) {
  if (typeof value !== "number" || !Number.isFinite(value)) return formatNumber(String(value));
  if (unit === "seconds") return formatSeconds(value);
  if (unit === "bytes") return formatBytes(value);
  if (unit === "time" && value > 1e9) return formatDay(value) + ", " + formatTime(value);
  return unit === "ratio" ? formatShare(value) : formatValue(value);
}

function unitOf(name) {
  if (/_(time|timestamp)_seconds$/.test(name)) return "time";
  const unit = /_(seconds|bytes|ratio)(_total|_count|_sum)?$/.exec(name);
  return unit ? unit[1] : null;
}

const plural = (count, noun) => formatCount(count) + " " + noun + (count === 1 ? "" : "s");
