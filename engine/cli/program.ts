// The commands and options of `karrigell` (README.md, *The command line*). The module of a command is loaded when the command is
// called.

import { Command, Option } from 'commander';
import { packageVersion } from '../diagnostics/package-folder.ts';
import type { CheckOptions } from './commands/check-command.ts';
import type { DescribeOptions } from './commands/describe-command.ts';
import type { InitOptions } from './commands/init.ts';
import { type GlobalOptions, parsedPort, parsedWorkers } from './global-options.ts';
import { TEMPLATES } from './new-site.ts';

/** The command line as a Commander program; parsing arguments runs the command. */
export function createProgram(): Command {
  const program = new Command('karrigell')
    .description('Serves a folder of pages: HTML with TypeScript inside, sessions included.')
    .argument('[dir]', 'the folder to serve (default: root_dir of the configuration)')
    .option('--config <file>', 'the configuration file (default: the nearest karrigell.config.json)')
    .option('--port <n>', 'the port to listen on; 0 picks a free one', parsedPort)
    .option('--host <host>', 'the address to listen on')
    .option('--workers <n>', 'processes: a number, or "auto" for one a core', parsedWorkers)
    .option('--debug', 'error pages with source, live reload')
    .addOption(new Option('--no-debug', 'plain error pages'))
    .option('--open', 'show the site in a browser')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .action(async (dir: string | undefined) => {
      const { serveSite, unknownCommand } = await import('./commands/serve-command.ts');
      const commands = program.commands.map((command) => command.name());
      if (dir !== undefined && program.args.length > 1) throw unknownCommand(dir, commands);
      await serveSite(globalOptions(program), dir, { named: false, commands });
    });
  addCommands(program);
  // After the commands are added, which would inherit it. So `serv site` is reported as a wrong command, not as an
  // excess argument.
  program.allowExcessArguments(true);
  quietly(program);
  for (const command of program.commands) {
    quietly(command);
    for (const below of command.commands) quietly(below);
  }
  return program;
}

function addCommands(program: Command): void {
  program
    .command('serve')
    .description('serve a site (the default command)')
    .argument('[dir]', 'the folder to serve')
    .action(async (dir: string | undefined) => {
      const { serveSite } = await import('./commands/serve-command.ts');
      await serveSite(globalOptions(program), dir, { named: true, commands: [] });
    });
  program
    .command('check')
    .description('compile and type-check every page without running it; exit code 1 on any error')
    .argument('[files...]', 'the pages to check (default: all)')
    .option('--watch', 'check again whenever a file is saved')
    .option('--json', 'print the findings as JSON')
    .option('--strict', 'exit code 1 on warnings too')
    .action(async (files: string[], flags: CheckOptions) => {
      const { checkSite } = await import('./commands/check-command.ts');
      await checkSite(globalOptions(program), files, flags);
    });
  program
    .command('describe')
    .description('print the forms, links, fields and session attributes of every page')
    .option('--json', 'as JSON')
    .action(async (flags: DescribeOptions) => {
      const { describeSite } = await import('./commands/describe-command.ts');
      await describeSite(globalOptions(program), flags);
    });
  program
    .command('init')
    .description('write a small working site, never overwriting a file')
    .argument('[dir]', 'the folder of the new site', '.')
    .addOption(new Option('--template <name>', 'what to begin with').choices(TEMPLATES).default('minimal'))
    .action(async (dir: string, flags: InitOptions) => {
      const { init } = await import('./commands/init.ts');
      init(dir, flags);
    });
  program
    .command('config')
    .description('print the effective configuration and where each value came from')
    .action(async () => {
      const { printConfig } = await import('./commands/config-command.ts');
      printConfig(globalOptions(program));
    });
  addSessionCommands(program, program.command('sessions').description('look after the stored sessions'));
}

function addSessionCommands(program: Command, sessions: Command): void {
  const load = () => import('./commands/sessions-command.ts');
  const options = (): GlobalOptions => globalOptions(program);
  sessions
    .command('list')
    .description('list the sessions')
    .option('--json', 'as JSON, one object a line in an array')
    .option('--full', 'ids in full')
    .action(async (flags: { json?: boolean; full?: boolean }) =>
      (await load()).listSessions(options(), flags),
    );
  sessions
    .command('show')
    .description('show what a session holds')
    .argument('<id>', 'the beginning of an id in the list')
    .option('--json', 'as JSON')
    .option('--values', 'with the values, which may be private')
    .action(async (id: string, flags: { json?: boolean; values?: boolean }) =>
      (await load()).showSession(options(), id, flags),
    );
  sessions
    .command('delete')
    .description('delete a session')
    .argument('<id>', 'the beginning of an id in the list')
    .option('--json', 'as JSON')
    .action(async (id: string, flags: { json?: boolean }) =>
      (await load()).deleteSession(options(), id, flags),
    );
  sessions
    .command('clear')
    .description('delete all sessions')
    .option('--json', 'as JSON')
    .option('--yes', 'without asking, as where there is no terminal')
    .action(async (flags: { json?: boolean; yes?: boolean }) =>
      (await load()).clearSessions(options(), flags),
    );
  sessions
    .command('gc')
    .description('delete expired sessions')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => (await load()).sweepSessions(options(), flags));
}

function globalOptions(program: Command): GlobalOptions {
  return program.opts<GlobalOptions>();
}

/** Makes Commander throw instead of exit; command-failure.ts prints its errors. */
function quietly(command: Command): void {
  command
    .exitOverride()
    .helpOption('--help', 'print this help')
    .configureOutput({ writeErr: () => undefined });
}
