/* What depends on the time of day: who fell silent, what is late, and moments in the words of this place.

   The server writes moments as numbers (ms since 1970) and renders nothing again because time went by. These elements
   note themselves when they come and go, also when a card is painted anew, so that without any of them nothing ticks. */
(() => {
  "use strict";
  const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR, CALM = 30 * SECOND;
  const marks = new Set(), dates = new Set();
  let timer = null, pace = 0;

  /* The server's time, as far as the pulse knows it: leases are measured by its clock. */
  function now() {
    const { heard, contact, milliseconds } = AgentKanban.connection?.() ?? {};
    return heard ? Date.now() + heard - contact + milliseconds / 2 : Date.now();
  }

  function keepPace() {
    const wanted = marks.size ? SECOND : dates.size ? CALM : 0;
    if (wanted === pace) return;
    clearInterval(timer);
    pace = wanted;
    if (pace) timer = setInterval(draw, pace);
  }

  function draw() {
    for (const shown of marks) shown.draw();
    for (const shown of dates) shown.draw();
  }

  const span = (ms) => ms < MINUTE ? `${Math.max(1, Math.round(ms / SECOND))} s` : ms < HOUR ? `${Math.floor(ms / MINUTE)} min`
    : ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} days`;
  const unbroken = (text) => text.replaceAll(" ", "\u00a0");
  const clock = (at) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());
  const daysFrom = (at, from) => Math.round((midnight(at) - midnight(from)) / DAY);

  function day(at, from) {
    const apart = daysFrom(at, from);
    if (apart === 0) return "today";
    if (apart === 1) return "tomorrow";
    if (apart === -1) return "yesterday";
    const year = at.getFullYear() === from.getFullYear() ? {} : { year: "numeric" };
    return at.toLocaleDateString([], { day: "numeric", month: "short", ...year });
  }
  const moment = (at, from) => daysFrom(at, from) ? `${day(at, from)} ${clock(at)}` : clock(at);

  function write(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  class Shown extends HTMLElement {
    connectedCallback() { this.kin.add(this); keepPace(); this.draw(); }
    disconnectedCallback() { this.kin.delete(this); keepPace(); }
    word(name) { return this.querySelector(`[data-word="${name}"]`); }
    state(state) { if (this.dataset.state !== state) this.dataset.state = state; }
    told(text) { if (this.title !== text) this.title = text; }
  }

  /* Who works on a card. Silent is who let half of the lease pass without a sign of life; since when counts from the last one. */
  class ClaimMark extends Shown {
    get kin() { return marks; }
    draw() {
      const { heardAt, silentAt, expiresAt, since, told } = this.dataset, at = AgentKanban.now();
      const silent = at > silentAt, left = expiresAt - at, from = new Date(at);
      const began = moment(new Date(Number(since)), from), until = moment(new Date(Number(expiresAt)), from);
      const ends = left > 0 ? `lease ends in ${span(left)}` : "lease is ending";
      this.state(silent ? "silent" : "working");
      write(this.word("silence"), silent ? `${unbroken(`Silent ${span(at - heardAt)},`)} ${unbroken(ends)}` : "");
      write(this.word("since"), began);
      write(this.word("until"), until);
      if (told) this.told(`${told}\nSince ${began}, lease until ${until}`);
    }
  }

  class DueDate extends Shown {
    get kin() { return dates; }
    draw() {
      const at = AgentKanban.now(), due = new Date(Number(this.dataset.dueAt)), from = new Date(at), late = at - due;
      const apart = daysFrom(due, from);
      this.state(late > 0 ? "late" : apart <= 1 ? "soon" : "later");
      write(this.word("due"), late > 0 ? `${span(late)} late` : apart ? day(due, from) : clock(due));
      this.told(`Due ${day(due, from)} ${clock(due)}`);
    }
  }

  /* A plain input for a moment or a number. `data-kept` is what the server has; what is being typed stays. */
  const inForm = (input) => {
    const kept = input.dataset.kept ?? "";
    if (input.type !== "datetime-local" || !kept) return kept;
    const at = new Date(kept);
    return new Date(at - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
  };
  const typing = new Map(); // input -> the timer that hands its text over

  function settle(input, value) {
    clearTimeout(typing.get(input));
    typing.delete(input);
    if (input.value !== value) input.value = value;
    input.toggleAttribute("data-empty", !value);
  }

  function sync(input) {
    if (!typing.has(input)) settle(input, inForm(input));
  }

  function hand(input, emit) {
    const value = input.value, wrong = !input.checkValidity() || input.validity.badInput;
    if (wrong || value === inForm(input)) return settle(input, inForm(input));
    settle(input, value);
    emit(value && input.type === "datetime-local" ? new Date(value).toISOString() : value);
  }

  function heard(event, emit) {
    const input = event.currentTarget;
    if (event.type === "input") {
      // Keys in a date make it whole again and again: wait until they rest.
      clearTimeout(typing.get(input));
      typing.set(input, input.type === "datetime-local" ? setTimeout(() => input.validity.badInput || hand(input, emit), 1500) : 0);
      input.toggleAttribute("data-empty", !input.value && !input.validity.badInput);
    } else if (event.type === "blur") {
      hand(input, emit);
    } else if (event.key === "Enter") {
      event.preventDefault();
      hand(input, emit);
    } else if (event.key === "Escape" && typing.has(input)) {
      event.stopPropagation();
      settle(input, inForm(input));
    }
  }

  window.AgentKanban = Object.assign(window.AgentKanban ?? {}, { now, drawTimes: draw, plain: { sync, heard } });
  customElements.define("claim-mark", ClaimMark);
  customElements.define("due-date", DueDate);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) draw(); });
})();
