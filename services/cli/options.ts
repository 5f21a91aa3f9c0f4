import { Argument, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../abi/closest.ts";
import { PROFILES } from "../abi/profile.ts";
import { parseSeed } from "../abi/seed.ts";

const oneOf =
  (words: readonly string[]) =>
  (typed: string): string => {
    if (words.includes(typed)) return typed;
    throw new InvalidArgumentError(`it is one of ${words.join(", ")}${didYouMean(typed, words)}`);
  };

/** An option whose value is one of these words. */
export const choice = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description).choices(words).argParser(oneOf(words));

/** An argument that is one of these words. */
export const wordArgument = (form: string, description: string, words: readonly string[]): Argument =>
  new Argument(form, description).choices(words).argParser(oneOf(words));

/** The reading of the interface, on every verb that boots a kernel. */
export const profileOption = (description: string): Option => choice("--profile <profile>", description, PROFILES);

/** `--seed`: 64 bits, decimal or hexadecimal. */
export const seedOption = (): Option =>
  new Option("--seed <seed>", "seed of every decision by chance").argParser((typed: string) => {
    const seed = parseSeed(typed);
    if (seed !== undefined) return seed;
    throw new InvalidArgumentError("a seed is a number below 2^64, such as 7 or 0x5eed01");
  });

/** An option that counts something, from 1. */
export const countOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((typed: string) => {
    const count = /^[1-9]\d*$/.test(typed) ? Number(typed) : Number.NaN;
    if (Number.isSafeInteger(count)) return count;
    throw new InvalidArgumentError("it is a whole number from 1, such as 1000000");
  });

/** An option that is a number of buffers or bytes, from 0. */
export const bufferOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((typed: string) => {
    if (/^\d{1,9}$/.test(typed)) return Number(typed);
    throw new InvalidArgumentError("it is a whole number from 0, such as 512");
  });

/** Where metrics are served when `--metrics` says no more; the port is that of OpenTelemetry's Prometheus exporters. */
const METRICS_ADDRESS = "127.0.0.1:9464";

/** What of a kernel is to be seen elsewhere; the environment may say it too. */
export const telemetryOptions = {
  otlp: (): Option =>
    new Option("--otlp <url>", "send traces to the collector there, over OTLP/HTTP").env("TENON_OTLP"),
  metrics: (): Option =>
    new Option("--metrics [address]", `serve metrics for Prometheus there (usually ${METRICS_ADDRESS})`)
      .preset(METRICS_ADDRESS)
      .env("TENON_METRICS"),
  sample: (): Option =>
    new Option("--sample <share>", "send this share of the traces without fault and error (usually 1)")
      .env("TENON_SAMPLE")
      .argParser((typed: string) => {
        const share = /^(0|1|0?\.\d+|1\.0+|0\.\d+)$/.test(typed) ? Number(typed) : Number.NaN;
        if (share >= 0 && share <= 1) return share;
        throw new InvalidArgumentError("it is a number from 0 to 1, such as 0.1");
      }),
} as const;

/** An option in seconds. */
export const secondsOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((typed: string) => {
    const seconds = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN;
    if (seconds > 0 && Number.isFinite(seconds)) return seconds;
    throw new InvalidArgumentError("it is a number of seconds above 0, such as 2 or 0.5");
  });

/** `-e POINT[:FILTER]`, any number of times. */
export const eventOption = (): Option =>
  new Option(
    "-e, --event <point[:filter]>",
    "only events of this point (or glob), that pass a filter of its own",
  ).argParser((typed: string, before: readonly string[] | undefined) => [...(before ?? []), typed]);

/** Where the control service of a kernel is, and what it wants to see; the environment says it for those who do not. */
export const controlOption = (description: string): Option =>
  new Option("--control <address>", description).env("TENON_CONTROL");

/** The TLS identity. */
export const tlsOption = (): Option =>
  new Option("--tls <dir>", "the folder with ca.pem, cert.pem and key.pem, for addresses on the network").env(
    "TENON_TLS",
  );

/** The token of the control service. */
export const tokenOption = (): Option =>
  new Option("--token-file <file>", "the file with the token of the control service").env("TENON_TOKEN_FILE");

/** An option that may be said several times. */
export const listOption = (option: Option): Option =>
  option.argParser((typed: string, former: readonly string[] | undefined) =>
    typed === "" ? former : [...(former ?? []), typed],
  );

/** An option that takes several words with commas between them. */
export const wordsOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((typed: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    ...typed.split(",").filter((word) => word !== ""),
  ]);
