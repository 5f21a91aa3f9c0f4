import type { Mutant } from "./mutant.ts";
import { BLIND_MUTANTS } from "./mutants/blind.ts";
import { BOUNDARY } from "./mutants/boundary.ts";
import { COMPANION_FILES } from "./mutants/companion-files.ts";
import { COMPANION_NET } from "./mutants/companion-net.ts";
import { COMPANION_OOB } from "./mutants/companion-oob.ts";
import { COMPANION_SOCKETS } from "./mutants/companion-sockets.ts";
import { INBAND_CALLS } from "./mutants/inband-calls.ts";
import { INBAND_LIVES } from "./mutants/inband-lives.ts";
import { INBAND_KSOCKS } from "./mutants/inband-ksocks.ts";
import { INBAND_STREAMS } from "./mutants/inband-streams.ts";
import { NIC } from "./mutants/nic.ts";
import { SHIPPED } from "./mutants/shipped.ts";
import { VFS_DESCRIPTORS } from "./mutants/vfs-descriptors.ts";
import { VFS_FILES } from "./mutants/vfs-files.ts";

/** Every bad kernel that there is. */
export const ZOO: readonly Mutant[] = [
  ...SHIPPED,
  ...VFS_DESCRIPTORS,
  ...VFS_FILES,
  ...INBAND_CALLS,
  ...INBAND_LIVES,
  ...COMPANION_FILES,
  ...COMPANION_SOCKETS,
  ...COMPANION_NET,
  ...COMPANION_OOB,
  ...NIC,
  ...BOUNDARY,
  ...BLIND_MUTANTS,
  ...INBAND_STREAMS,
  ...INBAND_KSOCKS,
];
