// Draws Slack block JSON as PNG pictures, in headless Chromium.
//
//   node render.mjs SCENES.json OUTPUT_FOLDER
//
// SCENES.json: {"name": scene, …}; each becomes OUTPUT_FOLDER/name.png. A scene is
//   {"messages": [{"from": "Amina", "text": "…"}, {"blocks": […], "private": true}, …],
//    "people": {"U0000001": "Amina"}, "width": 680}
// or a view as the app sends it: {"type": "modal" | "home", "blocks": […], …}.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createElement as h, Fragment } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

const CHROMIUM = process.env.CHROMIUM ?? "chromium";
const FLAGS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--hide-scrollbars", "--force-device-scale-factor=1.5",
];

const library = dirname(createRequire(import.meta.url).resolve("slack-blocks-to-jsx"));
const librarysStyle = readFileSync(join(library, "style.css"), "utf8");
const ownStyle = `
  * { box-sizing: border-box; }
  body { margin: 0; background: #fff; font: 15px/1.46 Lato, "Liberation Sans", Arial, sans-serif;
         color: #1d1c1d; }
  #picture { padding: 16px; }
  .message { display: flex; gap: 8px; margin: 0 0 14px; }
  .private { background: #f8f8f8; border-left: 3px solid #ccc; padding: 8px; }
  .avatar { flex: none; width: 36px; height: 36px; border-radius: 6px; color: #fff;
            font-weight: 700; display: grid; place-items: center; }
  .body { min-width: 0; flex: 1; }
  .who { font-weight: 900; } .app { font-size: 10px; background: #ddd; border-radius: 2px;
         padding: 1px 4px; margin-left: 6px; vertical-align: 2px; }
  .only { font-size: 13px; color: #616061; margin-bottom: 4px; }
  .text { white-space: pre-wrap; }
  .errors { color: #c01343; font-size: 13px; margin: -2px 0 8px; }
  .modal { border: 1px solid #ddd; border-radius: 8px; box-shadow: 0 4px 18px #0003; }
  .modal header { display: flex; justify-content: space-between; font: 900 20px/1.3 inherit;
                  padding: 18px 24px; font-size: 20px; font-weight: 900; }
  .modal main { padding: 0 24px 12px; }
  .modal footer { padding: 16px 24px; border-top: 1px solid #ddd; display: flex; gap: 12px;
                  justify-content: flex-end; }
  .button { border: 1px solid #bbb; border-radius: 4px; padding: 7px 14px; font-weight: 700; }
  .submit { background: #007a5a; border-color: #007a5a; color: #fff; }
  .home { border: 1px solid #ddd; border-radius: 8px; }
  .home nav { padding: 12px 20px 0; border-bottom: 1px solid #ddd; display: flex; gap: 18px;
              font-weight: 700; color: #616061; }
  .home nav span { padding-bottom: 8px; }
  .home nav .now { border-bottom: 2px solid #1d1c1d; color: #1d1c1d; }
  .home main { padding: 16px 20px; }
`;

// The library shows what was chosen before only after React has started in a browser; here
// nothing starts, so the choice takes the placeholder's place.
function withChoices(part) {
  if (Array.isArray(part)) return part.map(withChoices);
  if (!part || typeof part !== "object") return part;
  const chosen = part.initial_option?.text ??
    (part.initial_value && { type: "plain_text", text: part.initial_value });
  const copy = Object.fromEntries(Object.entries(part).map(([k, v]) => [k, withChoices(v)]));
  return chosen && part.type !== "radio_buttons" ? { ...copy, placeholder: chosen } : copy;
}

function drawBlocks(given, people) {
  const blocks = withChoices(given);
  const users = Object.entries(people).map(([id, name]) => ({ id, name }));
  return h(Message, {
    blocks, name: "ILR Helpdesk", logo: "", withoutWrapper: true, theme: "light", data: { users },
  });
}

function drawText(text, people) {
  // What a person typed, in the form that Slack's own composer gives it.
  const blocks = [{ type: "section", text: { type: "mrkdwn", text } }];
  return text.includes("<") ? drawBlocks(blocks, people) : h("div", { className: "text" }, text);
}

function drawMessage(message, index, people) {
  const name = message.from ?? "ILR Helpdesk";
  const colour = message.from ? "#8b5e9b" : "#12436d";
  const content = message.blocks?.length
    ? drawBlocks(message.blocks, people)
    : drawText(message.text ?? "", people);
  return h("div", { className: `message${message.private ? " private" : ""}`, key: index },
    h("div", { className: "avatar", style: { background: colour } },
      message.from ? name[0] : "ILR"),
    h("div", { className: "body" },
      message.private && h("div", { className: "only" }, "Only visible to you"),
      h("span", { className: "who" }, name),
      !message.from && h("span", { className: "app" }, "APP"),
      content,
      ...(message.files ?? []).map((file) =>
        h("div", { className: "button", key: file, style: { marginTop: 6 } }, file))));
}

function drawModal(view, people) {
  return h("div", { className: "modal" },
    h("header", null, h("span", null, view.title?.text), h("span", null, "×")),
    h("main", null, drawBlocks(view.blocks, people)),
    h("footer", null,
      h("span", { className: "button" }, view.close?.text ?? "Close"),
      view.submit && h("span", { className: "button submit" }, view.submit.text)));
}

function drawHome(view, people) {
  const tabs = ["Home", "Messages", "About"];
  return h("div", { className: "home" },
    h("nav", null, tabs.map((tab) => h("span", { className: tab === "Home" ? "now" : "", key: tab }, tab))),
    h("main", null, drawBlocks(view.blocks, people)));
}

function page(scene) {
  const people = scene.people ?? {};
  const content = scene.type === "modal" ? drawModal(scene, people)
    : scene.type === "home" ? drawHome(scene, people)
    : h(Fragment, null, scene.messages.map((message, i) => drawMessage(message, i, people)));
  const width = scene.width ?? (scene.type === "modal" ? 560 : 720);
  const markup = renderToStaticMarkup(h("div", { id: "picture", style: { width } }, content))
    .replaceAll("↵ Please &#x27;enter&#x27; to submit", "");
  return { width, html: `<!doctype html><meta charset="utf-8"><style>${librarysStyle}${ownStyle}` +
    `</style><body>${markup}<script>document.title = document.getElementById("picture")` +
    `.getBoundingClientRect().height</script></body>` };
}

function chromium(profile, ...more) {
  return execFileSync(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, ...more],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 64 * 1024 * 1024 });
}

const [scenesFile, output] = process.argv.slice(2);
if (!output) {
  console.error("Use: node render.mjs SCENES.json OUTPUT_FOLDER");
  process.exit(2);
}
mkdirSync(output, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "render-"));
try {
  for (const [name, scene] of Object.entries(JSON.parse(readFileSync(scenesFile, "utf8")))) {
    const { width, html } = page(scene);
    const file = join(work, `${name}.html`);
    writeFileSync(file, html);
    const profile = join(work, "profile");
    const drawn = chromium(profile, `--window-size=${width},900`, "--dump-dom", `file://${file}`);
    const height = Math.ceil(Number(/<title>([\d.]+)<\/title>/.exec(drawn)?.[1] ?? 900));
    const picture = resolve(output, `${name}.png`);
    chromium(profile, `--window-size=${width},${height}`, `--screenshot=${picture}`, `file://${file}`);
    console.log(`${name}.png  ${width} × ${height}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
