/** One thing the palette can do. */
export interface Command {
  id: string;
  /** What is shown, and searched. */
  word: string;
  hint: string;
  run(): void;
}

const SHOWN = 12;

/** Commands whose words hold all that was typed, those that begin with it first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (command: Command) => `${command.word} ${command.hint}`.toLowerCase();
  const found = commands.filter((command) => words.every((word) => text(command).includes(word)));
  const first = words[0] ?? "";
  return found
    .sort((a, b) => Number(text(b).startsWith(first)) - Number(text(a).startsWith(first)))
    .slice(0, SHOWN);
}
