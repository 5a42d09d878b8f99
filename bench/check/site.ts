// A site of many pages for the measurement of `karrigell check`: each page is about 4 kB and has two forms, links and types.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pages of one folder. */
const FOLDER = 50;

/** Writes a configuration and a site of so many pages into an empty folder. */
export function writeSite(folder: string, pages: number): void {
  writeFileSync(join(folder, 'karrigell.config.json'), '{ "root_dir": "site" }\n');
  const site = join(folder, 'site');
  mkdirSync(join(site, '_parts'), { recursive: true });
  writeFileSync(join(site, '_parts/frame.pih'), FRAME);
  writeFileSync(join(site, '_parts/field.pih'), FIELD);
  writeFileSync(join(site, 'index.pih'), "<% Layout('/_parts/frame.pih') %><h1>Start</h1>\n");
  for (let number = 0; number < pages; number++) {
    const file = join(site, `${pathOf(number)}.pih`);
    if (number % FOLDER === 0) mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, page(number, pages));
  }
}

function pathOf(number: number): string {
  return `group${Math.floor(number / FOLDER)}/order${number}`;
}

/** It sends one form to itself and one to the next page, and reads the fields of both. */
function page(number: number, pages: number): string {
  const url = (offset: number): string => `/${pathOf((number + offset) % pages)}`;
  return `<%
interface Row { readonly id: number; readonly name: string; readonly city: string; readonly total: number }
const rows: Row[] = [{ id: ${number}, name: 'Ann', city: 'Rome', total: 12.5 }];
const s = Session();
s.visits = s.get('visits', 0) + 1;
const errors: Record<string, string> = {};
const [first] = rows;
if (REQUEST.method === 'POST') {
  const sent = [${OWN.map((name) => `_${name}`).join(', ')}, QUERY.note, _amount];
  if (sent.every((value) => value === undefined)) errors.first = 'Please fill in the form.';
  else redirect('${url(0)}');
}
Layout('/_parts/frame.pih');
%>
<h1>Order ${number} of <%= first?.name %></h1>
<p>You were here <%= s.visits %> times.</p>
<table class="orders wide">
<thead><tr><th scope="col">Number</th><th scope="col">Name and place</th><th scope="col">Total of all goods</th></tr></thead>
<tbody>
<% for (const row of rows) { %>
  <tr id="o<%= row.id %>" class="<%= row.total > 100 ? 'big' : 'small' %>">
    <td><a href="${url(1)}?page=<%= row.id %>"><%= row.name %></a></td>
    <td title="<%= row.city %>"><%= row.city %></td><td><%= row.total.toFixed(2) %></td>
  </tr>
<% } %>
</tbody>
</table>
<form method="post" action="${url(0)}">
${OWN.map(ownField).join('')}<% for (const name of ['note'] as const) Include('/_parts/field.pih', { name, label: 'A note to us' }) %>
<p><button>Send the order</button></p>
</form>
<form method="post" action="${url(1)}">
<p><label for="amount">Amount to pay</label> <input id="amount" name="amount" type="number" value="<%= first?.total %>"></p>
<p><button>Pay</button></p>
</form>
<ul>
${[1, 2, 3, 4, 5, 6].map((offset) => `  <li><a href="${url(offset)}">The order after that, number ${offset}</a></li>\n`).join('')}</ul>
<p>Orders are sent within two working days and can be followed under <em>My orders</em>. What you have
paid comes back to your account if you send the goods back within thirty days.</p>
`;
}

const OWN = ['first', 'last', 'street', 'city', 'zip', 'country', 'mail', 'phone'];

function ownField(name: string): string {
  return `<% if (errors.${name} !== undefined) { %><p class="error"><%= errors.${name} %></p><% } %>
<p><label for="${name}">The ${name} of the order</label>
<input id="${name}" name="${name}" value="<%= first?.city %>" class="field"></p>
`;
}

const FRAME = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Orders</title></head>
<body>
<nav><a href="/">Start</a></nav>
<main><%= CONTENT %></main>
</body>
</html>
`;

const FIELD = `<%
type Args = { name: string; label: string };
const { name, label } = ARGS;
-%>
<p><label for="<%= name %>"><%= label %></label> <input id="<%= name %>" name="<%= name %>"></p>
`;
