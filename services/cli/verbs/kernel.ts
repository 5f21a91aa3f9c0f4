import type { Access, Control, Outcome } from "../backend.ts";
import type { ExitCode, Tools } from "../tools.ts";

/** What every verb that speaks to a running kernel was given. */
export interface KernelOptions extends Access {
  readonly control?: string;
  readonly json?: true;
}

/** Speaks to the kernel that listens there; says what to do when none does. */
export async function withKernel(
  tools: Tools,
  { control, ...access }: KernelOptions,
  speak: (control: Control) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { backend, complain } = tools;
  const address = control ?? backend.controlAddress;
  const reached = await backend.control(address, access);
  if (!reached.ok) {
    const [why = "nobody answered"] = reached.trouble.lines;
    // Somebody is there, or could be: the line says what is missing.
    if (/ --[a-z]/.test(why)) return complain({ ...reached.trouble, lines: [why] });
    const line = `no kernel at ${address} (${why}); start one with "npx tenon up", or say with --control where it listens`;
    return complain({ ...reached.trouble, lines: [line] });
  }
  try {
    return await speak(reached.value);
  } finally {
    await reached.value.close();
  }
}

/** Goes on with what was answered, or says why it was not. */
export const answered = <T>({ complain }: Tools, outcome: Outcome<T>, go: (value: T) => ExitCode): ExitCode =>
  outcome.ok ? go(outcome.value) : complain(outcome.trouble);
