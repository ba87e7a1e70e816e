/* The board in the browser: what must not wait for the server, and what must not be lost while it speaks.

   held      While a pointer is down on a card or a column, messages of the server wait: Vue and SortableJS must agree
             on what is where until the drag is over. They are delivered, in order, right after it.
   restless  An update that rearranges cards keeps the place in every scroller and the focus, and moves by others are
             animated from where a card was to where it is.
   touched   What another person changed is outlined for a second, with their name. */

window.kanban = (() => {
  const MOVE_MS = 150;
  const TOUCH_MS = 1200;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const ofCard = (id) => document.querySelector(`.board .lane > [data-card="${id}"]`);

  // -- held ------------------------------------------------------------------------------------------------------

  const waiting = [];
  const touches = new Map(); // element id -> the last touch that was shown
  let deliver = null;
  let pressed = false;
  let dragging = false;

  function attach() {
    if (deliver) return;
    deliver = window.socket.onevent.bind(window.socket);
    window.socket.onevent = (packet) => (pressed || dragging ? waiting.push(packet) : receive(packet));
  }

  function release() {
    // After the event that ended the drag: by then Vue knows of the drop, and the server is told of it first.
    setTimeout(() => {
      if (pressed || dragging) return;
      while (waiting.length) receive(waiting.shift());
    });
  }

  document.addEventListener("pointerdown", (event) => {
    pressed = event.button === 0 && !!event.target.closest?.(".board [data-card], .board .column-head");
  }, true);
  for (const type of ["pointerup", "pointercancel"]) {
    document.addEventListener(type, () => { pressed = false; release(); }, true);
  }
  window.addEventListener("blur", () => { pressed = false; release(); });

  // SortableJS tells of drags with bubbling events of these names.
  document.addEventListener("start", (event) => {
    if (!event.item?.closest(".board")) return;
    dragging = true;
    document.body.classList.add(event.item.dataset.card ? "is-dragging-card" : "is-dragging-column");
  });
  document.addEventListener("end", (event) => {
    if (!dragging) return;
    dragging = false;
    document.body.classList.remove("is-dragging-card", "is-dragging-column");
    dropped(event);
    release();
  });

  function dropped({ item, from, to, oldIndex, newIndex }) {
    if (from === to && oldIndex === newIndex) return;
    const kind = item.dataset.card ? "card" : "column";
    const beside = (element) => Number(element?.dataset[kind]) || null;
    const detail = {
      [kind]: Number(item.dataset[kind]),
      after: beside(item.previousElementSibling),
      before: beside(item.nextElementSibling),
    };
    if (kind === "card") Object.assign(detail, { source: Number(from.dataset.lane), to: Number(to.dataset.lane) });
    item.closest(".board-scroll").dispatchEvent(new CustomEvent(`drop${kind}`, { detail }));
  }

  // -- restless --------------------------------------------------------------------------------------------------

  let before = null; // how things were before the updates that are being shown

  function receive(packet) {
    const [event, message] = packet.data;
    if (event !== "update" || !document.querySelector(".board")) return deliver(packet);
    const flashes = newTouches(message);
    const rearranges = Object.keys(message).some((id) => document.getElementById("c" + id)?.matches(".lane, .board"));
    const first = !before && (rearranges || flashes.length);
    if (first) before = { ...(rearranges ? remember() : null), flashes };
    else if (before) before.flashes.push(...flashes);
    deliver(packet);
    if (first) requestAnimationFrame(settle);
  }

  function remember() {
    const active = document.activeElement;
    const cards = new Map();
    for (const element of document.querySelectorAll(".board .lane > [data-card]")) {
      cards.set(element.dataset.card, { box: element.getBoundingClientRect(), lane: element.parentElement.dataset.lane });
    }
    const columns = new Map();
    for (const element of document.querySelectorAll(".board > .column")) columns.set(element, element.getBoundingClientRect());
    const scrolled = [...document.querySelectorAll(".board .lane")].map((lane) => [lane, lane.scrollTop]);
    return { active, activeCard: active?.closest?.("[data-card]")?.dataset.card, cards, columns, scrolled };
  }

  function settle() {
    const was = before;
    before = null;
    if (was.cards) {
      for (const [lane, top] of was.scrolled) if (top && lane.isConnected && !lane.scrollTop) lane.scrollTop = top;
      refocus(was);
      if (!calm.matches) glide(was);
    }
    for (const id of was.flashes) flash(document.getElementById(id));
  }

  function refocus({ active, activeCard }) {
    if (!active || active === document.body || document.activeElement !== document.body) return;
    const target = active.isConnected ? active : activeCard && ofCard(activeCard);
    target?.focus({ preventScroll: true });
  }

  function glide({ cards, columns }) {
    const seen = (box) => box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const moved = [];
    for (const element of document.querySelectorAll(".board .lane > [data-card]")) {
      const old = cards.get(element.dataset.card);
      if (!old) continue;
      const box = element.getBoundingClientRect();
      if ((old.box.left !== box.left || old.box.top !== box.top) && (seen(old.box) || seen(box))) moved.push([element, old, box]);
    }
    for (const [element, old, box] of moved) {
      if (old.lane === element.parentElement.dataset.lane) slide(element, old.box, box);
      else fly(element, old.box, box);
    }
    for (const [element, old] of columns) if (element.isConnected) slide(element, old, element.getBoundingClientRect());
  }

  function slide(element, old, box) {
    const x = old.left - box.left, y = old.top - box.top;
    if (x || y) element.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], { duration: MOVE_MS, easing: "ease-out" });
  }

  // A lane clips what leaves it, so a copy travels above the board while the card itself waits unseen.
  function fly(element, old, box) {
    const copy = element.cloneNode(true);
    copy.removeAttribute("id");
    copy.setAttribute("aria-hidden", "true");
    copy.classList.add("is-flying");
    Object.assign(copy.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px` });
    document.body.append(copy);
    const timing = { duration: MOVE_MS, easing: "ease-out" };
    element.animate([{ opacity: 0 }, { opacity: 0 }], timing);
    const flight = copy.animate([{ transform: `translate(${old.left - box.left}px, ${old.top - box.top}px)` }, {}], timing);
    flight.onfinish = flight.oncancel = () => copy.remove();
  }

  // -- touched ---------------------------------------------------------------------------------------------------

  function newTouches(message) {
    const found = [];
    for (const [id, element] of Object.entries(message)) {
      const touch = element?.props?.["data-touch"];
      if (touch === undefined || touches.get(id) === touch) continue;
      touches.set(id, touch);
      found.push("c" + id);
    }
    return found;
  }

  function flash(element) {
    if (!element || calm.matches) return;
    const ring = getComputedStyle(element).getPropertyValue("--accent");
    const timing = { duration: TOUCH_MS, easing: "cubic-bezier(.5, 0, 1, .6)" };
    element.animate([{ boxShadow: `0 0 0 2px ${ring}` }, { boxShadow: "0 0 0 2px transparent" }], timing);
    element.animate([{ opacity: 1 }, { opacity: 0 }], { ...timing, pseudoElement: "::after" });
  }

  // -- what the handlers of the page use ---------------------------------------------------------------------------

  /* What a click or a key on the board means: an action of a column, a card, or nothing. */
  function meant({ target }) {
    const action = target.closest("[data-action]");
    const column = Number(target.closest("[data-column]")?.dataset.column) || null;
    if (action) return { action: action.dataset.action, column, anchor: action.id };
    const card = Number(target.closest("[data-card]")?.dataset.card);
    return card ? { action: "open", card } : null;
  }

  /* The id of the column that wants more cards, because its scroller nears the end of those that are there. */
  function hungry({ target }) {
    if (!target.dataset?.more) return null;
    return target.scrollHeight - target.scrollTop - target.clientHeight < 800 ? Number(target.dataset.lane) : null;
  }

  /* Keys of an inline editor. Enter hands over the text, unless an input method is composing; Escape gives up. */
  function editorKey(event, emit) {
    const editor = event.target;
    event.stopPropagation();
    if (event.key === "Escape") {
      editor.dataset.over = "1";
      emit({ action: "cancel", text: "" });
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const text = editor.value.trim();
      if (editor.dataset.stays) editor.value = "";
      else editor.dataset.over = "1";
      if (text || !editor.dataset.stays) emit({ action: "submit", text });
    }
  }

  /* Leaving: a text for a card is kept where it is, a name is taken as it stands, an empty editor closes. */
  function editorLeft({ target: editor }, emit) {
    if (editor.dataset.over || !document.hasFocus()) return;
    // The menu that opened the editor is closing, and gives the focus back to its button.
    if (document.querySelector(".q-menu")) return void setTimeout(() => editor.focus());
    const text = editor.value.trim();
    if (text && editor.dataset.stays) return;
    editor.dataset.over = "1";
    emit({ action: text ? "submit" : "cancel", text });
  }

  function editorOpened(editor) {
    editor.value = editor.dataset.text ?? "";
    editor.focus();
    editor.select();
    editor.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* A text that was refused is there again, unless the next one has been begun. */
  function putBack(id, text) {
    const editor = document.getElementById(id);
    if (editor && !editor.value) editor.value = text;
  }

  function showCard(id) {
    requestAnimationFrame(() => ofCard(id)?.scrollIntoView({ block: "nearest", inline: "nearest" }));
  }

  /* The end of the board, where a new column has just come. */
  function showEnd() {
    requestAnimationFrame(() => document.querySelector(".board-scroll")?.scrollTo({ left: 1e6 }));
  }

  /* The address names the card that is open, so that it can be sent to somebody, and going back closes it. */
  function showAddress(ref) {
    const url = new URL(location);
    const shown = url.searchParams.get("card");
    if (ref === shown) return;
    if (!ref && history.state?.opensCard) return history.back();
    if (ref) url.searchParams.set("card", ref); else url.searchParams.delete("card");
    if (ref && !shown) history.pushState({ ...history.state, opensCard: true }, "", url);
    else history.replaceState(history.state, "", url);
  }

  window.addEventListener("popstate", () => {
    if (document.querySelector(".board")) emitEvent("card_address", new URL(location).searchParams.get("card"));
  });

  /* A button that goes away when it is pressed leaves the focus to nobody: Escape closes the card all the same. */
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || document.activeElement !== document.body) return;
    document.querySelector(".card-dialog .sheet-room")?.dispatchEvent(new KeyboardEvent("keydown", { key }));
  });

  /* The line for a first visit shows until it is sent away, once a browser. */
  function hint(element) {
    try { element.hidden = localStorage.getItem("kanban-hint") === "seen"; } catch { element.hidden = true; }
    element.querySelector("button")?.addEventListener("click", () => {
      element.hidden = true;
      try { localStorage.setItem("kanban-hint", "seen"); } catch { /* it comes back next time */ }
    });
  }

  return { attach, meant, hungry, editorKey, editorLeft, editorOpened, putBack, showCard, showEnd, showAddress, hint };
})();
