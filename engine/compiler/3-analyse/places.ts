// Warns of values that stand where escaping as HTML text is not enough.

import type { Lines } from '../../diagnostics/position.ts';
import { type Warning, warning } from '../../diagnostics/problem.ts';
import { ADVICE, PlaceTracker } from '../../escaping/place.ts';
import type { Segment } from '../1-scan/segments.ts';

export function weakPlaces(segments: readonly Segment[], file: string, lines: Lines): Warning[] {
  const tracker = new PlaceTracker();
  const warnings: Warning[] = [];
  for (const segment of segments) {
    if (segment.kind === 'text') tracker.add(segment.value);
    if (segment.kind !== 'output') continue;
    const place = tracker.place;
    const advice = ADVICE[place];
    if (advice !== undefined) {
      warnings.push(
        warning('weak-place', {
          file,
          ...lines.at(segment.start),
          holes: { place: described(place), advice },
        }),
      );
    }
    tracker.output();
  }
  return warnings;
}

function described(place: string): string {
  return /^(?:start|style$)/.test(place)
    ? `at the ${place}`.replace('at the style', 'in a style')
    : `in ${article(place)} ${place}`;
}

function article(place: string): string {
  return /^[aeu]/.test(place) ? 'an' : 'a';
}
