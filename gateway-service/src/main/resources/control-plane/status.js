"use strict";

// Everything that comes from the server is put into the page as text, never as markup.

const TOKEN_KEY = "holdfast.token";
/** The server sends something at least every ten seconds; two and a half times that is a dead connection. */
const SILENCE_LIMIT_MS = 25000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15000;
const EVENTS_SHOWN = 25;
/** However often the state changes, the journal is read no more often than this. */
const EVENTS_INTERVAL_MS = 2000;
/** And no less often, since an event need not change what is shown. */
const EVENTS_REFRESH_MS = 15000;

const byId = (id) => document.getElementById(id);

// Small helpers for the page ------------------------------------------------------------------------------------------

function setText(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

function element(name, className, text) {
  const created = document.createElement(name);
  if (className) {
    created.className = className;
  }
  if (text !== undefined) {
    created.textContent = text;
  }
  return created;
}

/** Makes the children of `parent` those of `items`, in order; keeps the elements that are there already. */
function reconcile(parent, items, keyOf, create, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = known.get(key);
    known.delete(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    if (child === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(child, next);
    }
    update(child, item);
  }
  known.forEach((child) => child.remove());
}

function shape(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#shape-" + name);
  svg.append(use);
  return svg;
}

function duration(seconds) {
  if (seconds < 60) {
    return Math.max(0, Math.floor(seconds)) + " s";
  }
  if (seconds < 3600) {
    return Math.floor(seconds / 60) + " min";
  }
  if (seconds < 172800) {
    return Math.floor(seconds / 3600) + " h";
  }
  return Math.floor(seconds / 86400) + " days";
}

function setTime(time, at) {
  if (time.dateTime !== at) {
    time.dateTime = at;
    time.title = new Date(at).toLocaleString();
    age(time);
  }
}

function age(time) {
  const ago = (Date.now() - Date.parse(time.dateTime)) / 1000;
  setText(time, (time.dataset.prefix || "") + duration(ago) + (time.dataset.suffix || ""));
}

setInterval(() => document.querySelectorAll("time").forEach(age), 1000);

function plural(count, one, many) {
  return count + " " + (count === 1 ? one : many);
}

// What a node's state is called ---------------------------------------------------------------------------------------

function stateOf(node) {
  if (node.adminState === "MAINTENANCE") {
    return { shape: "maintenance", tone: "info", text: "Maintenance", why: "Taken out of service by an operator" };
  }
  if (node.adminState === "DRAINING") {
    const left = node.outstanding > 0 ? plural(node.outstanding, "request", "requests") + " to finish" : "No requests left";
    return { shape: "draining", tone: "info", text: "Draining", why: left };
  }
  if (node.phase === "SYNCHRONISING" && node.health !== "UNHEALTHY") {
    return { shape: "joining", tone: "info", text: "Synchronising", why: "Takes traffic once it is checked and synchronised" };
  }
  if (node.health === "UNHEALTHY") {
    return { shape: "unhealthy", tone: "bad", text: "Unhealthy", why: node.reason || "" };
  }
  if (node.ejectedUntil) {
    const until = new Date(node.ejectedUntil).toLocaleTimeString();
    return { shape: "ejected", tone: "warn", text: "Ejected", why: "Failed this gateway's requests; tried again at " + until };
  }
  if (node.health === "UNKNOWN") {
    const kept = node.takesTraffic ? "Still takes traffic by the last verdict" : "Takes no traffic";
    return { shape: "unknown", tone: "warn", text: "Unknown", why: node.reason || kept };
  }
  if (node.takesTraffic) {
    return { shape: "serving", tone: "good", text: "Serving", why: "" };
  }
  return { shape: "idle", tone: "", text: "Idle", why: node.weight === 0 ? "Its weight is 0" : "Takes no traffic" };
}

// Rendering -----------------------------------------------------------------------------------------------------------

function render(status) {
  const nodes = status.clusters.flatMap((cluster) => cluster.members);
  const count = (test) => nodes.filter(test).length;
  renderFraction(byId("sum-taking"), count((node) => node.takesTraffic), nodes.length);
  renderFraction(byId("sum-healthy"), count((node) => node.health === "HEALTHY"), nodes.length);
  setText(byId("sum-clusters"), status.clusters.length);
  setText(byId("sum-outstanding"), nodes.reduce((sum, node) => sum + node.outstanding, 0).toLocaleString());

  byId("no-clusters").hidden = status.clusters.length > 0;
  byId("no-regions").hidden = status.regions.length > 0;
  reconcile(byId("clusters"), status.clusters, (cluster) => cluster.id, newCluster, renderCluster);
  reconcile(byId("regions"), status.regions, (region) => region.id, newRegion, renderRegion);
  renderNotices();
  setText(byId("table-note"), "Seen by this gateway, routing by revision " + status.tableRevision + ".");
}

function renderFraction(target, some, all) {
  if (!target.querySelector("small")) {
    target.replaceChildren(document.createTextNode(""), element("small"));
  }
  if (target.firstChild.data !== String(some)) {
    target.firstChild.data = String(some);
  }
  setText(target.querySelector("small"), " of " + all);
}

function renderNotices() {
  const notices = [];
  if (session.failures > 1 && session.heardAt !== null) {
    notices.push({ id: "connection", text: "This gateway can't be reached. What is shown was so at " + new Date(session.heardAt).toLocaleTimeString() + "." });
  }
  if (!session.storeInContact) {
    notices.push({ id: "store", text: "The cluster-state store is out of contact. Routing goes on by the last state known, which is shown here." });
  }
  reconcile(byId("notices"), notices, (notice) => notice.id, () => element("p", "notice"), (line, notice) => setText(line, notice.text));
}

function newRegion() {
  const row = element("tr");
  const name = element("th");
  name.scope = "row";
  name.append(element("span", "name"), element("span", "soft id"));
  row.append(name, element("td", "zones"), element("td", "number taking"));
  return row;
}

function renderRegion(row, region) {
  setText(row.querySelector(".name"), region.displayName);
  setText(row.querySelector(".id"), region.displayName === region.id ? "" : region.id);
  setText(row.querySelector(".zones"), region.zones.join(", "));
  setText(row.querySelector(".taking"), region.takingTraffic + " of " + region.nodes);
}

function newCluster(cluster) {
  const card = element("article", "panel cluster");
  const title = element("h3");
  title.id = "cluster-" + cluster.id;
  card.setAttribute("aria-labelledby", title.id);
  const header = element("header");
  const panic = element("p", "panic");
  panic.textContent = "Panic: too few nodes are fit, so requests are spread over all of them.";
  header.append(title, element("p", "counts"), panic);

  const table = element("table", "nodes");
  const caption = element("caption", "unseen", "Nodes of cluster " + cluster.id);
  const head = element("thead");
  const columns = element("tr");
  for (const [text, className] of [["Node", ""], ["State", ""], ["Verdict since", ""], ["Zone and address", ""], ["Under way", "number"]]) {
    const column = element("th", className, text);
    column.scope = "col";
    columns.append(column);
  }
  head.append(columns);
  table.append(caption, head, element("tbody"));
  card.append(header, table);
  return card;
}

/** How it stands with the primary of a cluster that has one, as the beginning of a line. */
function primaryOf(cluster) {
  if (!cluster.primary) {
    return "";
  }
  const paused = cluster.primary.paused ? ", failover paused" : "";
  return cluster.primary.phase + " in epoch " + cluster.primary.epoch + paused + "; ";
}

function renderCluster(card, cluster) {
  setText(card.querySelector("h3"), cluster.id);
  setText(card.querySelector(".counts"), primaryOf(cluster) + cluster.takingTraffic + " of " + plural(cluster.nodes, "node takes", "nodes take") + " traffic, " + cluster.healthy + " healthy");
  card.querySelector(".panic").hidden = !cluster.panic;
  reconcile(card.querySelector("tbody"), cluster.members, (node) => node.id, newNode, renderNode);
}

function newNode() {
  const row = element("tr");
  const name = element("th", "name");
  name.scope = "row";
  const state = element("td");
  state.append(element("span", "state"), element("span", "soft why"));
  const since = element("td", "since");
  const where = element("td", "where");
  where.append(element("span", "zone"), element("span", "soft address"));
  const outstanding = element("td", "number outstanding");
  for (const [cell, label] of [[since, "Verdict since"], [where, "Zone and address"], [outstanding, "Under way"]]) {
    cell.dataset.label = label;
  }
  row.append(name, state, since, where, outstanding);
  return row;
}

function renderNode(row, node) {
  const state = stateOf(node);
  const badge = row.querySelector(".state");
  if (badge.dataset.shape !== state.shape) {
    badge.dataset.shape = state.shape;
    badge.dataset.tone = state.tone;
    badge.replaceChildren(shape(state.shape), document.createTextNode(state.text));
  }
  setText(row.querySelector(".name"), node.id + (node.role === "ACTIVE" ? "" : " (" + node.role.toLowerCase() + ")"));
  setText(row.querySelector(".why"), state.why);
  setText(row.querySelector(".zone"), node.region + " / " + node.zone);
  setText(row.querySelector(".address"), node.address + (node.weight === 1 ? "" : ", weight " + node.weight));
  setText(row.querySelector(".outstanding"), node.outstanding);
  const since = row.querySelector(".since");
  if (!node.since) {
    setText(since, "No verdict yet");
  } else {
    if (!since.querySelector("time")) {
      since.replaceChildren(element("time"));
    }
    setTime(since.querySelector("time"), node.since);
  }
}

// Recent events -------------------------------------------------------------------------------------------------------

const events = { timer: null, dueAt: Infinity, readAt: 0, reading: false };

/** Has the journal read after the delay, or before it if that was wanted already. */
function wantEvents(delay) {
  const dueAt = Math.max(Date.now() + delay, events.readAt + EVENTS_INTERVAL_MS);
  if (dueAt < events.dueAt) {
    forgetEvents();
    events.dueAt = dueAt;
    events.timer = setTimeout(readEvents, dueAt - Date.now());
  }
}

function forgetEvents() {
  clearTimeout(events.timer);
  events.dueAt = Infinity;
}

async function readEvents() {
  events.dueAt = Infinity;
  const token = session.token;
  if (!token) {
    return;
  }
  if (events.reading) {
    wantEvents(EVENTS_INTERVAL_MS);
    return;
  }
  events.reading = true;
  events.readAt = Date.now();
  try {
    const response = await fetch("/api/v1/journal?limit=" + EVENTS_SHOWN, {
      headers: { Authorization: "Bearer " + token, Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(10000),
    });
    if (!response.ok) {
      throw new Error("status " + response.status);
    }
    const page = await response.json();
    if (token === session.token) {
      renderEvents(page.items);
    }
  } catch (failure) {
    console.info("the journal could not be read:", failure.message);
    if (token === session.token) {
      showEventsNote("The journal can't be read right now. " + (byId("events").childElementCount ? "These are the last events read." : ""));
    }
  } finally {
    events.reading = false;
    wantEvents(EVENTS_REFRESH_MS);
  }
}

function showEventsNote(text) {
  byId("events-note").hidden = text === "";
  setText(byId("events-note"), text);
}

function renderEvents(items) {
  const shown = items.slice(0, EVENTS_SHOWN);
  reconcile(byId("events"), shown, (event) => String(event.revision), newEvent, renderEvent);
  showEventsNote("");
  if (shown.length === 0) {
    byId("events-note").hidden = false;
    setText(byId("events-note"), "Nothing has happened yet.");
  }
}

function newEvent() {
  const line = element("li");
  const about = element("p", "soft");
  const time = element("time");
  time.dataset.suffix = " ago";
  about.append(time, element("span", "by"));
  line.append(element("p", "message"), about);
  return line;
}

function renderEvent(line, event) {
  setText(line.querySelector(".message"), event.message);
  setTime(line.querySelector("time"), event.at);
  setText(line.querySelector(".by"), " · " + event.actor + " · revision " + event.revision);
}

// The live connection -------------------------------------------------------------------------------------------------

const session = { token: null, generation: 0, abort: null, retryTimer: null, failures: 0, revision: null, heardAt: null, storeInContact: true };

function showConnection(state, text) {
  const connection = byId("connection");
  connection.dataset.state = state;
  setText(byId("connection-text"), text);
  byId("status").classList.toggle("stale", state === "waiting" && byId("status").dataset.known === "yes");
}

function connect() {
  stop();
  const generation = session.generation;
  if (session.failures === 0) {
    showConnection("waiting", "Connecting");
  }
  follow(generation).catch((failure) => {
    if (generation === session.generation) {
      console.info("the status stream ended:", failure.message);
      reconnectLater();
    }
  });
}

/** Ends what is under way; nothing of it may touch the page any more. */
function stop() {
  session.generation += 1;
  clearTimeout(session.retryTimer);
  if (session.abort) {
    session.abort.abort();
    session.abort = null;
  }
}

async function follow(generation) {
  const abort = new AbortController();
  session.abort = abort;
  let silence = setTimeout(() => abort.abort(), SILENCE_LIMIT_MS);
  try {
    const response = await fetch("/api/v1/status/stream", {
      headers: { Authorization: "Bearer " + session.token, Accept: "text/event-stream" },
      cache: "no-store",
      signal: abort.signal,
    });
    if (generation !== session.generation) {
      return;
    }
    if (response.status === 401 || response.status === 403) {
      refuse(response.status === 401 ? "This token is not known here." : "This token lacks the scope read.");
      return;
    }
    if (!response.ok) {
      throw new Error("status " + response.status);
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (generation !== session.generation) {
        return;
      }
      if (done) {
        throw new Error("the server closed the stream");
      }
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_LIMIT_MS);
      session.heardAt = Date.now();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      const newest = blocks.map(dataOf).filter((data) => data !== "").pop();
      if (newest !== undefined) {
        live(JSON.parse(newest));
      }
    }
  } finally {
    clearTimeout(silence);
    abort.abort();
  }
}

/** The data of one server-sent event; empty for a comment. */
function dataOf(block) {
  return block
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
}

function live(status) {
  session.failures = 0;
  session.storeInContact = status.storeInContact;
  byId("status").dataset.known = "yes";
  byId("status").hidden = false;
  showConnection("live", "Live");
  render(status);
  if (session.revision !== status.tableRevision) {
    session.revision = status.tableRevision;
    wantEvents(0);
  }
}

function reconnectLater() {
  session.failures += 1;
  const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (session.failures - 1));
  showConnection("waiting", "Reconnecting");
  renderNotices();
  session.retryTimer = setTimeout(connect, longest / 2 + (Math.random() * longest) / 2);
}

window.addEventListener("online", () => {
  if (session.token && byId("connection").dataset.state === "waiting") {
    connect();
  }
});

// Signing in ----------------------------------------------------------------------------------------------------------

function signIn(token) {
  sessionStorage.setItem(TOKEN_KEY, token);
  session.token = token;
  session.failures = 0;
  session.revision = null;
  setText(byId("token-error"), "");
  byId("sign-in").hidden = true;
  byId("forget").hidden = false;
  connect();
}

function askForToken() {
  stop();
  forgetEvents();
  sessionStorage.removeItem(TOKEN_KEY);
  session.token = null;
  session.heardAt = null;
  session.storeInContact = true;
  for (const id of ["clusters", "regions", "events", "notices"]) {
    byId(id).replaceChildren();
  }
  setText(byId("table-note"), "");
  byId("status").hidden = true;
  byId("status").dataset.known = "";
  byId("forget").hidden = true;
  byId("sign-in").hidden = false;
  showConnection("idle", "Not connected");
  byId("token").focus();
}

function refuse(why) {
  askForToken();
  showConnection("refused", "Token refused");
  setText(byId("token-error"), why);
}

byId("token-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const token = byId("token").value.trim();
  byId("token").value = "";
  // What a header can't carry can't be a token either.
  if (/^[\x21-\x7e]+$/.test(token)) {
    signIn(token);
    // The field that had the focus is gone from the page.
    byId("main").focus();
  } else {
    setText(byId("token-error"), "A token has no blanks and only plain characters.");
  }
});

byId("forget").addEventListener("click", askForToken);

/** A token given as /#token=… goes no further than this: the address bar and the history lose it at once. */
function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  return given && /^[\x21-\x7e]+$/.test(given) ? given : null;
}

function begin() {
  const token = takeTokenFromAddress() || sessionStorage.getItem(TOKEN_KEY);
  if (token) {
    signIn(token);
  } else {
    askForToken();
  }
}

window.addEventListener("hashchange", () => {
  const token = takeTokenFromAddress();
  if (token) {
    signIn(token);
  }
});

begin();
