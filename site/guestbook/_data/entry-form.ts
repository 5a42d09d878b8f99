// The schema of the guestbook's form.

import * as v from 'valibot';

export const LONGEST_TEXT = 2000;
const BIGGEST_PHOTO = 5_000_000;

export const entryForm = v.pipe(
  v.object({
    text: v.pipe(
      v.string('Write something.'),
      v.trim(),
      v.nonEmpty('Write something.'),
      v.maxLength(LONGEST_TEXT, `Use at most ${LONGEST_TEXT} characters.`),
    ),
    photo: v.optional(v.pipe(v.file(), v.maxSize(BIGGEST_PHOTO, 'Choose a photo of at most 5 MB.'))),
    shows: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200, 'Use at most 200 characters.')), ''),
  }),
  v.forward(
    v.check(
      ({ photo, shows }) => photo === undefined || shows !== '',
      'Say in a few words what the photo shows.',
    ),
    ['shows'],
  ),
);
