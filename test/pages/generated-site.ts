// Makes sites that are right by construction: each form sends exactly the fields that its target reads, each link leads somewhere,
// each label has its field. A mistake is planted by replacing one piece of one file; `‸` marks the place of its finding.

import { randomChoices } from './random-choices.ts';

/** A generated site. */
export interface GeneratedSite {
  readonly files: Record<string, string>;
  /** Whether a page gives a schema to Form, so that types are needed. */
  readonly hasSchema: boolean;
}

/** A site with one mistake. */
export interface MistakenSite extends GeneratedSite {
  readonly code: string;
  /** `code file:line:column` of the finding. */
  readonly place: string;
}

const WORDS = [
  'amount',
  'city',
  'color',
  'comment',
  'country',
  'email',
  'phone',
  'quantity',
  'street',
  'topic',
];
const TOPICS = ['billing', 'catalogue', 'delivery', 'gardening', 'mountains', 'newspaper', 'workshop'];

/** A field of a form; a list is sent under `name[]`. */
interface Field {
  readonly name: string;
  readonly isList: boolean;
}

/** How the fields of a form are written. */
type Style = 'written' | 'part' | 'loop' | 'module' | 'attrs';

/** The site of a seed. */
export function generatedSite(seed: number): GeneratedSite {
  const { pick, some, chance } = randomChoices(seed);
  const topics = some(TOPICS, 3 + (seed % 3));
  const isFramed = chance(0.5);
  const files: Record<string, string> = {};
  let hasSchema = false;
  const links = topics.map((topic) => `<li><a href="/${topic}/">${topic}</a></li>`).join('\n');
  const menu = chance(0.5)
    ? `<ul>\n${links}\n</ul>`
    : `<ul>\n<% for (const topic of ${JSON.stringify(topics)}) { %><li><a href="/<%= topic %>/"><%= topic %></a></li><% } %>\n</ul>`;
  const head = `<!doctype html>\n<html lang="en">\n<head><title>Site</title><link rel="stylesheet" href="/style.css"></head>\n<body>\n<nav id="menu">\n${menu}\n</nav>\n<main>\n`;
  const foot = '\n</main>\n<footer><a href="#menu">Menu</a></footer>\n</body>\n</html>\n';
  if (isFramed) files['_parts/frame.pih'] = `${head}<%= CONTENT %>${foot}`;
  else Object.assign(files, { '_parts/head.pih': head, '_parts/foot.pih': foot });
  const whole = (code: string, body: string): string =>
    isFramed
      ? `<%\n${code}\nLayout('/_parts/frame.pih');\n-%>\n${body}`
      : `<%\n${code}\nInclude('/_parts/head.pih');\n-%>\n${body}\n<% Include('/_parts/foot.pih') %>`;
  files['style.css'] = 'p { margin: 0 }';
  files['logo.png'] = '';
  files['_parts/field.pih'] =
    '<%\ntype Args = { name: string; label: string };\nconst { name, label } = ARGS;\n-%>\n<p><label for="<%= name %>"><%= label %></label>\n<input id="<%= name %>" name="<%= name %>"></p>';
  files['index.pih'] = whole(
    "const s = Session();\ns.visits = s.get('visits', 0);",
    `<h1>Welcome</h1>\n<p><img src="/logo.png" alt="Logo">You were here <%= s.visits %> times.</p>\n<p><a href="/${topics[0]}/#top-of-form">First</a></p>`,
  );
  for (const topic of topics) {
    const fields = some(WORDS, 2 + (seed % 4)).map((name) => ({ name, isList: name === 'color' }));
    const style = pick<Style>(['written', 'part', 'loop', 'module', 'attrs']);
    hasSchema ||= style === 'attrs';
    const isOwn = style === 'attrs' || chance(0.4);
    const target = isOwn
      ? ''
      : pick([` action="/${topic}/send"`, ' action="send"', ` action="../${topic}/send.pih"`]);
    const isUpload = style !== 'attrs' && chance(0.3);
    const hasPassword = style !== 'attrs' && chance(0.3);
    const form = [
      `<form id="top-of-form" method="post"${target}${isUpload ? ' enctype="multipart/form-data"' : ''}>`,
      fieldsText(fields, style),
      ...(isUpload
        ? ['<p><label for="upload">File</label> <input id="upload" type="file" name="upload"></p>']
        : []),
      ...(hasPassword
        ? ['<p><label for="pass">Password</label> <input id="pass" type="password" name="pass"></p>']
        : []),
      '<p><button>Send</button></p>',
      '</form>',
    ].join('\n');
    const reads = [
      ...fields.map(({ name, isList }) =>
        isList ? `QUERY['${name}[]']` : pick([`_${name}`, `QUERY.${name}`]),
      ),
      ...(isUpload ? ['FILES.upload?.name'] : []),
      ...(hasPassword ? ['_pass'] : []),
    ];
    const receiving = `if (REQUEST.method === 'POST') {\n  const answers = [${reads.join(', ')}];\n  if (answers.length > 0) redirect('/${topic}/thanks');\n}`;
    const schema = `import { answers } from './_answers.ts';\nconst form = await Form(answers);\nif (form.ok) redirect('/${topic}/thanks');`;
    const code = style === 'attrs' ? schema : isOwn ? receiving : '';
    const imports = style === 'module' ? "import { FIELDS } from './_fields.ts';\n" : '';
    files[`${topic}/index.pih`] = whole(
      imports + code,
      `<h1>About ${topic}</h1>\n${form}\n<p><b>All</b> fields count.</p>`,
    );
    if (!isOwn) files[`${topic}/send.pih`] = `<%\n${receiving}\n%>`;
    files[`${topic}/thanks.pih`] = whole(
      '',
      `<p>Thank you.</p>\n<p><a href="./">Back</a> <a href="../">Start</a></p>`,
    );
    if (style === 'module')
      files[`${topic}/_fields.ts`] = `export const FIELDS = ${JSON.stringify(fields)} as const;\n`;
    if (style === 'attrs') files[`${topic}/_answers.ts`] = schemaText(fields);
  }
  return { files, hasSchema };
}

function fieldsText(fields: readonly Field[], style: Style): string {
  const sent = ({ name, isList }: Field) => (isList ? `${name}[]` : name);
  if (style === 'part')
    return fields
      .map(
        (field) => `<% Include('/_parts/field.pih', { name: '${sent(field)}', label: '${field.name}' }) %>`,
      )
      .join('\n');
  if (style === 'attrs')
    return fields
      .map(
        ({ name }) =>
          `<p><label for="${name}">${name}</label> <input id="${name}" <%= form.attrs('${name}') %>></p>`,
      )
      .join('\n');
  if (style === 'written')
    return fields
      .map(
        (field) =>
          `<p><label for="${field.name}">${field.name}</label> <input id="${field.name}" name="${sent(field)}"></p>`,
      )
      .join('\n');
  const list = style === 'module' ? 'FIELDS' : JSON.stringify(fields);
  return `<% for (const { name, isList } of ${list}) { -%>\n<p><label for="<%= name %>"><%= name %></label> <input id="<%= name %>" name="<%= isList ? name + '[]' : name %>"></p>\n<% } -%>`;
}

function schemaText(fields: readonly Field[]): string {
  const members = fields.map(
    ({ name, isList }) => `${name}: ${isList ? 'z.array(z.string())' : 'z.string()'}`,
  );
  return `import * as z from 'zod';\n\nexport const answers = z.object({ ${members.join(', ')} });\n`;
}

/** A mistake: the text that it replaces, and the text with the place of the finding. */
interface Mistake {
  readonly code: string;
  readonly before: RegExp;
  readonly after: string;
  /** The files in which it may be planted. */
  readonly file: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  { code: 'link-nowhere', file: /thanks\.pih$/, before: /<a href="\.\.\/">/, after: '<a ‸href="../strat">' },
  {
    code: 'link-nowhere',
    file: /^index\.pih$/,
    before: /<img src="\/logo\.png"/,
    after: '<img ‸src="/lgoo.png"',
  },
  {
    code: 'link-nowhere',
    file: /(?:frame|head)\.pih$/,
    before: /<link rel="stylesheet" href="\/style\.css">/,
    after: '<link rel="stylesheet" ‸href="/styles.css">',
  },
  {
    code: 'redirect-nowhere',
    file: /\/(?:send|index)\.pih$/,
    before: /redirect\('\/(\w+)\/thanks'\)/,
    after: "redirect(‸'/$1/thank')",
  },
  {
    code: 'form-nowhere',
    file: /\/index\.pih$/,
    before: /<form id="top-of-form" method="post" action="[^"]+"/,
    after: '‸<form id="top-of-form" method="post" action="/snd"',
  },
  {
    code: 'anchor-missing',
    file: /^index\.pih$/,
    before: /<a href="\/(\w+)\/#top-of-form">/,
    after: '<a ‸href="/$1/#top-of-from">',
  },
  {
    code: 'form-field-unread',
    file: /\/index\.pih$/,
    before: / name="(city|email|phone|topic)">/,
    after: ' ‸name="x$1">',
  },
  {
    code: 'form-field-unread',
    file: /\/index\.pih$/,
    before: /\{ name: '(city|email|phone|topic)'/,
    after: "{ name: ‸'x$1'",
  },
  {
    code: 'form-field-unread',
    file: /\/_fields\.ts$/,
    before: /"name":"(city|email|phone|topic)"/,
    after: '"name":‸"x$1"',
  },
  {
    code: 'form-field-missing',
    file: /\/index\.pih$/,
    before:
      /<form id="top-of-form" method="post">([\s\S]*?)<p><label for="(\w+)">[^\n]*form\.attrs\('(?!color)\w+'\) %>><\/p>\n/,
    after: '‸<form id="top-of-form" method="post">$1',
  },
  { code: 'form-list-mismatch', file: /\/index\.pih$/, before: / name="color\[\]"/, after: ' ‸name="color"' },
  {
    code: 'form-enctype',
    file: /\/index\.pih$/,
    before: / enctype="multipart\/form-data">([\s\S]*type="file") name/,
    after: '>$1 ‸name',
  },
  {
    code: 'form-password-get',
    file: /\/index\.pih$/,
    before: / method="post"((?:(?!enctype)[\s\S])*type="password") name/,
    after: '$1 ‸name',
  },
  {
    code: 'field-unsent',
    file: /\/(?:send|index)\.pih$/,
    before: /\b_(city|email|phone|topic)\b/,
    after: '‸_x$1',
  },
  {
    code: 'session-attribute-unwritten',
    file: /^index\.pih$/,
    before: /<%= s\.visits %>/,
    after: '<%= ‸s.vists %>',
  },
  {
    code: 'session-attribute-types',
    file: /^index\.pih$/,
    before: /s\.visits = s\.get\('visits', 0\);/,
    after: "s.visits = 0; if (s.get('visits') === 1) ‸s.visits = 'none';",
  },
  { code: 'markup-unclosed', file: /\/index\.pih$/, before: /<b>All<\/b>/, after: '‸<span>All' },
  {
    code: 'markup-stray-end',
    file: /thanks\.pih$/,
    before: /<p>Thank you\.<\/p>/,
    after: '<p>Thank you.</p>‸</div>',
  },
  {
    code: 'markup-paragraph',
    file: /thanks\.pih$/,
    before: /<p>Thank you\.<\/p>/,
    after: '<p><div>Thank you.</div>‸</p>',
  },
  {
    code: 'markup-unclosed',
    file: /(?:frame|foot)\.pih$/,
    before: /<footer>(.*)<\/footer>/,
    after: '‸<footer>$1',
  },
  {
    code: 'attribute-twice',
    file: /(?:frame|head)\.pih$/,
    before: /<nav id="menu">/,
    after: '<nav class="a" id="menu" ‸class="b">',
  },
  {
    code: 'id-twice',
    file: /\/index\.pih$/,
    before: /<h1>About/,
    after: '<h1 id="menu2">About</h1><h1 ‸id="menu2">',
  },
  {
    code: 'label-without-field',
    file: /\/index\.pih$/,
    before: /<label for="upload">/,
    after: '<label ‸for="uplaod">',
  },
  {
    code: 'image-without-alt',
    file: /^index\.pih$/,
    before: /<img src="\/logo\.png" alt="Logo">/,
    after: '‸<img src="/logo.png">',
  },
];

/** The site of a seed with one mistake. */
export function mistakenSite(seed: number): MistakenSite {
  const site = generatedSite(seed);
  const names = Object.keys(site.files);
  for (let step = 0; step < MISTAKES.length; step++) {
    const mistake = MISTAKES[(seed + step) % MISTAKES.length];
    const name = names.find(
      (each) => mistake?.file.test(each) && mistake.before.test(site.files[each] ?? ''),
    );
    if (mistake === undefined || name === undefined) continue;
    const marked = (site.files[name] ?? '').replace(mistake.before, mistake.after);
    const lines = marked.slice(0, marked.indexOf('‸')).split('\n');
    const place = `${mistake.code} ${name}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
    const files = { ...site.files, [name]: marked.replace('‸', '') };
    return { ...site, files, code: mistake.code, place };
  }
  throw new Error('no mistake fits');
}
