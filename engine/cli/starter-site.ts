// The files that `karrigell init` writes: a guest book of two pages that shows pages, forms and sessions.

const index = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Welcome</title>
  <link rel="stylesheet" href="style.css">
</head>
<body>
<%
  const session = Session<{ visits: number; name?: string }>();
  session.visits = (session.get('visits') ?? 0) + 1;
%>
<h1>Welcome<% if (session.has('name')) { %>, <%= session.name %><% } %></h1>
<p>You have been here <%= session.visits %> <%= session.visits === 1 ? 'time' : 'times' %>.</p>

<form method="post" action="hello">
  <label>Your name <input name="name" required maxlength="80"></label>
  <button>Remember me</button>
</form>
</body>
</html>
`;

const hello = `<%
  const name = (_name ?? '').trim();
  if (name === '') redirect('./');
  const session = Session<{ name: string }>();
  session.name = name;
-%>
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Hello</title>
  <link rel="stylesheet" href="style.css">
</head>
<body>
<h1>Hello <%= session.name %></h1>
<p>Every page of this site knows your name now.</p>
<p><a href="./">Back</a></p>
</body>
</html>
`;

const style = `body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
input, button { font: inherit; padding: 0.2rem 0.5rem; }
`;

const configuration = `{
  "$schema": "./node_modules/karrigell/config/config.schema.json",
  "root_dir": "site",
  "persistent_session": false
}
`;

/** File names below the chosen folder, and what is in them. */
export const STARTER_SITE: Readonly<Record<string, string>> = {
  'karrigell.config.json': configuration,
  'site/index.pih': index,
  'site/hello.pih': hello,
  'site/style.css': style,
};
