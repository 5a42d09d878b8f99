// html templates: each is planned once, by the same state machine as pages.

import test from 'ava';
import { templateEscapers } from '../../engine/escaping/template-plan.ts';

/** The plan of a template: a tag that gives it instead of the output. */
function plan(
  strings: TemplateStringsArray,
  ..._values: readonly unknown[]
): ReturnType<typeof templateEscapers> {
  return templateEscapers(strings);
}

test('the escapers are those of the places, the texts with what a value needs around it', (t) => {
  const { texts, escapers } = plan`<a href=${1} title="${2}">${3}</a>&${4}<script>f(${5})</script>`;
  t.deepEqual(escapers, ['url', 'attribute', 'text', 'text', 'jsValue']);
  t.deepEqual(texts, ['<a href="', '" title="', '">', '</a>&amp;', '<script>f(', ')</script>']);
});

test('the same template is planned once', (t) => {
  const planned = () => plan`<p>${1}</p>`;
  t.is(planned(), planned());
});

test('a template that ends anywhere but in element text is refused: template-unfinished', (t) => {
  for (const strings of [['<p'], ['<p title="', ''], ['<script>'], ['<textarea>'], ['<!-- '], ['a <']]) {
    t.throws(() => templateEscapers(strings), { code: 'template-unfinished' });
  }
});

test('a value without a safe place, and HTML that hides the place, are refused', (t) => {
  t.throws(() => plan`<${1}>`, { code: 'output-starts-tag' });
  t.throws(() => plan`<script/>`, { code: 'self-closing-content' });
});
