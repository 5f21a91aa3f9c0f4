const NO_PORT_WAITS =
  "the core's receive thread handles what it was given in the same moment, so no port ends while a frame is inside";

/** Why no experiment of ours triggers a rule, by its id, or by the point or fact that it is about. */
export const UNTRIGGERED: Readonly<Record<string, string>> = {
  "RW.sys_socketpair": "no family here makes pairs, so socketpair(2) never succeeds",
  "DN.capset": "capset takes any mask, so it is refused only to a task that is not there, which tells nothing",
  "DN.diversion_on": "the core asks for the diversion of NICs that there are, so the NIC house never refuses",
  "DN.diversion_off": "the core ends the diversion of NICs that there are, so the NIC house never refuses",
  "DA.file_release.sys_dup3": "no experiment lets dup3(2) displace the last descriptor of a file",
  "AF-6.neighbour_change": "no experiment sends to a neighbour that had failed",
  "FV.port_wait": NO_PORT_WAITS,
  "FS.port_wait": NO_PORT_WAITS,
  "FI.port_wait": NO_PORT_WAITS,
  "AF.port_wait": NO_PORT_WAITS,
};
