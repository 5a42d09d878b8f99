// Codes of the findings of `karrigell check` between the pages of a site: forms, links, session attributes, and HTML that browsers would
// repair.

import type { CodeTable } from '../code-entry.ts';

export const siteCodes = {
  'link-nowhere': {
    text: '{element} leads to {path}, where this site has nothing{nearest}',
    remedy:
      'Correct the path, or add the page or file. A path that exists only while the site runs belongs in `outside_paths` of the configuration.',
  },
  'redirect-nowhere': {
    text: 'this redirect leads to {path}, where this site has nothing{nearest}',
    remedy:
      'Correct the path, or add the page. A path that exists only while the site runs belongs in `outside_paths` of the configuration.',
  },
  'form-nowhere': {
    text: 'this form is sent to {path}, where this site has no page{nearest}',
    remedy:
      'Correct its action, or add the page. A path that exists only while the site runs belongs in `outside_paths` of the configuration.',
  },
  'anchor-missing': {
    text: '{page} has no element with the id {id}{nearest}',
    remedy: 'Correct the part behind #, or give the element that id.',
  },
  'form-field-missing': {
    text: 'this form has no field {name}, which {page} requires',
    remedy: 'Add the field to the form, or make it optional in the schema.',
  },
  'form-field-optional': {
    text: 'the field {name} may be left empty, but {page} requires {kind}',
    remedy: 'Write `required` in its tag, or make it optional in the schema.',
  },
  'form-list-mismatch': {
    text: 'this form sends {sent}, but {page} reads {read}',
    remedy: 'Write the same name in both: a field whose name ends in [] is a list, any other one a text.',
  },
  'form-enctype': {
    text: 'this file is not sent: its form has no enctype="multipart/form-data", so that only its name arrives',
    remedy: 'Write <form method="post" enctype="multipart/form-data">.',
  },
  'form-password-get': {
    text: 'this password is sent in the URL, where logs and the history of the browser keep it',
    remedy: 'Write method="post" in the tag of its form.',
  },
  'form-field-unread': {
    text: '{page} does not read the field {name} of this form{nearest}',
    remedy: 'Correct one of the two names, or remove the field.',
  },
  'field-unsent': {
    text: 'no form, link or redirect of this site sends the field {name}{nearest}',
    remedy:
      'Correct its name; if scripts or other sites send it, write `type Fields = { {declaration} }` in the page.',
  },
  'session-attribute-unwritten': {
    text: 'no page of this site writes the session attribute {name}{nearest}',
    remedy: 'Correct its name, or write it in the page that should set it.',
  },
  'session-attribute-types': {
    text: 'the session attribute {name} gets {type} here, and {other} in {place}',
    remedy: 'Use one type, or two attributes.',
  },
  'markup-unclosed': {
    text: '<{element}> is not closed',
    remedy: 'Write </{element}> where it ends.',
  },
  'markup-stray-end': {
    text: '</{element}> closes no element',
    remedy: 'Remove it, or open the element before it.',
  },
  'markup-paragraph': {
    text: '</p> closes no paragraph: the browser has ended it before <{element}>, which cannot stand in a paragraph',
    remedy: 'Write <div> in place of <p>, or end the paragraph before <{element}>.',
  },
  'markup-misnested': {
    text: '<{element}> is not closed where the element around it ends, so that the browser repeats it behind that',
    remedy: 'Close the elements in the reverse order of their beginnings.',
  },
  'markup-misplaced': {
    text: '<{element}> cannot stand here: the browser {repair}',
    remedy: 'Move it to a place where HTML allows it.',
  },
  'markup-syntax': {
    text: 'the browser repairs this HTML: {reason}',
    remedy: 'Correct the tag.',
  },
  'attribute-twice': {
    text: 'this tag has the attribute {name} twice: the browser ignores the second one',
    remedy: 'Remove one of the two.',
  },
  'id-twice': {
    text: 'the id {id} stands on this page twice; {other}',
    remedy: 'Give each element an id of its own.',
  },
  'label-without-field': {
    text: 'this label is for the id {id}, which no field on this page has{nearest}',
    remedy: 'Write the id of the field, or put the field into the label.',
  },
  'image-without-alt': {
    text: 'this image has no alt text, so that a screen reader reads its file name',
    remedy: 'Write alt="…", or alt="" if it is only decoration.',
  },
} as const satisfies CodeTable;
