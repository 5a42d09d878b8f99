// The script of live reload, which runs in the developer's browser. It asks the server whether its page has changed: when a
// file was saved, when its tab is shown again, and when the connection is restored. So it misses no change, even if a message
// was lost. It is written as text, because it is not compiled for Node.

/** The script, served as /.karrigell/live-reload.js. */
export const CLIENT_SCRIPT = String.raw`(() => {
'use strict';
const tag = document.currentScript;
const { path, status, method, version, also } = tag.dataset;
const folder = tag.src.replace(/live-reload\.js.*$/, '');
const site = folder.replace(/\.karrigell\/$/, '');
const name = 'karrigell ' + folder;
const kept = 'karrigell ' + location.pathname + location.search;
const isError = Number(status) >= 400;

// Keeps form fields and the scroll position over a reload. Passwords, files and card numbers are not kept.
const skipped = /^(password|file|hidden|submit|button|image|reset)$/;
const fields = () => [...document.querySelectorAll('input, textarea, select')].filter((field) =>
  !skipped.test(field.type) && !/^(cc-|one-time-code|(new|current)-password)/.test(field.autocomplete));
const keyOf = (field) => [field.tagName, field.type, field.name, field.id, /^(radio|checkbox)$/.test(field.type) ? field.value : ''].join(' ');
const stateOf = (field) => /^(radio|checkbox)$/.test(field.type) ? field.checked
  : field.tagName === 'SELECT' ? [...field.options].map((option) => option.selected) : field.value;
const defaultOf = (field) => /^(radio|checkbox)$/.test(field.type) ? field.defaultChecked
  : field.tagName === 'SELECT' ? [...field.options].map((option) => option.defaultSelected) : field.defaultValue;
const wasTouched = (field) => field.tagName === 'SELECT'
  ? field.options.length > 0 && String(stateOf(field)) !== String(defaultOf(field)) && (field.multiple || field.selectedIndex > 0 || [...field.options].some((option) => option.defaultSelected))
  : stateOf(field) !== defaultOf(field);

function keep() {
  if (isError) return;
  const seen = {};
  const values = [];
  for (const field of fields()) {
    const key = keyOf(field);
    seen[key] = (seen[key] || 0) + 1;
    if (wasTouched(field)) values.push([key, seen[key], stateOf(field)]);
  }
  const focus = document.activeElement && fields().includes(document.activeElement) ? fields().indexOf(document.activeElement) : -1;
  store({ time: Date.now(), values, focus, x: scrollX, y: scrollY });
}

function store(state) {
  try {
    if (state) sessionStorage.setItem(kept, JSON.stringify(state));
    else sessionStorage.removeItem(kept);
  } catch {}
}

function stored() {
  try {
    const state = JSON.parse(sessionStorage.getItem(kept));
    return state && Date.now() - state.time < 600000 ? state : null;
  } catch {
    return null;
  }
}

function restore() {
  const state = isError ? null : stored();
  if (!state) return;
  store(null);
  const seen = {};
  const all = fields();
  for (const field of all) {
    const key = keyOf(field);
    seen[key] = (seen[key] || 0) + 1;
    const found = state.values.find((entry) => entry[0] === key && entry[1] === seen[key]);
    if (found) setState(field, found[2]);
  }
  if (all[state.focus]) all[state.focus].focus({ preventScroll: true });
  const scroll = () => scrollTo({ left: state.x, top: state.y, behavior: 'instant' });
  scroll();
  if (document.readyState !== 'complete') addEventListener('load', scroll, { once: true });
}

function setState(field, state) {
  if (Array.isArray(state)) [...field.options].forEach((option, index) => { option.selected = state[index] === true; });
  else if (typeof state === 'boolean') field.checked = state;
  else field.value = state;
  for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
}

// Whether this page has changed.
let leaving = false;
let offered = false;
async function check() {
  if (leaving || offered || document.hidden) return;
  try {
    const asked = new URLSearchParams({ path, version, also });
    const answer = await fetch(folder + 'state?' + asked, { cache: 'no-store' });
    if (answer.ok && (await answer.json()).changed) renew();
  } catch {}
}

function renew() {
  if (leaving || offered) return;
  if (method !== 'GET') return offer();
  reload();
}

function reload() {
  if (isTurning()) return;
  leaving = true;
  keep();
  location.reload();
}

// Stops an endless sequence of reloads.
function isTurning() {
  try {
    const turns = JSON.parse(sessionStorage.getItem(kept + ' turns') || '[]').filter((time) => Date.now() - time < 5000);
    if (turns.length >= 8) return true;
    sessionStorage.setItem(kept + ' turns', JSON.stringify([...turns, Date.now()]));
  } catch {}
  return false;
}

// A reload would send the form again, which could place a second order, so the visitor is asked.
function offer() {
  offered = true;
  const host = document.createElement('karrigell-notice');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':host { position: fixed; inset: auto 0 1rem; z-index: 2147483647; display: flex; justify-content: center }'
    + 'div { display: flex; gap: .75rem; align-items: center; padding: .6rem .9rem; border-radius: .5rem; background: #22252b; color: #fff;'
    + ' font: 15px/1.4 system-ui, sans-serif; box-shadow: 0 .25rem 1rem #0006 }'
    + 'button { font: inherit; padding: .25rem .7rem; border: 1px solid #fff6; border-radius: .35rem; background: none; color: inherit; cursor: pointer }');
  root.adoptedStyleSheets = [sheet];
  const box = document.createElement('div');
  box.setAttribute('role', 'status');
  const button = (text, action) => {
    const element = document.createElement('button');
    element.type = 'button';
    element.textContent = text;
    element.onclick = action;
    return element;
  };
  box.append('This page has changed. It answers a form.', button('Send the form again', reload), button('Not now', () => host.remove()));
  root.append(box);
  document.documentElement.append(host);
}

// Style sheets and images are replaced without a reload.
const pathOf = (url) => decodeURIComponent(new URL(url, location.href).pathname);
const isOf = (url, saved) => pathOf(url) === pathOf(site) + saved;
const fresh = (url) => {
  const address = new URL(url, location.href);
  address.searchParams.set('karrigell', Date.now());
  return address.href;
};
const sheets = () => [...document.querySelectorAll('link[rel~="stylesheet"][href]')].filter((link) => link.href.startsWith(site));

// The successors of each style sheet, in order. A successor that has loaded replaces all sheets before it.
const successions = new WeakMap();
function exchange(link) {
  const succession = successions.get(link) || [link];
  if (link !== succession[0]) return;
  const next = link.cloneNode();
  next.href = fresh(link.href);
  next.onload = () => { while (succession.includes(next) && succession[0] !== next) succession.shift().remove(); };
  next.onerror = () => {
    if (succession.includes(next)) succession.splice(succession.indexOf(next), 1);
    next.remove();
  };
  succession[succession.length - 1].after(next);
  succession.push(next);
  successions.set(link, succession);
  successions.set(next, succession);
}

function assetSaved(saved) {
  if (/\.css$/i.test(saved)) {
    const linked = sheets().filter((link) => isOf(link.href, saved));
    (linked.length > 0 ? linked : sheets()).forEach(exchange);
  }
  for (const image of document.images) if (isOf(image.currentSrc || image.src, saved)) image.src = fresh(image.src);
  if ([...document.scripts].some((script) => script.src && isOf(script.src, saved))) renew();
}

function heard(message) {
  if (message.back) sheets().forEach(exchange);
  const look = () => {
    (message.saved || []).forEach(assetSaved);
    check();
  };
  // The first check waits, because the file may be empty while it is being saved. The second check follows, because an editor
  // may write twice and a watcher may report only the first time.
  setTimeout(look, 50);
  setTimeout(look, 250);
}

// One tab holds the connection and tells the others. In browsers without navigator.locks each visible tab holds one.
const channel = new BroadcastChannel(name);
channel.onmessage = (event) => heard(event.data);
let source = null;
function connect() {
  let opened = 0;
  source = new EventSource(folder + 'changes');
  const tell = (message) => {
    heard(message);
    channel.postMessage(message);
  };
  source.onopen = () => { if (opened++ > 0) tell({ back: true }); else check(); };
  source.onmessage = (event) => tell(JSON.parse(event.data));
  source.onerror = () => { if (source && source.readyState === 2) setTimeout(() => { if (source) connect(); }, 1000); };
}
function disconnect() {
  if (source) source.close();
  source = null;
}

let release = () => {};
function begin() {
  if (navigator.locks) {
    navigator.locks.request(name, () => {
      if (leaving) return;
      connect();
      return new Promise((resolve) => { release = resolve; });
    }).catch(() => {});
  } else if (!document.hidden) connect();
}
document.addEventListener('visibilitychange', () => {
  if (!navigator.locks) {
    disconnect();
    if (!document.hidden) connect();
  }
  if (!document.hidden) check();
});
addEventListener('pagehide', () => { disconnect(); release(); });
addEventListener('pageshow', (event) => { if (event.persisted) { begin(); check(); } });

restore();
begin();
check();
})();
`;
