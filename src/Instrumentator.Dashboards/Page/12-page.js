// The page: asks the server once a second, and shows what came.

const POLL_SECONDS = 1;
const TIMEOUT_SECONDS = 10;
const RETRY_SECONDS = [1, 2, 4, 8, 10];
const MESSAGE_SECONDS = 10;

const reducesMotion = matchMedia("(prefers-reduced-motion: reduce)");
const canHover = matchMedia("(hover: hover)");

const live = new LiveHistory();
let search = new FindingSearch();
const state = {
  windowKey: "5m",
  isPaused: false,
  failures: 0,
  lostAt: null,
  lastAt: null,
  hasAccess: true,
  message: null,
  restartedAt: null,
  findings: [],
};
let timer = 0;
let isAsking = false;

const tiles = new Tiles();
const heatmap = new Heatmap();
const handlerTable = new HandlerTable(() => draw());
const ownMetrics = new OwnMetrics(() => draw());

/** Tells screen readers what a control did. */
function announce(text) {
  byId("announcer").textContent = text;
}

/** Asks for the shown window first, then for all, so that switching is immediate. */
function wantedWindows() {
  return live.windows[state.windowKey] ? WINDOWS : [state.windowKey];
}

async function ask() {
  const address = location.pathname.replace(/\/+$/, "") + "/data?" + live.query(wantedWindows());
  const response = await fetch(address, {
    cache: "no-store",
    redirect: "manual",
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
  });
  if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) return null;
  if (!response.ok) throw new Error("Status " + response.status);
  return await response.json();
}

/** One request at a time. The next one is due a second after this one started, or later if the server is slow. */
async function poll() {
  clearTimeout(timer);
  if (isAsking || state.isPaused || document.hidden) return;
  isAsking = true;
  const startedAt = performance.now();
  const isFirst = live.info === null;
  try {
    const response = await ask();
    if (response) accept(response);
    else state.hasAccess = false;
  } catch {
    state.failures++;
    state.lostAt ??= state.lastAt ?? Date.now() / 1000;
  }
  isAsking = false;
  schedule(startedAt, isFirst && state.failures === 0 && state.hasAccess);
  draw();
}

function schedule(startedAt, isImmediate) {
  const backoff = RETRY_SECONDS[Math.min(state.failures, RETRY_SECONDS.length) - 1];
  const seconds = !state.hasAccess ? RETRY_SECONDS.at(-1) : state.failures > 0 ? backoff : POLL_SECONDS;
  const elapsed = state.failures > 0 ? 0 : performance.now() - startedAt;
  timer = setTimeout(poll, isImmediate ? 0 : Math.max(50, seconds * 1000 - elapsed));
}

function accept(response) {
  const wasLost = state.failures > 0 || !state.hasAccess;
  const restarted = live.accept(response);
  if (restarted) {
    search = new FindingSearch();
    state.findings = [];
    handlerTable.reset();
    ownMetrics.reset();
    state.restartedAt = response.started;
  }
  if (restarted || wasLost)
    state.message = {
      text: restarted ? "App restarted" : "Connected again",
      until: Date.now() / 1000 + MESSAGE_SECONDS,
    };
  Object.assign(state, { failures: 0, lostAt: null, lastAt: Date.now() / 1000, hasAccess: true });
}

/** The state as [word for the style, text of the status]. */
function describeState() {
  if (!state.hasAccess) return ["lost", "No access"];
  if (state.failures > 0) return ["lost", "Connection lost, trying again"];
  if (state.lastAt === null) return ["waiting", "Loading"];
  if (!live.info.enabled) return ["waiting", "Metrics are off"];
  if (state.isPaused) return ["waiting", "Paused"];
  if (state.message && Date.now() / 1000 < state.message.until) return ["live", state.message.text];
  return ["live", "Live"];
}

function describeNotice() {
  if (!state.hasAccess) return live.info ? "No access any more:" : "No access:";
  if (state.failures > 0) {
    const lostAt = formatTime(state.lostAt);
    return live.info
      ? "Connection lost at " + lostAt + ". The numbers below are from then; trying again…"
      : "No connection to the app yet; trying again…";
  }
  if (live.info && !live.info.enabled)
    return "Metrics are switched off by their environment variable. Set it and start the app again.";
  return state.restartedAt
    ? "The app restarted at " + formatTime(state.restartedAt) + ". Its history starts over."
    : "";
}

function drawState() {
  const [kind, text] = describeState();
  setText(byId("status-text"), text);
  setAttribute(byId("status"), "class", kind);
  const notice = describeNotice();
  setText(byId("notice-text"), notice);
  setHidden(byId("notice"), notice === "");
  setHidden(byId("reload"), state.hasAccess);
  const isRestart = state.restartedAt !== null && kind !== "lost" && live.info?.enabled;
  setHidden(byId("dismiss"), !isRestart);
  byId("notice").classList.toggle("calm", kind !== "lost");
  document.body.classList.toggle("stale", kind === "lost");
  setHidden(byId("loading"), live.info !== null || kind === "lost");
  setHidden(byId("content"), !live.info?.enabled);
}

function drawAbout({ title, version, environment, now, started }) {
  setText(byId("title"), title);
  const plain = title.replace(/[\u202a-\u202e\u2066-\u2069]/g, ""); // no bidi controls in the tab bar
  const tab = plain + " · live metrics";
  if (document.title !== tab) document.title = tab;
  setText(
    byId("about"),
    [version, environment, "up " + formatDuration(now - started)].filter(text => text).join(" · "),
  );
}

function drawFooter({ enabled, metrics }) {
  setHidden(byId("footer"), !enabled);
  if (!enabled) return;
  const names = [
    metrics.requests,
    metrics.latency,
    metrics.handlerLatency,
    metrics.requestSize,
    metrics.responseSize,
    metrics.inProgress,
    metrics.longLived,
  ];
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  setHidden(byId("footer"), !enabled);
  if (!enabled) return;
  setText(byId("footer"), "From " + [...new Set(names.filter(name => name))].join(", ") + ". Times in " + zone + ".");
}

const findingItems = new Keyed(() => new FindingItem());

class FindingItem {
  constructor() {
    this.kind = element("span", { class: "kind" });
    this.name = element("code");
    this.text = element("span", { class: "what" });
    this.since = element("span", { class: "since muted" });
    this.button = element("button", { type: "button" }, this.kind, " ", this.name, " ", this.text, " ", this.since);
    this.button.addEventListener("click", () => handlerTable.reveal(this.rowKey));
    this.root = element("li", {}, this.button);
  }

  draw(finding, now) {
    this.rowKey = finding.entry.key;
    setAttribute(this.root, "class", finding.kind);
    setText(this.kind, finding.kind[0].toUpperCase() + finding.kind.slice(1));
    setText(this.name, finding.entry.label);
    setText(this.text, describeFinding(finding));
    setText(this.since, describeSince(finding, now));
  }
}

/** Findings need all windows. They change when something came, not when the viewer sorts or filters. */
function drawFindings() {
  if (state.findingsAt !== live.info.now && live.windows["15m"]) {
    state.findings = search.update(live, describeRows(live, live.windows["5m"]));
    state.findingsAt = live.info.now;
  }
  const items = state.findings.map(finding => {
    const item = findingItems.get(finding.key);
    item.draw(finding, live.info.now);
    return item.root;
  });
  setChildren(byId("findings"), items);
  setHidden(byId("findings"), items.length === 0);
  setHidden(byId("calm"), items.length > 0);
  setText(byId("calm"), calmText());
  setHidden(byId("try"), live.rows.length > 0);
  setText(byId("try-command"), "curl " + location.origin + "/");
}

function calmText() {
  if (!live.windows["15m"]) return "Looking…";
  const longest = WINDOWS.map(key => live.windows[key]).findLast(window => window?.slots.length > 0);
  const requests = sum(longest?.slots ?? [], slot => slot.requests);
  const errors = sum(longest?.slots ?? [], slot => slot.serverErrors);
  if (live.rows.length === 0) return "No requests yet.";
  const failures = !live.info.metrics.statuses
    ? ""
    : errors > 0
      ? formatCount(errors) + " server error" + (errors === 1 ? "" : "s") + " in " + plural(requests, "request") + ", "
      : "no server errors, ";
  return "Nothing stands out: " + failures + "no handler got slower.";
}

/** The chosen window; before its first slot ended, a finer one. */
function shownWindow() {
  const chosen = live.windows[state.windowKey];
  const busy = WINDOWS.map(key => live.windows[key]).find(window => window?.slots.length > 0);
  return chosen?.slots.length > 0 ? chosen : (busy ?? chosen);
}

function draw() {
  drawState();
  if (!live.info) return;
  drawAbout(live.info);
  drawFooter(live.info);
  const window = shownWindow();
  if (!live.info.enabled || !window) return;
  const entries = describeRows(live, window);
  tiles.draw(live, window, state.windowKey);
  drawFindings();
  setText(byId("latency-summary"), describeLatency(live, window, state.windowKey));
  heatmap.draw(live, window);
  handlerTable.draw(live, window, state.windowKey, entries);
  ownMetrics.draw(live, window);
}

byId("windows").addEventListener("change", event => {
  state.windowKey = event.target.value;
  draw();
  if (!live.windows[state.windowKey]) poll();
});

byId("pause").addEventListener("click", () => {
  state.isPaused = !state.isPaused;
  setText(byId("pause"), state.isPaused ? "Resume" : "Pause");
  draw();
  if (!state.isPaused) poll();
});

byId("dismiss").addEventListener("click", () => {
  state.restartedAt = null;
  draw();
});

byId("theme").addEventListener("change", () => {
  writeSetting("theme", byId("theme").value);
  applyTheme();
});

function applyTheme() {
  const theme = byId("theme").value;
  setAttribute(document.documentElement, "data-theme", theme === "auto" ? null : theme);
}

document.addEventListener("visibilitychange", () => poll());
addEventListener("resize", () => draw());

byId("theme").value = readSetting("theme") ?? "auto";
applyTheme();
poll();
