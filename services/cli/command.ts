import { Command, type ErrorOptions } from "commander";

/** What the user typed is wrong. Commander's way out of parsing is to throw, so this one is thrown, and caught in program.ts. */
export class BadUsage extends Error {
  override readonly name = "BadUsage";
}

const commaList = (words: readonly string[]): string => words.join(", ");

/** A command whose complaints are one line: what was found, what was probably meant, what is allowed. */
export class OneLineCommand extends Command {
  override createCommand(name?: string): Command {
    return new OneLineCommand(name);
  }

  /** Replaces commander's own report, which may take several lines, and its exit. */
  override error(message: string, options?: ErrorOptions): never {
    const meant = /\(Did you mean (?:one of )?(.+)\?\)/s.exec(message)?.[1];
    const found = message
      .replace(/^error: /, "")
      .replace(/\s*\(Did you mean .*$/s, "")
      .replace(/ is invalid\. /, " is invalid: ")
      .replace(/\s+/g, " ")
      .replace(/\.$/, "");
    throw new BadUsage(
      `${found}${meant === undefined ? "" : `; did you mean ${meant}?`}${this.#allowed(options?.code)}`,
    );
  }

  #allowed(code: string | undefined): string {
    const help = this.createHelp();
    if (code === "commander.unknownCommand") {
      return ` (verbs: ${commaList(help.visibleCommands(this).map((command) => command.name()))})`;
    }
    if (code === "commander.unknownOption") {
      const options = [...help.visibleOptions(this), ...help.visibleGlobalOptions(this)];
      return ` (options: ${commaList(options.map((option) => option.long ?? option.flags))})`;
    }
    // A choice that is not allowed is told with the choices already.
    if (code === "commander.invalidArgument") return "";
    return ` (usage: ${help.commandUsage(this)})`;
  }
}
