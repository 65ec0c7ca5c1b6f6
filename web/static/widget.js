/*
 * The chat widget: one file of plain JavaScript that talks to no server but its own.
 *
 *   <script src="https://HOST/widget.js" data-site="KEY" async></script>
 *
 * docs/widget.md has the attributes, methods and events. The file must stay under 12,000 bytes when gzipped, and run under
 * `default-src 'none'; trusted-types 'none'`: text goes in as text nodes, style as a constructed style sheet.
 */
(() => {
  "use strict";

  const NAME = "clinic-faq";
  const DOTS_AFTER = 500; // milliseconds
  const GIVE_UP_AFTER = 8000;
  const SAID_FOR = 1000;

  // --- Words ---

  const WORDS = {
    name: "Chat",
    title: "Ask a question",
    subtitle: "Automated, not a clinician",
    close: "Close the chat",
    menu: "Menu",
    talk: "Conversation",
    field: "Your question",
    send: "Send",
    personal: "Please do not type personal details.",
    privacy: "Privacy",
    you: "You: ",
    assistant: "Assistant: ",
    coming: "Answer coming",
    starters: "People often ask",
    greeting: "I am an automated assistant, not a clinician. I answer questions from the clinic's own articles.",
    unreachable: "The chat cannot be reached just now. Please contact the clinic.",
    off: "The chat is switched off just now. Please contact the clinic.",
    urgent: "If it's urgent call 111; if life is at risk call 999.",
    phone: "Phone ",
    booking: "Book online",
    source: "Source: ",
    chosen: " (you chose this)",
    helped: "Did this help?",
    yes: "Yes, this helped",
    no: "No",
    kept: "If you press No, your question is kept for a time, without your name.",
    thanks: "Thank you.",
    why: "What was wrong?",
    reasons: {
      wrong_answer: "The answer is wrong",
      not_my_question: "It answers another question",
      unclear: "It is hard to understand",
      out_of_date: "It is out of date",
      other: "Something else",
    },
    restart: "Start again",
    clearing: "Start again? This clears the conversation.",
    keep: "No, keep it",
    clear: "Yes, start again",
    cleared: "The conversation was cleared.",
    save: "Save as a text file",
    print: "Print",
    error: "Error: ",
    retry: "Try again",
    empty: "Please type your question first.",
    offline: "Your question was not sent. Please check your connection and try again.",
    slow: "The answer is taking too long. Please try again.",
    server: "Something went wrong on our side. Please try again.",
    limit: (seconds) => `Too many questions in a short time. Please wait ${seconds} seconds and try again.`,
    again: "You can try again now.",
    long: (most) => `Your question is too long. Please use fewer than ${most} characters.`,
    unsent: "That was not sent. Please press again.",
  };

  // --- Style ---

  const DARK = `--ink:#eef2f4;--soft:#b6c2ca;--paper:#1b252d;--ground:#11181d;--edge:#8b9aa5;--line:#3a4853;--link:#8fc4f7;
  --red:#ff9389;--tint:#24313b;color-scheme:dark`;

  const style = ({ side, x, y, z, accent }) => `
:host{all:initial!important;position:fixed!important;top:0!important;left:0!important;z-index:${z}!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit}
[hidden]{display:none!important}
.root{--ink:#212b32;--soft:#4c6272;--paper:#fff;--ground:#f0f4f5;--edge:#768692;--line:#d3dbdf;--link:#005eb8;
  --red:#d5281b;--tint:#e8f1f8;color-scheme:light;color:var(--ink);font:1em/1.5 system-ui,sans-serif}
.dark{${DARK}}
@media(prefers-color-scheme:dark){.auto{${DARK}}}
a{color:var(--link)}
button,textarea{color:inherit}
button{border:1px solid transparent;background:none;cursor:pointer}
[aria-disabled=true]{cursor:default;opacity:.65;transition:opacity .1s .4s}
svg{flex:none;width:1.25em;height:1.25em;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;
  stroke-linejoin:round}
:focus{outline:none}
:focus-visible{outline:3px solid #212b32;box-shadow:0 0 0 6px #fd0}
.unseen,.who{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
strong,b,h2,h3,label,.urgent a,.wrong,.picked,.solid,.launch,[aria-pressed=true]{font-weight:600}

.launch,.panel{position:fixed;bottom:calc(${y}px + env(safe-area-inset-bottom));
  ${side}:calc(${x}px + env(safe-area-inset-${side}))}
.launch,.solid,.line{display:flex;align-items:center;gap:8px;min-height:44px;padding:8px 14px;border-radius:10px;
  text-align:start;text-decoration:none}
.line{border:1px solid var(--edge);background:var(--paper);color:var(--link)}
.line:hover{background:var(--tint)}
.launch,.solid{justify-content:center;background-color:${accent};color:#fff}
.launch:hover,.solid:hover{background-image:linear-gradient(#0002,#0002)}
.launch{min-height:56px;padding:8px 22px;border:2px solid #fff;border-radius:28px;box-shadow:0 4px 16px #0004}

.panel{display:flex;flex-direction:column;overflow:hidden;width:400px;max-width:calc(100vw - ${x}px);height:680px;
  max-height:calc(100vh - ${y + 16}px);max-height:calc(var(--high,100dvh) - ${y + 16}px);
  border:1px solid var(--line);border-radius:16px;background:var(--paper);box-shadow:0 8px 32px #0004}
.head{display:flex;align-items:center;gap:8px;padding:10px 10px 10px 16px;padding-inline:16px 10px;background:${accent};color:#fff}
.head>:first-child{flex:1}
h2{font-size:1.125em}
h2+p,.foot{font-size:.875em}
.tool{display:grid;place-items:center;width:44px;height:44px;border-radius:10px}
.tool:hover{background:#fff3}
.menu{display:flex;flex-direction:column;gap:8px;position:absolute;z-index:1;top:60px;inset-inline-end:10px;
  padding:12px;border:1px solid var(--edge);border-radius:12px;background:var(--paper);color:var(--ink);
  box-shadow:0 8px 32px #0004}

.talk{flex:1;overflow:auto;overscroll-behavior:contain;padding:16px;background:var(--ground)}
.talk:focus-visible{outline-offset:-3px;box-shadow:inset 0 0 0 6px #fd0}
.said,.bot{display:flex;flex-direction:column;gap:12px;overflow-wrap:anywhere}
.said{margin-bottom:16px}
.you,.bot{padding:12px 16px;border:1px solid var(--line);border-radius:16px;background:var(--paper)}
.you{max-width:85%;margin-inline-start:auto;border-end-end-radius:4px;background:${accent};color:#fff;
  white-space:pre-wrap}
.bot{border-end-start-radius:4px}
ul{display:flex;flex-direction:column;gap:6px;padding-inline-start:20px}
.urgent{padding-inline-start:12px;border-inline-start:4px solid var(--edge)}
.small,.foot{color:var(--soft)}
.group{display:flex;flex-wrap:wrap;gap:8px}
.bot>.line{justify-content:center}
.group>p,.wide{flex-basis:100%}
.from{display:block;min-height:44px}
.picked{display:flex;gap:8px}
[aria-pressed=true]{padding:7px 13px;border-width:2px;background:var(--tint);color:var(--ink)}
[aria-pressed=false] svg{display:none}
.oops{border:2px solid var(--red)}
.wrong{color:var(--red)}
.card{--tier:#c4190e;--on:#fff;overflow:hidden;border:4px solid var(--tier);border-radius:12px;background:var(--paper)}
.crisis{--tier:#512c82}
.today{--tier:#ffb81c;--on:#212b32}
.card>*{display:flex;flex-direction:column;gap:8px;padding:14px 16px}
.card>ul{padding-inline-start:34px;padding-bottom:0}
h3{flex-direction:row!important;align-items:center;background:var(--tier);color:var(--on);font-size:1.375em}
.card .solid{background-color:var(--tier);color:var(--on)}
.dots{flex-direction:row;gap:6px}
i{width:9px;height:9px;border-radius:50%;background:var(--soft)}

.ask{padding:10px 16px 0;padding-bottom:env(safe-area-inset-bottom);border-top:1px solid var(--line)}
.ask div{display:flex;gap:12px;align-items:end;margin-top:4px}
textarea{flex:1;min-width:0;min-height:48px;max-height:8em;padding:10px 12px;resize:none;border:2px solid var(--edge);
  border-radius:10px;background:var(--paper);font-size:max(16px,1em);field-sizing:content}
.ask button{min-height:48px}
.foot{display:flex;flex-wrap:wrap;align-items:center;gap:0 6px;min-height:44px}
.foot a{display:grid;place-items:center;min-width:44px;min-height:44px}

@media(max-width:480px){
  .launch{min-height:48px}
  .panel{top:var(--top,0);left:0;right:0;width:auto;max-width:none;height:100vh;height:var(--high,100dvh);
    max-height:none;border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left)}
}
@media(max-height:449px){
  .panel{top:var(--top,0);height:100vh;height:var(--high,100dvh);max-height:none;overflow:auto}
  .talk{flex:none;overflow:visible}
}
@media(prefers-reduced-motion:no-preference){
  i{animation:beat 1.2s infinite}
  i+i{animation-delay:.2s}
  i+i+i{animation-delay:.4s}
  @keyframes beat{30%{opacity:.3}}
}
@media(forced-colors:active){
  .launch,.solid,.you,.head,.tool,h3,i{border:1px solid}
}
@media print{
  :host(:not([printing])),.launch,.tool,.ask,.group{display:none!important}
  :host{position:static!important}
  .panel{position:static;display:block;width:auto;height:auto;max-width:none;max-height:none;border:0;box-shadow:none}
  .panel,.panel *{overflow:visible;background:none!important;color:#000!important}
  .who{position:static;clip-path:none;font-weight:600}
}`;

  // --- Tools ---

  const ICONS = {
    chat: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
    close: "M6 6l12 12M18 6L6 18",
    menu: "M4 7h16M4 12h16M4 17h16",
    send: "M12 19V5M6 11l6-6 6 6",
    phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1z",
    tick: "M5 13l4 4L19 7",
    alert: "M12 3l10 18H2zM12 10v5M12 18v.01",
  };

  const icon = (name) => {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  /* `on…` listens; an attribute without a value and a child that is nothing are left out; strings become text nodes. */
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if ((value ?? false) !== false) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter(Boolean));
    return node;
  };

  /* While `aria-disabled` it does nothing. Never `disabled`: browsers drop the focus from a disabled control. */
  const button = (attributes, act, ...children) => {
    const onclick = () => node.getAttribute("aria-disabled") === "true" || act();
    const node = make("button", { type: "button", ...attributes, onclick }, ...children);
    return node;
  };

  /* The address, if following it can only show a page or start a call or message. */
  const safe = (url, base) => {
    try {
      const address = new URL(url || "none:", base);
      return /^(https?|tel|sms|mailto):$/.test(address.protocol) ? address.href : null;
    } catch {
      return null;
    }
  };

  const link = (kind, url, ...children) => {
    const href = safe(url);
    return make(href ? "a" : "span", { class: kind, href }, ...children);
  };

  /* WCAG 2.2: the contrast of #rrggbb with white. */
  const contrastWithWhite = (colour) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
  };

  const accentOf = (wanted = "#005eb8") => {
    if (/^#[\da-f]{6}$/i.test(wanted) && contrastWithWhite(wanted) >= 4.5) return wanted;
    console.warn(`${NAME}: data-accent refused: it needs the form #rrggbb and 4.5:1 with white.`);
    return accentOf();
  };

  /* What goes into the style is made harmless here; the rest is text, or passes through `safe`. */
  const settings = (given) => {
    const number = (value, usual, most) => (/^\d+$/.test(value) ? Math.min(value, most) : usual);
    const one = (value, ...allowed) => (allowed.includes(value) ? value : allowed[0]);
    const dir = one(given.dir, "ltr", "rtl");
    return {
      ...given,
      dir,
      key: `${NAME}:${given.site || ""}`,
      side: one(given.position, dir === "rtl" ? "left" : "right", "left", "right"),
      x: number(given.offsetX, 20, 400),
      y: number(given.offsetY, 20, 400),
      z: number(given.zIndex, 2147483000, 2147483647),
      accent: accentOf(given.accent),
      theme: one(given.theme, "auto", "light", "dark"),
    };
  };

  const storage = {
    read(key) {
      try {
        return JSON.parse(sessionStorage.getItem(key)) || {};
      } catch {
        return {};
      }
    },
    write(key, value) {
      try {
        if (value) sessionStorage.setItem(key, JSON.stringify(value));
        else sessionStorage.removeItem(key);
      } catch {
        // then only a new page forgets the conversation
      }
    },
  };

  /* Safari before 2023 cannot share style sheets. */
  const dress = (root, text) => {
    if (!root.adoptedStyleSheets) return (root.head || root).append(make("style", {}, text));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return sheet;
  };

  // --- Blocks of a reply: as plain text (`full`: with addresses), and as nodes ---

  const plainSpans = (spans, full) =>
    spans.map(({ text, url }) => (full && url ? `${text} (${url})` : text)).join("");

  const showSpans = (spans) =>
    spans.map(({ text, strong, url }) => {
      const run = strong ? make("strong", {}, text) : text;
      return url ? link(null, url, run) : run;
    });

  const showUrgent = (text) =>
    make("p", { class: "urgent" }, text.split(/\b(111|999)\b/).map((part, at) => (at % 2 ? link(null, `tel:${part}`, part) : part)));

  const bullets = (texts) => texts.map((text) => `- ${text}`).join("\n");

  const callWords = ({ label, number }) => (/\d/.test(label) ? label : `${label}: ${number}`);

  const sourceWords = ({ title, section }) => WORDS.source + title + (section ? `, ${section}` : "");

  const options = ({ choices, escape }) => (escape ? [...choices, { question: escape }] : choices);

  const group = (title, ...children) =>
    make("div", { class: "group", role: "group", "aria-label": title }, make("p", {}, make("b", {}, title)), ...children);

  const BLOCKS = {
    paragraph: {
      say: ({ spans }, full) => plainSpans(spans, full),
      show: ({ spans }) => make("p", {}, showSpans(spans)),
    },
    list: {
      say: ({ items }, full) => bullets(items.map((item) => plainSpans(item, full))),
      show: ({ items }) => make("ul", {}, items.map((item) => make("li", {}, showSpans(item)))),
    },
    phone: {
      say: ({ number }) => WORDS.phone + number,
      show: ({ number, link: url }) => link("solid", url, icon("phone"), WORDS.phone + number),
    },
    booking: {
      say: ({ url }, full) => WORDS.booking + (full ? `: ${url}` : ""),
      show: ({ url }) => link("line", url, WORDS.booking),
    },
    source: {
      say: (source, full) => sourceWords(source) + (full && source.url ? `, ${source.url}` : ""),
      show: (source) => link("from", source.url, sourceWords(source)),
    },
    safety_line: {
      say: ({ text }) => text,
      show: ({ text }) => showUrgent(text),
    },
    choices: {
      say: (block) => `${block.title}\n${bullets(options(block).map(({ question }) => question))}`,
      show: (block, entry, widget) =>
        group(block.title, options(block).map(({ question, intent }) => widget.choice(question, intent, entry))),
    },
    safety_card: {
      say: ({ heading, bullets: lines, calls }) => `${heading}\n${bullets([...lines, ...calls.map(callWords)])}`,
      show: ({ tier, heading, bullets: lines, calls }) =>
        make("div", { class: `card ${tier === "urgent" ? "today" : tier}` },
          make("h3", {}, icon(tier === "crisis" ? "phone" : "alert"), make("span", {}, heading)),
          make("ul", {}, lines.map((text) => make("li", {}, text))),
          make("div", {}, calls.map((call) =>
            link("solid", call.link, icon("phone"),
              make("span", {}, callWords(call), make("span", { class: "unseen" }, ` (${call.spoken})`)))))),
    },
  };

  const sayBlocks = (blocks, full) => blocks.map((block) => BLOCKS[block.type]?.say(block, full)).join("\n");

  // --- The element ---

  class ClinicFaq extends HTMLElement {
    #settings;
    #parts;
    #fit; // the style sheet that follows the on-screen keyboard
    #config;
    #loading;
    #entries = []; // {who: "you" | "note", text} or {who: "bot", turn, kind, blocks, used, rating}
    #token = null;
    #asked; // aborts the question that waits for its answer
    #timer;
    #fleeting = []; // dots, or what shows a failure: gone with the next question

    // Life

    connectedCallback() {
      if (this.shadowRoot) return;
      this.#settings = settings(this.dataset);
      const shadow = this.attachShadow({ mode: "open" });
      dress(shadow, style(this.#settings));
      this.#fit = dress(shadow, "");
      this.#parts = this.#build();
      shadow.append(this.#parts.root);
      this.#emit("ready");
    }

    disconnectedCallback() {
      // A single-page host replaced its body. The pause keeps two scripts from fighting over the page.
      setTimeout(() => this.#parts && !this.isConnected && document.body.append(this), 200);
    }

    open() {
      if (!this.#parts) return;
      const { panel, talk, field } = this.#parts;
      if (panel.hidden) {
        this.#setOpen(true);
        this.#begin();
        this.#reveal(talk.lastElementChild);
        this.#emit("open");
      }
      field.focus();
    }

    close() {
      if (!this.#parts || this.#parts.panel.hidden) return;
      this.#closeMenu();
      this.#setOpen(false);
      this.#parts.launcher.focus();
      this.#emit("close");
    }

    toggle() {
      if (this.#parts?.panel.hidden) this.open();
      else this.close();
    }

    ask(text) {
      this.open();
      return this.#ask(String(text).trim());
    }

    restart() {
      if (!this.#parts) return;
      this.#settle();
      this.#entries = [];
      this.#token = null;
      storage.write(this.#settings.key, null);
      this.#parts.talk.replaceChildren();
      if (!this.#parts.panel.hidden) this.#begin();
    }

    destroy() {
      if (!this.#parts) return;
      this.#settle();
      this.#setOpen(false);
      this.#parts = null;
      this.remove();
      delete window.clinicFaq;
    }

    /* Ids only: a site's analytics must not see what patients type. (The name of a turn has it inside.) */
    #emit(name, detail) {
      const { site } = this.#settings;
      this.dispatchEvent(new CustomEvent(`${NAME}:${name}`, { bubbles: true, composed: true, detail: { site, ...detail } }));
    }

    // What it is made of

    #build() {
      const { lang = "en-GB", dir, theme } = this.#settings;
      const launcher = button({ class: "launch", "aria-haspopup": "dialog", "aria-expanded": "false" }, () => this.open(),
        icon("chat"), WORDS.title);
      const menu = make("div", { class: "menu", id: "menu", hidden: "", onfocusout: (event) => this.#leaveMenu(event) });
      const menuButton = button({ class: "tool", "aria-label": WORDS.menu, "aria-expanded": "false", "aria-controls": "menu" },
        () => this.#toggleMenu(), icon("menu"));
      const talk = make("div", { class: "talk", role: "region", tabindex: "0", "aria-label": WORDS.talk });
      const field = make("textarea", {
        id: "field", rows: "1", autocomplete: "off", enterkeyhint: "send", onkeydown: (event) => this.#typed(event),
      });
      const send = button({ class: "solid busy" }, () => this.#submit(), icon("send"), WORDS.send);
      const wrong = make("p", { class: "wrong", id: "wrong", hidden: "" });
      const foot = make("p", { class: "foot" });
      const panel = make("div", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: "" },
        make("div", { class: "head" },
          make("div", {}, make("h2", { id: "title" }, WORDS.title), make("p", {}, WORDS.subtitle)),
          menuButton, menu,
          button({ class: "tool", "aria-label": WORDS.close }, () => this.close(), icon("close"))),
        talk,
        make("div", { class: "ask" },
          make("label", { for: "field" }, WORDS.field), wrong, make("div", {}, field, send), foot));
      // A live transcript would be read out anew as a whole; this log is heard instead.
      const log = make("div", { class: "unseen", role: "log" });
      const status = make("div", { class: "unseen", role: "status" });
      const root = make("div", {
        class: `root ${theme}`, role: "region", "aria-label": WORDS.name, lang, dir, onkeydown: (event) => this.#pressed(event),
      }, launcher, panel, log, status);
      return { root, launcher, panel, menu, menuButton, talk, field, wrong, foot, log, status };
    }

    #setOpen(open) {
      const { panel, launcher } = this.#parts;
      panel.hidden = !open;
      launcher.hidden = open;
      launcher.setAttribute("aria-expanded", open);
      const view = window.visualViewport;
      for (const event of ["resize", "scroll"]) view?.[open ? "addEventListener" : "removeEventListener"](event, this.#fitKeyboard);
      this.#fitKeyboard();
    }

    /* A phone's keyboard covers the page without making it smaller. Zooming in is no keyboard. */
    #fitKeyboard = () => {
      const view = window.visualViewport;
      const covered = view?.scale < 1.01 && view.height < innerHeight - 1;
      this.#fit?.replaceSync(covered ? `.root{--high:${view.height}px;--top:${view.offsetTop}px}` : "");
    };

    // Opening

    async #begin() {
      if (!this.#entries.length) this.#restore();
      const slow = setTimeout(() => this.#welcome(WORDS.greeting), DOTS_AFTER);
      try {
        this.#loading ??= this.#request("api/config", AbortSignal.timeout?.(GIVE_UP_AFTER)).then((response) => response.json());
        this.#config = await this.#loading;
      } catch {
        this.#loading = null; // the next opening tries again
      }
      clearTimeout(slow);
      const { enabled, greeting } = this.#config || {};
      this.#welcome(enabled ? greeting : enabled === false ? WORDS.off : WORDS.unreachable, !enabled);
    }

    #restore() {
      const { token, entries = [] } = storage.read(this.#settings.key);
      this.#token = token || null;
      for (const entry of entries) this.#add(entry);
    }

    #welcome(greeting, contact) {
      if (!this.#parts) return;
      const { talk, foot } = this.#parts;
      const { privacyUrl, server } = this.#settings;
      const { starters, name, enabled, privacy_url: page, safety_line: line } = this.#config || {};
      const href = safe(privacyUrl || page, server);
      foot.replaceChildren(WORDS.personal, href ? make("a", { href }, WORDS.privacy) : "");
      if (this.#entries.length || this.#asked || this.#fleeting.length) return;
      talk.replaceChildren(make("div", { class: "said" },
        make("div", { class: "bot" }, name && make("b", {}, name), make("p", {}, greeting),
          contact && this.#contact(), showUrgent(line || WORDS.urgent)),
        enabled && BLOCKS.choices.show({ title: WORDS.starters, choices: starters }, {}, this)));
    }

    /* The page's own attributes serve while the server cannot be reached. */
    #contact(problem) {
      const { phone = problem?.phone || this.#settings.phone, phone_link: url, booking_url: page } = this.#config || {};
      const booking = page || problem?.booking_url || this.#settings.bookingUrl;
      return [
        phone && BLOCKS.phone.show({ number: phone, link: url || `tel:${phone.replace(/[^\d+]/g, "")}` }),
        booking && BLOCKS.booking.show({ url: booking }),
      ];
    }

    // Asking

    #typed(event) {
      // 229: Safari's Enter that ends a composition
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    }

    #submit() {
      const text = this.#parts.field.value.trim();
      if (text) this.#ask(text);
      else if (!this.#asked) this.#complain(WORDS.empty);
    }

    #complain(text) {
      const { field, wrong } = this.#parts;
      wrong.hidden = !text;
      wrong.textContent = text && WORDS.error + text;
      field.setAttribute("aria-invalid", Boolean(text));
      field.setAttribute("aria-describedby", "wrong");
      if (!text) return;
      field.focus();
      this.#say(wrong.textContent);
    }

    /* `moveFocus`: the pressed button is about to go. */
    async #ask(text, intent, moveFocus) {
      if (this.#asked || !this.#parts || !text) return;
      const { field } = this.#parts;
      this.#settle();
      const asked = (this.#asked = new AbortController());
      this.#setBusy(true);
      this.#complain("");
      if (field.value.trim() === text) field.value = "";
      const question = this.#show({ who: "you", text });
      if (moveFocus) question.focus();
      else this.#say(WORDS.you + text);
      this.#reveal(question);
      this.#timer = setTimeout(() => this.#showWaiting(), DOTS_AFTER);
      this.#emit("question", { intent: intent || null });
      const outcome = await this.#exchange(text, intent, asked);
      if (this.#asked !== asked) return; // restarted or destroyed meanwhile
      this.#settle();
      if (outcome.blocks?.length) this.#answered(text, outcome, question);
      else this.#refused(text, intent, outcome, question);
    }

    /* The reply, or the server's problem with its `status`, or the `fault` on the way. */
    async #exchange(message, choice, asked) {
      const late = setTimeout(() => asked.abort(), GIVE_UP_AFTER);
      try {
        const response = await this.#request("api/chat", asked.signal, { message, state: this.#token, ...(choice && { choice }) });
        const outcome = await response.json().catch(() => ({}));
        return { ...outcome, status: response.status, seconds: Number(response.headers.get("Retry-After")) || 60 };
      } catch {
        return { fault: asked.signal.aborted ? "slow" : "offline" };
      } finally {
        clearTimeout(late);
      }
    }

    #request(path, signal, message) {
      const post = message && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message) };
      return fetch(new URL(path, this.#settings.server), { credentials: "omit", signal, ...post });
    }

    #showWaiting() {
      const dots = make("div", { class: "said dots" }, make("i"), make("i"), make("i"));
      this.#fleeting.push(dots);
      this.#parts.talk.append(dots);
      this.#reveal(dots);
      this.#parts.status.textContent = WORDS.coming;
    }

    #settle() {
      this.#asked?.abort();
      this.#asked = null;
      clearTimeout(this.#timer);
      for (const node of this.#fleeting.splice(0)) node.remove();
      this.#parts.status.textContent = "";
      this.#setBusy(false);
    }

    #setBusy(busy) {
      this.#parts.field.readOnly = busy;
      for (const node of this.#parts.root.querySelectorAll(".busy")) node.setAttribute("aria-disabled", busy);
    }

    #answered(text, { turn, kind = "safety", intents, tier, blocks, state, notice }, question) {
      this.#entries.push({ who: "you", text });
      if (notice) this.#add({ who: "note", text: notice });
      const entry = { who: "bot", turn, kind, blocks, used: [] };
      const answer = this.#add(entry);
      if (state) this.#token = state;
      this.#keep();
      this.#reveal(kind === "safety" || question.offsetHeight > 120 ? answer : question);
      this.#say(WORDS.assistant + sayBlocks(blocks));
      const ids = { entry: this.#entries.indexOf(entry), kind, intents, tier };
      this.#emit("answer", ids);
      if (kind === "handoff") this.#emit("handoff", ids);
    }

    #refused(text, intent, problem, question) {
      const { field, talk } = this.#parts;
      const { status, seconds, fault, safety_line: urgent = WORDS.urgent } = problem;
      const off = status === 503 && problem.phone; // in the server's own words, not a proxy's
      const words = WORDS.error + (off ? WORDS.off
        : status === 413 ? WORDS.long(this.#config?.max_message || 1000)
        : status === 429 ? WORDS.limit(seconds)
        : WORDS[fault] || WORDS.server);
      const retry = off || status === 413 ? null : button({ class: "solid busy" }, () => this.#ask(text, intent, true), WORDS.retry);
      const notice = make("div", { class: "said" },
        make("div", { class: "bot oops" },
          make("p", { class: "wrong", id: "failure" }, words), retry, this.#contact(problem), showUrgent(urgent)));
      if (status === 429) this.#holdRetry(retry, seconds);
      if (!intent && !field.value) field.value = text;
      field.setAttribute("aria-describedby", "failure");
      talk.append(notice);
      this.#fleeting = [question, notice];
      this.#reveal(notice);
      this.#say(words, urgent);
      this.#emit("error", { status, fault: off ? "off" : fault });
    }

    /* Only this button waits: what is typed still goes out, since the server looks for an alarm before it refuses. */
    #holdRetry(retry, seconds) {
      retry.setAttribute("aria-disabled", true);
      setTimeout(() => {
        retry.setAttribute("aria-disabled", false);
        if (retry.isConnected) this.#say(WORDS.again);
      }, seconds * 1000);
    }

    // The transcript

    #add(entry) {
      this.#entries.push(entry);
      return this.#show(entry);
    }

    #keep() {
      storage.write(this.#settings.key, { token: this.#token, entries: this.#entries.slice(-60) });
    }

    #show(entry) {
      const node = make("div", { class: "said", tabindex: "-1" }, this.#shown(entry));
      this.#parts.talk.append(node);
      return node;
    }

    #shown(entry) {
      const { who, text, kind, turn } = entry;
      if (who === "note") return make("p", { class: "small" }, text);
      const speaker = make("span", { class: "who" }, who === "you" ? WORDS.you : WORDS.assistant);
      if (who === "you") return make("div", { class: "you" }, speaker, make("p", { dir: "auto" }, text));
      const shown = entry.blocks.map((block) => BLOCKS[block.type]?.show(block, entry, this));
      const beside = shown.filter((node) => /group|card/.test(node?.className));
      const told = shown.filter((node) => !beside.includes(node));
      const rated = turn && /answer|handoff/.test(kind) && this.#feedback(entry);
      const bubble = told.length && make("div", { class: "bot" }, told, rated);
      return kind === "safety" ? [speaker, ...beside, bubble] : [speaker, bubble, ...beside];
    }

    /* A question to press; once pressed it is text. */
    choice(question, intent, entry) {
      const text = () =>
        make("p", { class: "picked" }, icon("tick"), make("span", {}, question, make("span", { class: "unseen" }, WORDS.chosen)));
      if (entry.used?.includes(question)) return text();
      const pick = button({ class: "line wide busy" }, () => {
        entry.used?.push(question);
        this.#ask(question, intent, true);
        pick.replaceWith(text());
      }, question);
      return pick;
    }

    /* Its top to the top: replies are read downwards. */
    #reveal(node) {
      const { panel, talk } = this.#parts;
      const box = getComputedStyle(panel).overflowY === "auto" ? panel : talk;
      if (node) box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
    }

    #say(...texts) {
      for (const text of texts) {
        const line = make("p", {}, text);
        this.#parts.log.append(line);
        setTimeout(() => line.remove(), SAID_FOR);
      }
    }

    // Feedback

    #feedback(entry) {
      const options = [];
      const option = (text, rating) => {
        const node = button({ class: "line" }, () => this.#rate(entry, rating, draw), icon("tick"), text);
        options.push([node, rating]);
        return node;
      };
      const why = group(WORDS.why, Object.entries(WORDS.reasons).map(([reason, text]) => option(text, { helpful: false, reason })));
      const note = make("p", { class: "small" });
      const draw = (said = "") => {
        const { helpful, reason } = entry.rating || {};
        for (const [node, rating] of options)
          node.setAttribute("aria-pressed", rating.helpful === helpful && (!rating.reason || rating.reason === reason));
        why.hidden = helpful !== false;
        note.textContent = said;
        if (!said || !this.#parts) return;
        this.#say(said);
        this.#reveal(whether);
      };
      const whether = group(WORDS.helped, make("p", { class: "small" }, WORDS.kept),
        option(WORDS.yes, { helpful: true }), option(WORDS.no, { helpful: false }));
      draw();
      return [whether, why, note];
    }

    async #rate(entry, rating, draw) {
      const { turn, rating: before } = entry;
      entry.rating = rating;
      draw();
      try {
        const response = await this.#request("api/feedback", null, { turn, state: this.#token, ...rating });
        if (!response.ok) throw response;
        draw(WORDS.thanks);
        this.#keep();
        this.#emit("feedback", { entry: this.#entries.indexOf(entry), ...rating });
      } catch {
        entry.rating = before;
        draw(WORDS.error + WORDS.unsent);
      }
    }

    // The menu

    #toggleMenu() {
      if (!this.#parts.menu.hidden) return this.#closeMenu();
      const item = (text, act) => button({ class: "line" }, act, text);
      this.#fillMenu(
        item(WORDS.restart, () => this.#confirmRestart()),
        item(WORDS.save, () => this.#save()),
        item(WORDS.print, () => this.#print()));
    }

    #fillMenu(...nodes) {
      const { menu, menuButton } = this.#parts;
      menu.replaceChildren(...nodes);
      menu.hidden = false;
      menuButton.setAttribute("aria-expanded", true);
      menu.querySelector("button").focus();
    }

    #closeMenu(refocus) {
      const { menu, menuButton } = this.#parts;
      menu.hidden = true;
      menuButton.setAttribute("aria-expanded", false);
      if (refocus) menuButton.focus();
    }

    #leaveMenu({ relatedTarget: to }) {
      const { menu, menuButton } = this.#parts;
      if (to && to !== menuButton && !menu.contains(to)) this.#closeMenu();
    }

    #confirmRestart() {
      this.#fillMenu(
        make("p", {}, WORDS.clearing),
        button({ class: "line" }, () => this.#closeMenu(true), WORDS.keep),
        button({ class: "solid" }, () => {
          this.restart();
          this.#closeMenu();
          this.#parts.field.focus();
          this.#say(WORDS.cleared);
        }, WORDS.clear));
    }

    #save() {
      const said = this.#entries.map(({ who, text, blocks }) =>
        who === "bot" ? WORDS.assistant + sayBlocks(blocks, true) : who === "you" ? WORDS.you + text : text);
      const whole = [this.#config?.name || WORDS.name, WORDS.subtitle, new Date().toLocaleString(), ...said].join("\n\n");
      const href = URL.createObjectURL(new Blob([whole, "\n"], { type: "text/plain" }));
      make("a", { href, download: "conversation.txt" }).click();
      setTimeout(() => URL.revokeObjectURL(href), 10000);
      this.#closeMenu(true);
    }

    /* The conversation without the page around it. */
    #print() {
      this.#closeMenu(true);
      const sheet = dress(document, `@media print{body>:not(${NAME}){display:none!important}}`);
      this.toggleAttribute("printing", true);
      addEventListener("afterprint", () => {
        this.toggleAttribute("printing", false);
        sheet?.replaceSync("");
      }, { once: true });
      print();
    }

    /* The host page's keyboard shortcuts must not fire while somebody types. */
    #pressed(event) {
      event.stopPropagation();
      if (event.key !== "Escape" || event.isComposing) return;
      if (this.#parts.menu.hidden) this.close();
      else this.#closeMenu(true);
    }
  }

  // --- Start ---

  const script = document.currentScript || document.querySelector(`script[src*="/widget.js"]`);

  const start = () => {
    if (document.querySelector(NAME)) return;
    const widget = document.createElement(NAME);
    Object.assign(widget.dataset, { server: script.src }, script.dataset);
    document.body.append((window.clinicFaq = widget));
  };

  if (!customElements.get(NAME)) customElements.define(NAME, ClinicFaq);
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
