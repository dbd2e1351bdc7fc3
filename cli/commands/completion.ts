import { Argument, type Command } from 'commander';
import { completionScripts } from './completion-scripts.ts';

/** The scripts call this command: `orderstream complete -- WORDS`. */
const SUGGEST = 'complete';

/**
 * Adds `completion`, which prints a script for a shell. The script asks this program for suggestions, so that it also fits
 * later versions. Add it last: it knows the commands that exist by then.
 */
export async function addCompletion(program: Command, args: readonly string[]): Promise<void> {
  program
    .command('completion')
    .description('print a script that lets the Tab key complete commands and options')
    .addArgument(new Argument('<shell>').choices(Object.keys(completionScripts)))
    .addHelpText(
      'after',
      `
Examples:
  bash  source <(orderstream completion bash)      in ~/.bashrc
  zsh   source <(orderstream completion zsh)       in ~/.zshrc, after compinit
  fish  orderstream completion fish | source       in ~/.config/fish/config.fish`,
    )
    .action((shell: keyof typeof completionScripts) => {
      process.stdout.write(`${completionScripts[shell]}\n`);
    });
  // Loaded only when suggestions are asked for.
  if (args[0] !== SUGGEST) return;
  const { default: describeTo } = await import('@bomb.sh/tab/commander');
  // It adds itself, which is nothing to type.
  describeTo(program).commands.delete(SUGGEST);
}
