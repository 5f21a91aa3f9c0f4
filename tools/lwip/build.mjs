// Builds lwIP, a TCP/IP stack in C, as WebAssembly: what `tenon bench tcp` measures our stack beside. It takes Debian's source
// package and Debian's compiler, needs no root, and leaves the machine's own configuration of apt alone: the source package is
// fetched with a list of sources that lies in a scratch folder. The result goes to .tenon/lwip, which git ignores.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(dirname(dirname(here)), ".tenon/lwip");
const wasm = join(out, "lwip.wasm");

const CORE = [
  "def",
  "inet_chksum",
  "init",
  "ip",
  "mem",
  "memp",
  "netif",
  "pbuf",
  "sys",
  "tcp",
  "tcp_in",
  "tcp_out",
  "timeouts",
];
const IPV4 = ["etharp", "icmp", "ip4", "ip4_addr", "ip4_frag"];

/** One clear line, and the exit code of bad input. */
function giveUp(line) {
  process.stderr.write(`lwip: ${line}\n`);
  process.exit(3);
}

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  return { ok: error === undefined && status === 0, said: `${stdout ?? ""}${stderr ?? ""}`.trim() };
}

const lastLine = (text) => text.split("\n").at(-1);

/** That the compiler can make WebAssembly with wasi-libc, shown by a program of one line. */
function checkCompiler(scratch) {
  if (!run("clang", ["--version"]).ok) {
    giveUp("clang is missing; on Debian 12: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32");
  }
  const probe = join(scratch, "probe.c");
  writeFileSync(probe, '#include <string.h>\nint main(void) { return (int)strlen(""); }\n');
  const { ok, said } = run("clang", ["--target=wasm32-wasi", "-o", join(scratch, "probe.wasm"), probe]);
  if (ok) return;
  const missing = /string\.h|crt1|-lc\b/.test(said)
    ? "wasi-libc"
    : /wasm-ld/.test(said)
      ? "lld"
      : /clang_rt/.test(said)
        ? "libclang-rt-14-dev-wasm32 (the number is that of clang)"
        : "something";
  giveUp(
    `clang cannot make WebAssembly: ${missing} is missing; on Debian 12: apt-get install lld wasi-libc libclang-rt-14-dev-wasm32`,
  );
}

/** Debian's source of lwIP, unpacked; or the folder that LWIP_SOURCE names. */
function source(scratch) {
  const given = process.env.LWIP_SOURCE;
  if (given !== undefined) {
    if (!existsSync(join(given, "src/core/tcp.c"))) giveUp(`LWIP_SOURCE=${given} holds no src/core/tcp.c`);
    return given;
  }
  const elsewhere = "; or set LWIP_SOURCE to a folder that holds lwIP's source (2.1.3)";
  for (const tool of ["apt-get", "dpkg-source"]) {
    if (!run(tool, ["--version"]).ok) giveUp(`${tool} is missing (Debian's packages apt and dpkg-dev)${elsewhere}`);
  }
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  if (!existsSync(keyring)) giveUp(`${keyring} is missing (Debian's package debian-archive-keyring)${elsewhere}`);
  for (const folder of ["lists/partial", "cache/archives/partial"])
    mkdirSync(join(scratch, folder), { recursive: true });
  // From where this machine has its packages.
  const targets = ["indextargets", "--format", "$(ORIGIN)|$(COMPONENT)|$(RELEASE)|$(SITE)", "Identifier: Packages"];
  const mirror = run("apt-get", targets)
    .said.split("\n")
    .map((line) => line.trim().split("|"));
  const [, , release, site] =
    mirror.find((target) => target[0] === "Debian" && target[1] === "main" && !target[2].includes("-")) ?? [];
  if (site === undefined) giveUp(`apt-get knows no mirror of Debian (apt-get update)${elsewhere}`);
  const list = join(scratch, "sources.list");
  writeFileSync(list, `deb-src [signed-by=${keyring}] ${site} ${release} main\n`);
  const apart = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=-",
    `Dir::State::lists=${join(scratch, "lists")}`,
    `Dir::Cache=${join(scratch, "cache")}`,
    // The folder is this user's alone, and apt would fetch as another one.
    "APT::Sandbox::User=",
  ].flatMap((setting) => ["-o", setting]);
  const listed = run("apt-get", [...apart, "update"]);
  if (!listed.ok)
    giveUp(`the list of Debian's source packages cannot be fetched: ${lastLine(listed.said)}${elsewhere}`);
  const fetched = run("apt-get", [...apart, "source", "--download-only", "lwip"], { cwd: scratch });
  const dsc = readdirSync(scratch).find((name) => name.endsWith(".dsc"));
  if (!fetched.ok || dsc === undefined) {
    giveUp(`Debian's source package lwip cannot be fetched: ${lastLine(fetched.said)}${elsewhere}`);
  }
  const unpacked = run("dpkg-source", ["--no-check", "--extract", dsc, "lwip"], { cwd: scratch });
  if (!unpacked.ok) giveUp(`the source package cannot be unpacked: ${lastLine(unpacked.said)}`);
  return join(scratch, "lwip");
}

const scratch = mkdtempSync(join(tmpdir(), "tenon-lwip-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
checkCompiler(scratch);
const lwip = source(scratch);
mkdirSync(out, { recursive: true });
const { ok, said } = run("clang", [
  "--target=wasm32-wasi",
  // A library that JavaScript calls, not a program with a main.
  "-mexec-model=reactor",
  "-O3",
  "-flto",
  // Copies are made by the machine (memory.copy), as ours are, and not a word at a time.
  "-mbulk-memory",
  `-I${here}`,
  `-I${join(lwip, "src/include")}`,
  ...CORE.map((name) => join(lwip, `src/core/${name}.c`)),
  ...IPV4.map((name) => join(lwip, `src/core/ipv4/${name}.c`)),
  join(lwip, "src/netif/ethernet.c"),
  join(here, "glue.c"),
  "-o",
  wasm,
]);
if (!ok) giveUp(`clang failed: ${said}`);
process.stdout.write(`lwip: ${wasm}, ${Math.round(statSync(wasm).size / 1000)} kB\n`);
