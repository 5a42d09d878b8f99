// The schema of the login's form.

import * as v from 'valibot';

export const loginForm = v.object({
  user: v.pipe(
    v.string('Enter your user name.'),
    v.trim(),
    v.nonEmpty('Enter your user name.'),
    v.maxLength(100),
  ),
  password: v.pipe(v.string('Enter your password.'), v.nonEmpty('Enter your password.'), v.maxLength(1000)),
  remember: v.optional(v.boolean(), false),
});
