import { Option, type Command } from "commander";
import { EFFECT_FORMS } from "../abi/effect-grammar.ts";
import { FAULT_EXAMPLE } from "../abi/fault-grammar.ts";
import { FORMATS } from "../telemetry/convert/converter.ts";
import { FRAME_ROADS, ROADS, RUNTIMES, type Backend } from "./backend.ts";
import type { OneLineCommand } from "./command.ts";
import {
  choice,
  controlOption,
  countOption,
  eventOption,
  listOption,
  wordsOption,
  profileOption,
  secondsOption,
  seedOption,
  telemetryOptions,
  tlsOption,
  tokenOption,
  wordArgument,
} from "./options.ts";
import { addNetVerb } from "./net/command.ts";
import { EXIT, type Verb } from "./tools.ts";
import { bench, type BenchOptions } from "./verbs/bench.ts";
import { ca, type CaOptions } from "./verbs/ca.ts";
import { check, type CheckOptions } from "./verbs/check.ts";
import { diff, type DiffOptions } from "./verbs/diff.ts";
import { armFault, disarmFault, listFaults } from "./verbs/fault.ts";
import { hooks } from "./verbs/hooks.ts";
import { matrix, type MatrixOptions } from "./verbs/matrix.ts";
import type { KernelOptions } from "./verbs/kernel.ts";
import { lsof } from "./verbs/lsof.ts";
import { ps } from "./verbs/ps.ts";
import { netstat, type NetstatOptions } from "./verbs/netstat.ts";
import { convert, type ConvertOptions } from "./verbs/convert.ts";
import { run, type RunOptions } from "./verbs/run.ts";
import { serve, type ServeOptions } from "./verbs/serve.ts";
import { trace, type TraceOptions } from "./verbs/trace.ts";
import { up, type UpOptions } from "./verbs/up.ts";

/** The codes that every verb ends with. */
export const EXIT_CODES = "Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 invalid input, 4 the tool broke.";

const CONTROL = "where the kernel's control service listens";
const CORE = "a companion core of your own: its address, for the first node, or NODE=ADDRESS; once or more";
const JSON_OUT = "print JSON";
const OVER = "what the processes of --runtime distributed speak over";
const FRAMES = "how frames travel between them: the best way there is, or gRPC streams";

const FAULT_HELP = [
  "",
  "A fault is POINT[CONDITIONS]: TERM -> TERM, such as",
  `  npx tenon fault arm '${FAULT_EXAMPLE}'`,
  "  npx tenon fault arm 'install_inband_fd[fd>3, task==app]: 1*skip'",
  "  npx tenon fault arm 'oob_write: 10%*lose-reply'",
  "  npx tenon fault arm 'sock_oob_bind[node==alpha]: 1*hang(companion, 2s)'",
  "A term is COUNT*EFFECT, SHARE%*EFFECT, or EFFECT for all that follow.",
  `Effects: ${EFFECT_FORMS}.`,
].join("\n");

/** What each benchmark measures, and what the columns of its table are. */
const benchHelp = (benches: Backend["benches"]): string =>
  [
    "",
    "Benchmarks:",
    ...benches.map(({ name, measures }) => `  ${name.padEnd(7)} ${measures}`),
    "",
    "A floor is the same work with nothing of Tenon around it, measured by turns with the rest.",
    "x floor: how many times as long one call takes (p50) as its floor; rate: how much is done in a second, beside its floor.",
  ].join("\n");

const FILTER = "only events that pass this filter";

const FILTER_HELP = [
  "",
  "A filter is written as for ftrace: FIELD OPERATOR VALUE, joined by && and ||, with ! and parentheses, such as",
  "  npx tenon trace --filter 'ret < 0 && service == vfs'",
  "  npx tenon trace --filter 'point ~ \"sock_oob_*\" || errno == ENOMEM'",
  "  npx tenon trace -e 'sys_open:flags & O_CLOEXEC' -e 'frame_*'",
  "Operators: == != < <= > >= & for numbers, == != ~ for texts; ~ takes a glob with * ? [a-z].",
  "Fields: node service stage point phase task ret errno lost fault holds time seq lamport span parent trace, and",
  "what events are about or say: fd file sk dev frame path count … (slice.fd and args.fd where it has to be told).",
  "Values: 3, 0x10, 010, ENOMEM, O_CLOEXEC, 5ms (for time), a word, or a text in quotes.",
  "A comparison with a field that an event lacks is false, as in ftrace; !(…) around it is true.",
  "On the terminal a call is shown with both its ends where one of them passes.",
].join("\n");

function addKernelVerbs(program: OneLineCommand, verb: Verb): void {
  const fault = program.command("fault").description("arms, disarms and lists faults on a running kernel");
  fault.helpCommand(false).usage("arm|disarm|list").addHelpText("after", FAULT_HELP);
  fault
    .command("arm")
    .description("arms a fault")
    .argument("<rule>", "the fault, as one word")
    .option("--id <id>", "its name; made from the point and the effect unless it is said")
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", JSON_OUT)
    .action((rule: string, options: KernelOptions & { id?: string }) =>
      verb((tools) => armFault(tools, rule, options)),
    );
  fault
    .command("disarm")
    .description("disarms a fault")
    .argument("[id]", "its name")
    .option("--all", "all of them")
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .action((id: string | undefined, options: KernelOptions & { all?: true }) =>
      verb((tools) => disarmFault(tools, id, options)),
    );
  fault
    .command("list")
    .description("lists what is armed, and what it did")
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", JSON_OUT)
    .action((options: KernelOptions) => verb((tools) => listFaults(tools, options)));
  program
    .command("lsof")
    .description("lists the open files of a running kernel, beside the core's index")
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", JSON_OUT)
    .action((options: KernelOptions) => verb((tools) => lsof(tools, options)));
  program
    .command("ps")
    .description(
      "lists the tasks of a running kernel: the stage of each thread, what it sleeps on, and how often it was demoted",
    )
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", JSON_OUT)
    .action((options: KernelOptions) => verb((tools) => ps(tools, options)));
  program
    .command("netstat")
    .description("shows the network of a running kernel as each house knows it: everything, or what is asked for")
    .option("-a, --sockets", "sockets")
    .option("-i, --interfaces", "network devices")
    .option("-r, --routes", "routes")
    .option("-N, --neighbours", "neighbours (ARP)")
    .option("-s, --statistics", "counters that are not zero, and the rings with what carries their frames")
    .option("-n, --numeric", "changes nothing: addresses are always numbers")
    .option("--node <name>", "only this node")
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", JSON_OUT)
    .action((options: NetstatOptions) => verb((tools) => netstat(tools, options)));
  addNetVerb(program, verb);
  program
    .command("trace")
    .description("follows the events of a running kernel, or shows those of a file")
    .option("--filter <filter>", FILTER)
    .addOption(eventOption())
    .option("--from <trace.jsonl>", "show this trace, not that of a kernel; - is the standard input")
    .addOption(controlOption(CONTROL))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", "print JSON Lines, one event a line: a trace file")
    .addHelpText("after", FILTER_HELP)
    .action((options: TraceOptions) => verb((tools) => trace(tools, options)));
}

const CONVERT_HELP = [
  "",
  "  perfetto   a trace for ui.perfetto.dev: a process for each node, a thread for each house and task",
  "  otlp       spans as the OpenTelemetry collector's otlpjsonfile receiver reads them; times count from when the file",
  "             was written",
  "  mermaid    a sequence diagram as text; a cross is where something never arrived",
  "  pcapng     the frames, for Wireshark, each with the hooks around it as a comment; they are taken from what",
  "             tenon run --trace FILE --trace-frames wrote beside the trace, or from --capture",
].join("\n");

function addTraceVerbs(program: OneLineCommand, verb: Verb): void {
  program
    .command("convert")
    .description("makes something else of a trace that tenon run --trace wrote")
    .argument("<trace.jsonl>", "the trace; - is the standard input")
    .addOption(choice("--to <format>", "what to make of it", FORMATS).makeOptionMandatory())
    .option("-o, --out <file>", "where to write it, usually beside the trace; - is the standard output, for text")
    .option("--filter <filter>", FILTER)
    .addOption(eventOption())
    .addOption(countOption("--max <n>", "mermaid: so many arrows and notes at most (usually 200)"))
    .option("--facts", "mermaid: note state changes too")
    .option("--capture <file...>", "pcapng: captures that the frames are in")
    .addOption(countOption("--snaplen <bytes>", "pcapng: keep no more of each frame"))
    .addHelpText("after", `${CONVERT_HELP}\nFilters are written as for tenon trace.`)
    .action((file: string, options: ConvertOptions) => verb((tools) => convert(tools, file, options)));
  program
    .command("check")
    .description("judges a trace by the rules; several files are the processes of one run, in any order")
    .argument("<trace.jsonl...>", "the trace, or its parts; - is the standard input")
    .addOption(profileOption("whose rules count (usually those of documented; both are shown)"))
    .option("--rules <file>", "a file of rules to judge it by too")
    .option("--report <dir>", "write a page, junit.xml and JSON into this folder")
    .option("--json", JSON_OUT)
    .option("--verbose", "every rule, not just those that are broken or unknown")
    .addHelpText("after", `${CHECK_HELP}\n${EXIT_CODES}`)
    .action((files: string[], options: CheckOptions) => verb((tools) => check(tools, files, options)));
  program
    .command("diff")
    .description("compares two traces, and names the first difference")
    .argument("<a.jsonl>", "a trace")
    .argument("<b.jsonl>", "another one")
    .option("--strict", "every event with all its fields, in the order of the files")
    .addOption(wordsOption("--ignore <field,...>", "do not compare these fields, such as fault or args of calls"))
    .option("--json", JSON_OUT)
    .addHelpText("after", DIFF_HELP)
    .action((a: string, b: string, options: DiffOptions) => verb((tools) => diff(tools, a, b, options)));
}

const CHECK_HELP = [
  "",
  "A rule passes, or fails: for certain, where it is broken in every order that causes allow, or possibly, where it is in",
  "some of them. It is unknown where events are missing, vacuous where nothing triggers it. What caused what is taken from",
  "the calls themselves, never from clocks. The same event in two files counts once; two that differ are refused.",
  "A certain fail is exit code 1, a possible one or an unknown 2.",
].join("\n");

const DIFF_HELP = [
  "",
  "Compared is what each house did for each task and each frame, and what happened to each file and socket in it, with",
  "names in the place of numbers: times, spans and what others did in between do not count. So a simulated and a",
  "distributed run of one experiment are the same. Exit codes: 0 the same, 1 different, 3 no trace.",
].join("\n");

/** Every verb with its words, its options and its help. */
export function addVerbs(program: OneLineCommand, backend: Backend, verb: Verb): void {
  program
    .command("up")
    .description("boots the kernels of a world, shows their live trace, and stops them on Ctrl-C")
    .addOption(choice("--runtime <where>", "worker threads or processes", RUNTIMES.slice(1)).default("embedded"))
    .addOption(profileOption("which reading of the interface").default("documented"))
    .addOption(seedOption())
    .addOption(listOption(new Option("--core <address>", CORE)))
    .addOption(choice("--over <road>", OVER, ROADS))
    .addOption(choice("--frames <road>", FRAMES, FRAME_ROADS))
    .option("--world <world>", "its nodes and what joins them: pair, single, or a world file (usually pair)")
    .addOption(
      listOption(
        controlOption(`where its control service shall listen, once or more (usually ${backend.controlAddress})`),
      ),
    )
    .option("--places <file>", "boot it on places that run already (tenon serve), and that this file names")
    .addOption(tlsOption())
    .addOption(tokenOption())
    .addOption(telemetryOptions.otlp())
    .addOption(telemetryOptions.metrics())
    .addOption(telemetryOptions.sample())
    .option("--tour", "run the tour on it")
    .option("--once", "run the tour, then exit with its verdict")
    .action((options: UpOptions) => verb((tools) => up(tools, options)));
  program
    .command("run")
    .description("runs experiments, in both profiles where both apply")
    .argument("<file...>", "experiment files, or folders of them")
    .addOption(choice("--runtime <where>", "virtual time, worker threads or processes", RUNTIMES).default("simulated"))
    .addOption(seedOption())
    .addOption(profileOption("only this reading of the interface"))
    .option("--world <world>", "run it in this world, not in its own: pair, single, or a world file")
    .option("--trace <out.jsonl>", "write the trace as JSON Lines")
    .option("--trace-frames", "capture the frames of every NIC beside it, for tenon convert --to pcapng")
    .option("--report <dir>", "tell each run in a page in this folder, with index.html, junit.xml, summary.md and JSON")
    .addOption(countOption("--nth <n>", "only this run of a sweep, in which the n-th crossing is struck"))
    .addOption(controlOption("run it on the kernel whose control service listens there, not on one of its own"))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .addOption(listOption(new Option("--core <address>", CORE)))
    .addOption(choice("--over <road>", OVER, ROADS))
    .addOption(choice("--frames <road>", FRAMES, FRAME_ROADS))
    .addOption(telemetryOptions.otlp())
    .addOption(telemetryOptions.sample())
    .option("--json", JSON_OUT)
    .option("--quiet", "only the verdict")
    .option("--verbose", "every step")
    .addHelpText("after", "\nOne experiment shows its trace; several show a line each, and what failed.\n" + EXIT_CODES)
    .action((files: string[], options: RunOptions, command: Command) => {
      const said = (option: string): boolean => command.getOptionValueSource(option) === "cli";
      return verb((tools) => run(tools, files, options, said));
    });
  program
    .command("serve")
    .description("serves a place of worlds that are booted elsewhere: it waits to be told which house or switch it is")
    .addOption(listOption(new Option("--listen <address>", "where to listen, once or more").makeOptionMandatory()))
    .addOption(tlsOption())
    .addOption(
      new Option("--shm <dir>", "the folder for memory that the places of one node share (usually /dev/shm)").env(
        "TENON_SHM",
      ),
    )
    .action((options: ServeOptions) => verb((tools) => serve(tools, options)));
  program
    .command("hooks")
    .description("shows the contract: every hook, service and call, and who serves it")
    .argument("[name]", "the page of this one")
    .option("--json", JSON_OUT)
    .option("--matrix", "which faults can be where, and why others cannot")
    .option("--cell <effect.phase.side>", "with --matrix and a name: the experiment that shows this cell")
    .action((name: string | undefined, options: MatrixOptions & { matrix?: true }) =>
      verb((tools) => (options.matrix === undefined ? hooks(tools, name, options) : matrix(tools, name, options))),
    );
  addKernelVerbs(program, verb);
  addTraceVerbs(program, verb);
  program
    .command("ca")
    .description("makes a CA for development, and a certificate for each peer; those that are still good are kept")
    .argument("<dir>", "its folder; each peer's certificate and key are in DIR/NAME")
    .option("--for <name...>", "a peer: the name of its host, and after commas what else it is called", [])
    .addOption(countOption("--days <n>", "how long certificates are good (usually 30)"))
    .option("--owner <uid:gid>", "give the files of the peers to this user")
    .action((folder: string, options: CaOptions) => verb((tools) => ca(tools, folder, options)));
  program
    .command("bench")
    .description("measures the emulator, beside the floor of the same run")
    .argument("[name...]", `which: ${backend.benches.map(({ name }) => name).join(", ")}`)
    .addOption(secondsOption("--seconds <s>", "how long each measurement lasts"))
    .addOption(countOption("--soak <calls>", "make so many calls in a row and see whether memory grows"))
    .option("--json", JSON_OUT)
    .addHelpText("after", benchHelp(backend.benches))
    .action((names: string[], options: BenchOptions) => verb((tools) => bench(tools, names, options)));
  program
    .command("schema")
    .description("prints the JSON Schema of experiment or world files, for editors")
    .addArgument(wordArgument("[kind]", "what the files hold", ["experiment", "rules", "world"]).default("experiment"))
    .action((kind: keyof Backend["schemas"]) =>
      verb(({ print }) => (print(JSON.stringify(backend.schemas[kind], undefined, 2)), EXIT.pass)),
    );
}
