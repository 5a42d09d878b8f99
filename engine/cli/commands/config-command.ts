// The command `karrigell config`: prints the effective configuration with the origin of each value; secrets are masked.

import { LEAVES, valueAt } from '../../../config/leaves.ts';
import type { LoadedConfig } from '../../../config/load-config.ts';
import { shown } from '../../../config/secrets.ts';
import { printableJson } from '../../diagnostics/printable.ts';
import { paint, wantsColours } from '../../process/colours.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';

/** Prints one line for each setting. */
export function printConfig(options: GlobalOptions): void {
  process.stdout.write(
    configurationText(configurationFor(options), wantsColours(process.stdout, process.env)),
  );
}

/** One line for each setting: key, value, origin. */
function configurationText({ config, file, origins }: LoadedConfig, colours: boolean): string {
  const colour = paint(colours);
  const width = Math.max(...LEAVES.map(({ key }) => key.length));
  const lines = LEAVES.map(({ path, key }) => {
    const origin = origins[key] ?? 'default';
    const value = printableJson(shown(valueAt(config, path), path, Number.POSITIVE_INFINITY));
    return `${key.padEnd(width)}  ${value}  ${colour('dim', `(${origin})`)}`;
  });
  return `${file ?? 'no configuration file'}\n\n${lines.join('\n')}\n`;
}
