/* What was being typed when the page had to be reloaded, by a server that was started anew or after a long time away:
   the new page shows it, so that it can be copied to where it belongs. */
(() => {
  "use strict";
  const KEPT = "agent_kanban_drafts";
  const typedInto = new Set();

  document.addEventListener("input", ({ target }) => {
    if (target.matches("textarea, input") && !target.closest(".name-menu")) typedInto.add(target);
  }, true);

  function keepDrafts() {
    const texts = [...typedInto].filter((field) => field.isConnected && field.value.trim()).map((field) => field.value);
    if (texts.length) sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, texts }));
  }

  function offerDrafts() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    if (kept?.path === location.pathname) kept.texts.forEach(offer);
  }

  function offer(text) {
    const box = document.createElement("section");
    box.className = "draft";
    box.innerHTML = `<label class="draft-label">Typed before the page was reloaded<textarea class="field" readonly rows="3"></textarea></label>
      <div class="draft-answers"><button type="button" class="button is-quiet">Discard</button><button type="button" class="button">Copy</button></div>`;
    const area = box.querySelector("textarea");
    const [discard, copy] = box.querySelectorAll("button");
    area.value = text;
    discard.addEventListener("click", () => box.remove());
    copy.addEventListener("click", async () => {
      copy.textContent = await copied(area) ? "Copied" : "Select it to copy";
    });
    place().append(box);
  }

  /* Pages that are not served from a secure origin have no clipboard, so there the older way is gone. */
  async function copied(area) {
    try {
      await navigator.clipboard.writeText(area.value);
      return true;
    } catch {
      area.select();
      return document.execCommand("copy");
    }
  }

  function place() {
    return document.querySelector(".drafts") ?? document.body.appendChild(Object.assign(document.createElement("div"), { className: "drafts" }));
  }

  window.AgentKanban = Object.assign(window.AgentKanban ?? {}, { keepDrafts, offerDrafts });
})();
