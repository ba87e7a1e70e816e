/* What the browser itself knows about its connection: the badge, the way back, and what it remembers. */
(() => {
  "use strict";
  const PULSE_EVERY = 5000, PATIENCE = 4000, STALE_AFTER = 10000, NOTE = "agent_kanban_away", YEAR = 365 * 24 * 3600;

  /* `contact` is the browser's time of the last answered pulse, `heard` the server's time in it. */
  let socket, contact = Date.now(), heard = 0, milliseconds = null, broken = false, lost = false, asking = false;
  const typed = new Map();

  const state = () => !broken ? (milliseconds === null ? "connecting" : "live") : Date.now() - contact > STALE_AFTER ? "stale" : "reconnecting";

  function words(now) {
    if (now === "live") return "Live";
    if (now === "reconnecting") return "Reconnecting";
    if (now === "connecting") return "Connecting";
    const since = new Date(contact).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    return matchMedia("(max-width: 700px)").matches ? `Stale since ${since}` : `Stale since ${since}, changes wait`;
  }

  function draw() {
    const now = state();
    document.documentElement.dataset.live = now;
    for (const badge of document.querySelectorAll("[data-live].live")) {
      const [, word, time] = badge.children;
      badge.dataset.state = now;
      if (word.textContent !== words(now)) word.textContent = words(now);
      time.textContent = milliseconds === null ? "" : `${Math.max(1, Math.round(milliseconds))} ms`;
      badge.title = now === "live" ? `Round trip to the server: ${time.textContent}`
        : "What you see may be out of date. It catches up by itself.";
    }
  }

  function pulse() {
    if (!socket?.connected || asking) return;
    const asked = performance.now();
    asking = true;
    socket.volatile.timeout(PATIENCE).emit("agent_kanban_pulse", {}, (problem, answer) => {
      asking = false;
      if (problem || !answer) {
        broken = true;
      } else {
        // The first answer competes with the page that is being built: ask again soon.
        if (milliseconds === null) setTimeout(pulse, 1000);
        milliseconds = performance.now() - asked;
        const away = Date.now() - contact, before = heard;
        contact = Date.now();
        heard = answer.now;
        if (broken) cameBack(away, before);
        broken = lost = false;
        for (const [id, { at }] of typed) if (at < contact - PATIENCE) typed.delete(id);
      }
      draw();
    });
  }

  function cameBack(away, before) {
    resendTyped(contact - away);
    if (lost && before) emitEvent("came_back", { away, heard: before, reloaded: false });
  }

  /* Texts typed while nothing got through. A late update from the server must not put them back, and the server
     must hear of them. Concerns inputs whose text the server follows; those have a listener for its updates. */
  const textListener = (id) => mounted_app?.elements[id]?.events?.find((event) => /^update:(value|modelValue|model-value)$/.test(event.type));

  function noteTyping(event) {
    for (let at = event.target; at && at !== document.body; at = at.parentElement) {
      const id = /^c(\d+)$/.exec(at.id)?.[1];
      if (id && textListener(id)) return void typed.set(id, { at: Date.now(), text: event.target.value });
    }
  }

  function keepTyped(event, message) {
    if (event !== "update" || !message || !broken) return;
    for (const [id, { at }] of typed) {
      if (message[id] && at > contact) (message[id].preserved_props ??= []).push("value", "model-value");
    }
  }

  function resendTyped(since) {
    for (const [id, { at, text }] of typed) {
      const listener = textListener(id);
      if (at < since || !listener) continue;
      socket.emit("event", { id: Number(id), client_id: window.clientId, listener_id: listener.listener_id, args: [JSON.stringify(text)] });
    }
    typed.clear();
  }

  function attach() {
    socket = window.socket;
    if (!socket) return void setTimeout(attach, 20);
    socket.prependAny(keepTyped);
    socket.on("connect", () => {
      asking = false;
      socket.io.timeout(6000).reconnectionDelayMax(2000);
      pulse();
    });
    socket.on("disconnect", () => { broken = lost = true; asking = false; draw(); });
    /* NiceGUI reloads the page when an attempt times out, which trades a stale board for the browser's error page. */
    const theirs = socket.listeners("connect_error");
    socket.off("connect_error");
    socket.on("connect_error", (problem) => {
      if (heard && problem.message === "timeout") return;
      for (const handler of theirs) handler(problem);
    });
    pulse();
    const note = takeNote();
    if (note) emitEvent("came_back", note);
    AgentKanban.offerDrafts();
  }

  function leaveNote() {
    if (!broken) return;
    sessionStorage.setItem(NOTE, JSON.stringify({ path: location.pathname, contact, heard }));
    AgentKanban.keepDrafts();
  }

  function takeNote() {
    const kept = sessionStorage.getItem(NOTE);
    sessionStorage.removeItem(NOTE);
    if (!kept) return null;
    const note = JSON.parse(kept);
    return note.path === location.pathname ? { away: Date.now() - note.contact, heard: note.heard, reloaded: true } : null;
  }

  function chooseTheme(theme) {
    document.cookie = `agent_kanban_theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    applyDark();
  }

  function applyDark() {
    const theme = document.documentElement.dataset.theme;
    setDark(theme ? theme === "dark" : null);
  }

  /* `<time-ago datetime="...">`: a moment in words that stay true while the page is open. */
  class TimeAgo extends HTMLElement {
    static observedAttributes = ["datetime"];
    connectedCallback() { TimeAgo.all.add(this); this.draw(); }
    disconnectedCallback() { TimeAgo.all.delete(this); }
    attributeChangedCallback() { this.draw(); }
    draw() {
      const at = new Date(this.getAttribute("datetime"));
      if (isNaN(at)) return;
      const seconds = Math.max(0, (Date.now() - at) / 1000);
      const text = seconds < 45 ? "just now" : seconds < 3600 ? `${Math.max(1, Math.round(seconds / 60))} min ago`
        : seconds < 86400 ? `${Math.round(seconds / 3600)} h ago` : seconds < 172800 ? "yesterday"
        : seconds < 2592000 ? `${Math.round(seconds / 86400)} days ago` : at.toLocaleDateString();
      if (this.textContent !== text) this.textContent = text;
      this.title = at.toLocaleString();
    }
  }
  TimeAgo.all = new Set();
  customElements.define("time-ago", TimeAgo);

  window.AgentKanban = Object.assign(window.AgentKanban ?? {}, { chooseTheme, drawBadge: draw, connection: () => ({ state: state(), contact, heard, milliseconds }) });
  document.addEventListener("DOMContentLoaded", () => { applyDark(); attach(); draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { draw(); pulse(); } });
  document.addEventListener("input", noteTyping, true);
  window.addEventListener("online", pulse);
  window.addEventListener("pagehide", leaveNote);
  setInterval(pulse, PULSE_EVERY);
  setInterval(draw, 1000);
  setInterval(() => TimeAgo.all.forEach((shown) => shown.draw()), 15000);
})();
