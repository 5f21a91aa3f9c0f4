/** Why no experiment of ours triggers a rule, by its id, or by the point or fact that it is about. */
export const UNTRIGGERED: Readonly<Record<string, string>> = {
  "RW.sys_socketpair": "no family here makes pairs, so socketpair(2) never succeeds",
  "RW.sys_accept4": "no family here has connections to accept, so accept4(2) never succeeds",
  "DN.capset": "capset takes any mask, so it is refused only to a task that is not there, which tells nothing",
  "DN.diversion_on": "the core asks for the diversion of NICs that there are, so the NIC house never refuses",
  "DN.diversion_off": "the core ends the diversion of NICs that there are, so the NIC house never refuses",
  "DN.efile_open":
    "a driver opens a file once; an open that arrives after it was given up is turned away at the boundary",
  port_wait:
    "the core's receive thread handles what it was given in the same moment, so no port ends while a frame is inside",
};
