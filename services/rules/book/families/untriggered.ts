/** Why no experiment of ours triggers a rule, by its id, or by the point or fact that it is about. */
export const UNTRIGGERED: Readonly<Record<string, string>> = {
  "RW.sys_socketpair": "no family that our stack has makes pairs, so that socketpair(2) never succeeds",
  "RW.sys_accept4": "no socket that our stack has accepts, so that accept4(2) never succeeds",
  "DN.capset": "no experiment drops capabilities that there are not",
  "DN.diversion_on": "the core asks only for devices that there are",
  "DN.diversion_off": "the core asks only for devices that there are",
  "DN.efile_open": "the core refuses no open of ours; a fault that refuses stands in its place",
  "DA.file_release.sys_dup3": "no experiment lets dup3(2) displace the last descriptor of a file",
  "AF-2.neighbour_change": "no experiment lasts until a neighbour that was reachable changes",
  "AF-4.neighbour_change": "no experiment lasts until a neighbour is asked after its delay",
  "AF-5.neighbour_change": "no experiment lasts until a neighbour is probed",
  "AF-6.neighbour_change": "no experiment sends to a neighbour that had failed",
  port_wait: "no experiment ends a port in the moment in which it is used",
};
