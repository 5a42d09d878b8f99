// Completes package-lock.json after `npm install` on a registry that does not carry the binaries of every platform:
// npm leaves those out, and `npm ci` then refuses the file. An entry needs no more than version and platform, since it
// is never fetched elsewhere. Run: node .ci/complete-lock.mjs

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const OS = /android|darwin|freebsd|linux|openharmony|win32/;
const CPU = /arm64|arm(?=-)|ia32|ppc64|riscv64|s390x|x64/;

for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const [os, cpu] = [OS.exec(name)?.[0], CPU.exec(name)?.[0]];
    if (os === undefined || cpu === undefined) continue;
    const libc = name.includes('musl') ? ['musl'] : name.includes('gnu') ? ['glibc'] : undefined;
    lock.packages[`node_modules/${name}`] ??= {
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      os: [os],
    };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
