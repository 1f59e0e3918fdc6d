// Search in the browser and the year that is chosen. Nothing is sent anywhere.
const here = document.querySelector("script[data-root]");
const root = new URL(here.dataset.root || "./", location.href);
const current = here.dataset.year;
const field = document.getElementById("q");
const found = document.getElementById("found");
const select = document.getElementById("year");

// The year: what holds for it stands first, what does not is marked.
function showYear(year) {
  for (const part of document.querySelectorAll("[data-from]")) {
    const holds = part.dataset.from <= year && (!part.dataset.to || year <= part.dataset.to);
    if (part.matches("tr")) { part.hidden = !holds; continue; }
    part.classList.toggle("past", !holds);
    const head = part.querySelector("h2");
    head?.querySelector(".mark")?.remove();
    if (!holds && head) {
      const mark = document.createElement("span");
      mark.className = "mark";
      mark.textContent = (part.dataset.from > year ? " later" : " past") + `: not for ${year}`;
      head.append(mark);
    }
  }
  const parts = [...document.querySelectorAll("article > .answer")];
  const first = parts.find((part) => !part.classList.contains("past"));
  if (first && parts[0] !== first) parts[0].before(first);
}
const asked = new URLSearchParams(location.search);
let chosen = asked.get("year");
try { chosen ??= sessionStorage.getItem("year"); } catch { /* kept for nobody */ }
if (chosen && [...select.options].some((option) => option.value === chosen)) select.value = chosen;
showYear(select.value);
select.addEventListener("change", () => {
  try { sessionStorage.setItem("year", select.value); } catch { /* kept for nobody */ }
  showYear(select.value);
});

// The search.
let engine;
let latest = 0;
// In the page itself: a worker that never starts or is ended answers nothing, for ever.
async function load() {
  const loaded = await import(new URL("pagefind/pagefind.js", root).href);
  await loaded.options({ noWorker: true });
  return loaded;
}
async function search(text) {
  const mine = ++latest;
  if (!text.trim()) { found.hidden = true; found.replaceChildren(); return; }
  let result, hits;
  try {
    engine ??= await load();
    result = await engine.search(text);
    hits = await Promise.all(result.results.slice(0, 10).map((one) => one.data()));
  } catch (error) {
    console.warn("The search could not be loaded:", error);
    say("The search could not be loaded. Try again, or look by topic.");
    return;
  }
  if (mine !== latest) return;
  const list = document.createElement("ol");
  for (const hit of hits) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = hit.url;
    link.textContent = hit.meta.title;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = ` ${(hit.filters.kind || []).join(", ")}`;
    const words = document.createElement("p");
    words.innerHTML = hit.excerpt;
    item.append(link, kind, words);
    list.append(item);
  }
  const said = document.createElement("p");
  const more = result.results.length > hits.length ? `, the first ${hits.length} shown` : "";
  said.textContent = hits.length ? `${result.results.length} found${more}` : `Nothing found for “${text}”.`;
  found.replaceChildren(said, list);
  found.hidden = false;
}
function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  found.replaceChildren(line);
  found.hidden = false;
}
let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => search(field.value), 200);
});
document.querySelector(".search").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search(field.value).then(() => found.querySelector("a")?.focus());
});
if (asked.get("q")) { field.value = asked.get("q"); search(field.value); }
