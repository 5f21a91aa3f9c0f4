import type { OneLineCommand } from "../command.ts";
import { bufferOption, controlOption, tlsOption, tokenOption } from "../options.ts";
import type { Verb } from "../tools.ts";
import { net, type NetOptions } from "../verbs/net.ts";

const NET_HELP = [
  "",
  "  -Q letters  R rx packets, r rx bytes, T tx packets, t tx bytes, o oob capability, s buffer size, f free, a all",
  "              buffers, c checksum errors, x rx and tx out of memory",
  "",
  "  -F programs are objects of clang -target bpf, or what tcpdump -dd writes; they are verified before they are sent",
  "",
  "Letters combine, as in tenon net -ei eth0 or tenon net -QRT -i eth0. Exit codes: 0 done, 1 the kernel refused,",
  "3 invalid input.",
].join("\n");

/** `tenon net`, with the letters of `evl net`. */
export function addNetVerb(program: OneLineCommand, verb: Verb): void {
  program
    .command("net")
    .description("manages the out-of-band ports of a running kernel, with the letters of evl net")
    .option("-i, --interface <device>", "the network device")
    .option("-e, --enable", "make it an out-of-band port")
    .addOption(bufferOption("-p, --poolsz <n>", "with -e: so many out-of-band buffers (0: the core's default)"))
    .addOption(bufferOption("-b, --bufsz <bytes>", "with -e: the size of each (0: the core's default)"))
    .option("-d, --disable", "let it be one no more")
    .option("-F, --filter [prog.o]", "the program that judges what is received on it; none: no program")
    .option("--section <name>", "with -F: which program of the object, by its section or its function")
    .option("-s, --solicit <host>", "learn the way to a host, by that device if one is given")
    .option("-S, --solicit-permanent <host>", "the same, for good")
    .option("-g, --gateways", "with -s or -S: the way may lead through gateways")
    .option("-Q, --query [RrTtosfacx]", "what is counted on it: all, or these, on one line")
    .option("-N, --set-vlans [list]", "the VLANs whose frames the core picks, such as 42-45,100; none: no VLAN")
    .option("-n, --show-vlans", "shows them")
    .option("--node <name>", "on this node (usually the first)")
    .addOption(controlOption("where the kernel's control service listens"))
    .addOption(tlsOption())
    .addOption(tokenOption())
    .option("--json", "with -Q and -n: print JSON")
    .addHelpText("after", NET_HELP)
    .action((options: NetOptions) => verb((tools) => net(tools, options)));
}
