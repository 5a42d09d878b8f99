// Forms that are submitted by Chromium and by karrigell/test: both must send the same bytes.

import type { FormValues } from '../../engine/visit/form-filling.ts';

/** A page with a form, and what a visitor does in it. */
export interface FormCase {
  readonly html: string;
  readonly values?: FormValues;
  /** The button to click; the form is submitted by Enter where there is none. */
  readonly click?: string;
}

const POST = '<form method=post action=/to>';
const MULTIPART = '<form method=post action=/to enctype=multipart/form-data>';

/** A form with these fields and a button. */
function post(fields: string, values?: FormValues): FormCase {
  const html = `${POST}${fields}<button>Send</button></form>`;
  return values === undefined ? { html } : { html, values };
}

/** A field with attributes. */
function input(attributes: string): FormCase {
  return post(`<input name=f ${attributes}>`);
}

/** The forms by what they show. */
export const FORM_CASES: Readonly<Record<string, FormCase>> = {
  // Types of inputs, as the page sends them.
  'no type': input('value="a b&c=d+e%"'),
  'an unknown type': input('type=nonsense value=x'),
  'text with line breaks': input('value="a&#10;b&#13;c"'),
  'text without a value': input(''),
  'an empty name': post('<input name="" value=x><input value=y><input name=z value=1>'),
  'a name with line breaks and quotes': post('<input name="a&#10;b&quot;c&#13;" value=x>'),
  search: input('type=search value=" q "'),
  tel: input('type=tel value="+1 2"'),
  'url with blanks': input('type=url value=" https://example.com/ "'),
  'email with blanks': input('type=email value=" a@b.c "'),
  'several emails': input('type=email multiple value=" a@b.c , d@e.f "'),
  password: input('type=password value=secret'),
  'hidden with line breaks': input('type=hidden value="a&#10;b&#13;c&#13;&#10;d"'),
  _charset_: post('<input type=hidden name=_charset_><input type=hidden name=_CHARSET_ value=x>'),
  number: input('type=number value=1.50'),
  'number with an exponent': input('type=number value=-1e3'),
  'a number that is none': input('type=number value=1,5'),
  'a number with a plus': input('type=number value=+5'),
  'a number that ends with a point': input('type=number value=5.'),
  'a number that begins with a point': input('type=number value=.5'),
  'a number that no double holds': input('type=number value=1e999'),
  'range without a value': input('type=range'),
  'range with limits': input('type=range min=10 max=20'),
  'range below its minimum': input('type=range min=10 max=20 value=3'),
  'range between its steps': input('type=range min=0 max=10 step=3 value=5'),
  'range between two steps': input('type=range min=0 max=10 step=4 value=6'),
  'range above the last step': input('type=range min=0 max=10 step=4 value=10'),
  'range with decimals': input('type=range min=0 max=1 step=0.1 value=0.26'),
  'range with any step': input('type=range step=any value=33.333'),
  'range whose limits are exchanged': input('type=range min=20 max=10 value=15'),
  'range that is no number': input('type=range value=x'),
  date: input('type=date value=2024-02-29'),
  'a date that does not exist': input('type=date value=2023-02-29'),
  'a date in the year 0': input('type=date value=0000-01-01'),
  month: input('type=month value=2024-12'),
  'a month that does not exist': input('type=month value=2024-13'),
  week: input('type=week value=2020-W53'),
  'a week that does not exist': input('type=week value=2021-W53'),
  time: input('type=time value=23:59:59.123'),
  'a time that does not exist': input('type=time value=24:00'),
  'datetime-local': input('type=datetime-local value="2024-01-02 03:04:00"'),
  'datetime-local with seconds': input('type=datetime-local value=2024-01-02T03:04:05.600'),
  color: input('type=color value=#ABCDEF'),
  'color without a value': input('type=color'),
  'a checkbox without a value': input('type=checkbox checked'),
  'a checkbox that is not checked': input('type=checkbox value=x'),
  'checkboxes of one name': post(
    '<input type=checkbox name="c[]" value=1 checked><input type=checkbox name="c[]" value=2><input type=checkbox name="c[]" value=3 checked>',
  ),
  'radio buttons of which two are checked': post(
    '<input type=radio name=r value=1 checked><input type=radio name=r value=2 checked><input type=radio name=r value=3>',
  ),
  'radio buttons of two forms': {
    html: `<form id=other></form>${POST}<input type=radio name=r value=1 checked><input type=radio name=r value=2 form=other checked><button>Send</button></form>`,
  },
  'buttons that do not submit': post(
    '<input type=button name=b value=1><input type=reset name=c value=2><button type=button name=d value=3>x</button>',
  ),

  // Other controls.
  'a textarea': post('<textarea name=t>\n\n first\nsecond </textarea>'),
  'a textarea with hard wrap of short lines': post('<textarea name=t wrap=hard cols=20>short</textarea>'),
  'a select without a selected option': post(
    '<select name=s><option disabled>0<option>  a   b <option value=c>d</select>',
  ),
  'a select with two selected options': post(
    '<select name=s><option selected>1<option selected>2<option>3</select>',
  ),
  'a select whose selected option is disabled': post(
    '<select name=s><option>1<option selected disabled>2</select>',
  ),
  'a select with rows': post('<select name=s size=3><option>1<option>2</select>'),
  'a select of several': post(
    '<select name=s multiple><option selected>1<option>2<option selected value="">3<option selected disabled>4</select>',
  ),
  'groups of options': post(
    '<select name=s><optgroup disabled label=a><option selected>1</optgroup><optgroup label=b><option>2</optgroup></select>',
  ),
  'a select without options': post('<select name=s></select>'),
  'an option with a label': post('<select name=s><option label=L>text</option></select>'),
  'an output and an object': post('<output name=o>1</output><object name=p></object><input name=q value=1>'),
  'a field in a datalist': post('<datalist><input name=d value=1></datalist><input name=e value=2>'),
  'a field in a template': post('<template><input name=d value=1></template><input name=e value=2>'),

  // Which controls belong to a form, and which are disabled.
  'fields outside with form=': {
    html: `<input form=x name=before value=1><form id=x method=post action=/to><input name=in value=2><button>Send</button></form><input form=x name=after value=3><input form=y name=no value=4>`,
  },
  'a field inside with form= of another form': {
    html: `<form id=y></form>${POST}<input name=a value=1><input form=y name=b value=2><input form="" name=c value=3><input form=none name=d value=4><button>Send</button></form>`,
  },
  'a form in a table': {
    html: `<table>${POST}<tr><td><input name=a value=1></td></tr><tr><td><button>Send</button></td></tr></form></table>`,
  },
  'a form that is not closed where it began': {
    html: `<div>${POST}<input name=a value=1><div></form><input name=b value=2><button>Send</button></div></div>`,
    click: 'button',
  },
  'a form in a form': {
    html: `${POST}<input name=a value=1><form action=/other><input name=b value=2></form><input name=c value=3></form>`,
  },
  'a disabled fieldset': post(
    '<fieldset disabled><legend><input name=a value=1></legend><legend><input name=b value=2></legend><input name=c value=3><fieldset><legend><input name=d value=4></legend></fieldset></fieldset><input name=e value=5 disabled>',
  ),
  'a disabled fieldset in the legend of another': post(
    '<fieldset disabled><legend><fieldset disabled><legend><input name=a value=1></legend><input name=b value=2></fieldset></legend></fieldset>',
  ),

  // Buttons.
  'the button that was clicked': {
    html: `${POST}<button name=b value=1>1</button><input type=submit name=c value=2><button name=d id=d>3</button></form>`,
    click: '#d',
  },
  'the default button': {
    html: `${POST}<input name=a value=1><button type=button name=n value=0>0</button><button name=b value=1>1</button><button name=c value=2>2</button></form>`,
  },
  'a submit input without a value': { html: `${POST}<input type=submit name=s></form>`, click: 'input' },
  'an image button': { html: `${POST}<input type=image name=i alt=x></form>`, click: 'input' },
  'an image button without a name': { html: `${POST}<input type=image alt=x></form>`, click: 'input' },
  formaction: {
    html: `${POST}<input name=a value=1><button formaction="/to/other?x=1" name=b>1</button></form>`,
    click: 'button',
  },
  'formmethod and formenctype': {
    html: `<form action="/to?old=1#part"><input name=a value=1><button formmethod=POST formenctype=multipart/form-data>1</button></form>`,
    click: 'button',
  },
  'formmethod get': {
    html: `${MULTIPART}<input name=a value=1><button formmethod=get>1</button></form>`,
    click: 'button',
  },
  'a button with form=': {
    html: `<form id=x method=post action=/to><input name=a value=1></form><button form=x name=b value=2>1</button>`,
    click: 'button',
  },

  // Method and action.
  'a GET form': {
    html: '<form action="/to?old=1#part"><input name=a value="ä €"><button>Send</button></form>',
  },
  'a GET form without fields': { html: '<form action="/to?old=1"><button>Send</button></form>' },
  'an unknown method': {
    html: '<form method=put action=/to><input name=a value=1><button>Send</button></form>',
  },
  'no action': { html: '<form method=post><input name=a value=1><button>Send</button></form>' },
  'a relative action': {
    html: '<form method=post action="../to/./x y"><input name=a value=1><button>Send</button></form>',
  },
  'an action with a base': {
    html: '<base href="/to/deep/"><form method=post action="x"><input name=a value=1><button>Send</button></form>',
  },
  'an empty action with a base': {
    html: '<base href="/to/deep/"><form method=post action=""><input name=a value=1><button>Send</button></form>',
  },

  // Encodings.
  'letters of all kinds': input('value="ä€😀 ~!*()\'-._"'),
  'accept-charset': {
    html: '<form method=post action=/to accept-charset=iso-8859-1><input name=ä value="é€Ω"><input type=hidden name=_charset_><button>Send</button></form>',
  },
  'accept-charset with a GET form': {
    html: '<form action=/to accept-charset="nonsense windows-1251"><input name=a value="Дé"><button>Send</button></form>',
  },
  multipart: {
    html: `${MULTIPART}<input name="a&quot;b&#10;c" value="1&#10;2"><input name=ä value=é><textarea name=t>\n1\n2</textarea><button>Send</button></form>`,
  },
  'multipart with a file field without a file': {
    html: `${MULTIPART}<input type=file name=f><button>Send</button></form>`,
  },
  'text/plain': {
    html: '<form method=post action=/to enctype=text/plain><input name=a value="1=2"><textarea name=t>\n1\n2</textarea><button>Send</button></form>',
  },
  'an unknown enctype': {
    html: '<form method=post action=/to enctype=application/json><input name=a value=1><button>Send</button></form>',
  },

  // The direction of texts.
  dirname: post(
    '<input name=a dirname=a.dir value=x><textarea name=b dirname=b.dir dir=rtl>y</textarea><input name=c dirname="">',
  ),
  'dirname of an automatic direction': post(
    '<input name=a dirname=a.dir dir=auto value="שלום x"><input name=b dirname=b.dir dir=auto value="12 x"><input name=c dirname=c.dir dir=auto>',
  ),
  'dirname of a direction from above': {
    html: `<div dir=rtl>${POST}<input name=a dirname=a.dir value=x><input type=tel name=t dirname=t.dir value=1><button>Send</button></form></div>`,
  },
  'dirname of a direction of the text above': {
    html: `<div dir=auto><p>שלום</p>${POST}<input name=a dirname=a.dir value=x><button>Send</button></form></div>`,
  },

  // Fields that a visitor fills in.
  'filled texts': post('<input name=a value=old><textarea name=b>old</textarea><input name=c value=kept>', {
    a: 'new & more',
    b: 'line 1\nline 2',
  }),
  'a filled number': post('<input type=number name=n value=1>', { n: 2.5 }),
  'a filled date': post('<input type=date name=d>', { d: '2026-11-30' }),
  'chosen boxes': post(
    '<input type=checkbox name=one><input type=checkbox name=two checked><input type=checkbox name=m value=1 checked><input type=checkbox name=m value=2>',
    { one: true, two: false, m: ['2'] },
  ),
  'a chosen radio button': post(
    '<input type=radio name=r value=1 checked><input type=radio name=r value=2><input type=radio name=s value=1 checked>',
    { r: '2' },
  ),
  'a chosen option': post('<select name=s><option value=1>one<option value=2>two</select>', { s: '2' }),
  'chosen options': post('<select name=s multiple><option selected>1<option>2<option>3</select>', {
    s: ['2', '3'],
  }),
  'an attached file': {
    html: `${MULTIPART}<input type=file name=f><input name=after value=1><button>Send</button></form>`,
    values: { f: new File(['bytes\r\nof\na file\0'], 'a "name" ä.txt', { type: 'text/plain' }) },
  },
  'several attached files': {
    html: `${MULTIPART}<input type=file name="f[]" multiple><button>Send</button></form>`,
    values: { 'f[]': [new File(['1'], 'one.bin'), new File([], 'empty.png', { type: 'image/png' })] },
  },
  'a file in an urlencoded form': post('<input type=file name=f>', {
    f: new File(['1'], 'one.txt', { type: 'text/plain' }),
  }),
};
