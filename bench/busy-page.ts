// A typical page: 4 kB of HTML and code with 72 outputs, most of them in attributes.

/** Texts, links, a form, a table, a style and a script. Pages with different numbers differ in a few characters. */
export function busyPage(number: number): string {
  return HEAD.replace('Orders', `Orders ${number}`) + FIELDS + LINKS + FOOT;
}

const HEAD = `<%
interface Order { readonly id: number; readonly name: string; readonly city: string; readonly total: number }
const orders: Order[] = [{ id: 1, name: 'Ann', city: 'Rome', total: 12.5 }];
const order: Order = orders[0]!;
const errors: Record<string, string> = {};
const sort = _sort ?? 'id';
%><!doctype html>
<html lang="en">
<head><title>Orders <%= order.id %></title>
<style>.row { width: <%= orders.length %>px; color: #333 }
.row:hover { color: red; background: url(/hover.png) } .error { color: #a00; font-weight: bold }</style></head>
<body class="<%= sort %>">
<h1>Orders of <%= order.name %></h1>
<table class="orders wide">
<thead><tr><th scope="col">Number</th><th scope="col">Name and place</th><th scope="col">Total of all goods</th></tr></thead>
<% for (const row of orders) { %>
  <tr id="o<%= row.id %>" class="<%= row.total > 100 ? 'big' : 'small' %>">
    <td><a href="/orders/<%= row.id %>?sort=<%= sort %>"><%= row.name %></a></td>
    <td title="<%= row.city %>"><%= row.city %></td><td><%= row.total.toFixed(2) %></td>
  </tr>
<% } %>
</table>
<form method="post" action="/orders/<%= order.id %>">
`;

const FIELDS = Array.from({ length: 8 }, (_, index) => {
  const name = ['first', 'last', 'street', 'city', 'zip', 'country', 'mail', 'phone'][index];
  return `<% if (errors.${name}) { %><p class="error"><%= errors.${name} %></p><% } %>
<label for="<%= sort %>${index}"><%= order.name %> ${name}</label>
<input id="<%= sort %>${index}" name="${name}" value="<%= order.city %>" class="field">
`;
}).join('');

const LINKS = Array.from(
  { length: 4 },
  (_, index) =>
    `<li class="<%= sort %>"><a href="/list/<%= order.id + ${index} %>?page=${index}&amp;sort=<%= sort %>"><%= order.name %></a></li>\n`,
).join('');

const FOOT = `</form>
<script>
  const data = { id: <%= order.id %>, name: "<%= order.name %>" };
  // A click on a row follows the link in it.
  for (const row of document.querySelectorAll('tr')) {
    row.onclick = () => { location.href = row.querySelector('a').href + '#' + data.id / 1; };
  }
</script>
<footer id="foot" class="small wide">
  <p>Orders are sent within two working days &amp; can be followed under <em>My orders</em>. What you have
  paid comes back to your account if you send the goods back within thirty days.</p>
  <p><a href="/terms" rel="nofollow">Terms</a> <a href="/privacy" rel="nofollow">Privacy</a>
  <a href="mailto:help@example.org?subject=<%= order.id %>" title="We answer within a day">Help</a></p>
</footer>
</body>
</html>
`;
