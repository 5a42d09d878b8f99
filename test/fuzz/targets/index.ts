// All targets, in the order in which they are tried.

import type { Target } from '../target.ts';
import { codecTarget } from './codec.ts';
import { compileTarget } from './compile.ts';
import { compileTimeTarget } from './compile-time.ts';
import { configTarget } from './config.ts';
import { cookiesTarget } from './cookies.ts';
import { formsTarget } from './forms.ts';
import { redirectTarget } from './redirect.ts';
import { urlTarget } from './url.ts';

export const TARGETS: readonly Target[] = [
  compileTarget,
  compileTimeTarget,
  urlTarget,
  redirectTarget,
  formsTarget,
  cookiesTarget,
  configTarget,
  codecTarget,
];
