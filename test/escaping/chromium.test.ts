// A real browser loads hostile values in every context of a page, and none of their scripts runs.

import { browserTest, visit } from '../browser.ts';
import { serveSite } from '../site-fixture.ts';
import { HOSTILE } from './hostile.ts';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title><%= _v %></title>
<style>p.a { color: <%= _v %>; } p.b::before { content: "<%= _v %>"; } p.c { background: url("/i/<%= _v %>"); }</style>
<style>p.d { background: url(<%= _v %>) }</style>
<script>var a = <%= _v %>, b = "<%= _v %>", c = '<%= _v %>', d = \`<%= _v %> \${<%= _v %>}\`, e = { x: [<%= _v %>] };
// <%= _v %>
/* <%= _v %> */
var f = 4 / <%= _v?.length %> / 2;</script>
<script type="application/json"><%= _v %></script><script type="application/json">{ "x": "<%= _v %>" }</script>
<script type="text/template"><%= _v %></script>
</head><body><!-- <%= _v %> -->
<p class="a <%= _v %>" title="<%= _v %>" title='<%= _v %>' data-x=<%= _v %> id="<%= _v %>"><%= _v %></p>
<a class="link" href="<%= _v %>">1</a><a class="link" href=<%= _v %>>2</a><a class="link" href="/p/<%= _v %>?q=<%= _v %>#<%= _v %>">3</a>
<a class="link" href="java<%= _v %>">4</a><a class="link" href="<%= _v %><%= _v %>">5</a>
<img src="<%= _v %>" srcset="<%= _v %>" alt="<%= _v %>"><img srcset="/i/<%= _v %> 2x" alt="">
<form action="<%= _v %>"><button class="link" formaction="<%= _v %>">s</button><input value="<%= _v %>"><textarea><%= _v %></textarea></form>
<button class="click" onclick="window.last = <%= _v %>">a</button><button class="click" onclick="window.last = '<%= _v %>'">b</button>
<button class="click" onclick='window.last = "<%= _v %>"'>c</button>
<p style="color: <%= _v %>">x</p><p style="background: url('/i/<%= _v %>')">x</p><p style="content: '<%= _v %>'">x</p>
<svg width="9" height="9"><a class="link" xlink:href="<%= _v %>"><text><%= _v %></text></a><title><%= _v %></title></svg>
<noscript><p title="<%= _v %>"><%= _v %></p></noscript><template><b title="<%= _v %>"><%= _v %></b></template>
<pre><%= _v %></pre><select><option value="<%= _v %>"<% if (_v) { %> selected<% } %>><%= _v %></option></select>
<% print(_v, html\`<i title="\${_v}">\${_v}</i><a class="link" href="\${_v}">6</a>\`) %>
<p id="end">end</p></body></html>`;

/** The corpus with a call that the test notices, in place of the functions that it calls. */
const VALUES = HOSTILE.map((value) => value.replaceAll('alert', 'pwned').replaceAll('msgbox', 'pwned'));

browserTest('no hostile value runs a script in Chromium, in any context of a page', async (t) => {
  const site = await serveSite(t, { 'index.pih': PAGE, 'raw.pih': '<%- _v %>' }, { debug: false });
  await visit({}, async (page) => {
    await page.addInitScript('window.ran = []; window.pwned = (...a) => { window.ran.push(String(a)); };');
    await page.route('**/*', (route) =>
      /^\/(raw)?$/.test(new URL(route.request().url()).pathname) ? route.continue() : route.abort(),
    );
    const ran: string[] = [];
    page.on('dialog', (dialog) => {
      ran.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    // A control: a script that does run is noticed.
    await page.goto(`${site.url}/raw?v=<script>pwned(1)</script>`);
    t.deepEqual(await page.evaluate('window.ran'), ['1']);
    let harmless: string | undefined;
    for (const value of ['harmless', ...VALUES]) {
      await page.goto(`${site.url}/?v=${encodeURIComponent(wellFormed(value))}`, {
        waitUntil: 'domcontentloaded',
      });
      const seen = await page.evaluate(`(() => {
        for (const button of document.querySelectorAll('.click')) button.click();
        const urls = [...document.querySelectorAll('.link')].map((link) => link.href?.baseVal ?? link.href ?? link.formAction);
        const bad = urls.filter((url) => URL.canParse(url, location.href) && /^\\s*(javascript|vbscript|data|blob):/i.test(new URL(url, location.href).href));
        const shape = [document.querySelectorAll('*').length, document.scripts.length, document.querySelector('#end')?.textContent];
        return { ran: [...window.ran, ...bad], shape: shape.join(' ') };
      })()`);
      const { ran: called, shape } = seen as { ran: string[]; shape: string };
      ran.push(...called.map((call) => `${JSON.stringify(value)}: ${call}`));
      harmless ??= shape;
      t.is(shape, harmless, JSON.stringify(value));
    }
    t.deepEqual(ran, []);
  });
});

/** A URL cannot carry a lone surrogate. */
function wellFormed(value: string): string {
  return value.replace(/[\ud800-\udfff]/g, '\ufffd');
}
