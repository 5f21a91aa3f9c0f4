import { describe, expect, test } from "@jest/globals";
import { BOOK } from "../../services/rules/book/book.ts";
import { traceOf, verdictOf, type Case } from "./traces.ts";

const OPEN = "tcp_open sk=1 to=SYN-SENT listener=0";
const CALLED = "tcp_open sk=1 to=SYN-RECEIVED listener=9";
const goes = (...states: readonly string[]): string[] =>
  states.slice(1).map((to, i) => `tcp_state sk=1 from=${states[i] ?? ""} to=${to}`);
const UP = goes("SYN-SENT", "ESTABLISHED");
const TAKEN = goes("SYN-RECEIVED", "ESTABLISHED");
const RESET = [...goes("ESTABLISHED", "CLOSED"), "tcp_closed sk=1 why=reset from=ESTABLISHED"];
const MADE = "inband_create sk=1 family=PF_INET type=1";
const FIN_WAIT_2 = ["ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"] as const;
const FINISHED = "tcp_closed sk=1 why=finished from=FIN-WAIT-2";

const ON = "ksock_callbacks_on ks=1 slots=connected|disconnected|newconn|recv|xmit stream=s";
const told = (slot: string, value = 0): string => `ksock_event ks=1 slot=${slot} value=${value} merged=false`;
const is = (what: string): string => `ksock_state ks=1 what=${what} errno=`;
const ACCEPTED = "ksock_accept.exit ks=1 ret=0 newks=5";
const LISTENS = "ksock_listen.enter ks=1 backlog=0";

const CASES: readonly Case[] = [
  ["TCP-01", [OPEN, ...goes("SYN-SENT", "CLOSE-WAIT")], [OPEN, ...goes("SYN-SENT", "ESTABLISHED", "CLOSE-WAIT")]],
  ["TCP-02", [OPEN, ...goes("ESTABLISHED", "CLOSE-WAIT")], [OPEN, ...goes("SYN-SENT", "ESTABLISHED", "CLOSE-WAIT")]],
  ["TCP-03", [OPEN, ...UP, OPEN], [OPEN, ...UP, ...RESET, OPEN]],
  ["TCP-03", [OPEN, ...UP, OPEN], [OPEN, ...UP, "place_down house=inband", OPEN]],
  ["TCP-04", [OPEN, ...UP, ...RESET, "tcp_closed sk=1 why=reset from=ESTABLISHED"], [OPEN, ...UP, ...RESET]],
  ["TCP-05", [MADE, OPEN, "inband_connect sk=1 peer=b"], [MADE, OPEN, ...UP, "inband_connect sk=1 peer=b"]],
  ["TCP-05", [MADE, OPEN, "inband_connect sk=1 peer=b"], [MADE, "inband_connect sk=1 peer=unspec"]],
  ["TCP-06", [CALLED, "tcp_accept sk=1 listener=9"], [CALLED, ...TAKEN, "tcp_accept sk=1 listener=9"]],
  ["TCP-06", [OPEN, ...UP, "tcp_accept sk=1 listener=9"], [CALLED, ...TAKEN, "tcp_accept sk=1 listener=9"]],
  ["TCP-07", [CALLED, ...TAKEN, MADE], [CALLED, ...TAKEN, "tcp_accept sk=1 listener=9", MADE]],
  ["TCP-08", [OPEN, ...UP, "sk_destruct sk=1"], [OPEN, ...UP, ...RESET, "sk_destruct sk=1"]],
  [
    "TCP-08",
    [OPEN, ...UP, ...goes("ESTABLISHED", "FIN-WAIT-1"), "sk_destruct sk=1"],
    [OPEN, ...UP, ...goes(...FIN_WAIT_2), "sk_destruct sk=1"],
  ],
  ["TCP-09", [MADE, OPEN, FINISHED], [MADE, OPEN, "inband_release sk=1", FINISHED]],
  ["TCP-09", ["tcp_closed sk=1 why=finished from=CLOSING"], ["tcp_closed sk=1 why=finished from=TIME-WAIT"]],
  ["TCP-09", ["tcp_closed sk=1 why=finished from=CLOSE-WAIT"], ["tcp_closed sk=1 why=finished from=LAST-ACK"]],

  ["KS-01", [ON, "ksock_closing ks=1", told("recv", 3)], [ON, told("recv", 3), "ksock_closing ks=1"]],
  ["KS-02", [is("connected"), told("connected"), told("connected")], [is("connected"), told("connected")]],
  ["KS-02", [is("connecting"), told("connected")], [is("connecting"), is("connected"), told("connected")]],
  [
    "KS-03",
    [told("disconnected", 131), told("recv")],
    [told("disconnected", 131), is("connecting"), told("connected")],
  ],
  ["KS-03", [told("connectfailed", 146), told("xmit")], [told("disconnected", 0), told("xmit")]],
  ["KS-04", [is("newconn"), ACCEPTED, ACCEPTED], [is("newconn"), ACCEPTED, `${ACCEPTED} fault=f`]],
  ["KS-04", [ACCEPTED, is("newconn")], [is("newconn"), ACCEPTED]],
  ["KS-05", [is("newconn"), told("newconn"), told("newconn")], [is("newconn"), told("newconn")]],
  [
    "KS-06",
    ["ksock_wait ks=1 task=t what=recv", "ksock_closing ks=1"],
    ["ksock_wait ks=1 task=t what=recv", "ksock_closing ks=1", "ksock_wake ks=1 task=t why=closing"],
  ],
  ["KS-07", ["ksock_closing ks=1"], ["ksock_hold ks=1", "ksock_closing ks=1"]],
  ["KS-07", ["ksock_hold ks=1", "ksock_closing ks=1", "ksock_rele ks=1"], ["ksock_closing ks=1", "ksock_closed ks=1"]],
  ["KS-08", [is("peer_ended"), told("disconnected", 0)], [is("peer_ended"), is("shut_send"), told("disconnected", 0)]],
  ["KS-08", [is("shut_send"), told("disconnected", 0)], [is("shut_send"), told("disconnected", 131)]],
  ["KS-09", [told("recv", 0)], [is("peer_ended"), told("recv", 0)]],
  ["KS-09", [told("cantrecvmore")], [is("shut_receive"), told("cantrecvmore")]],
  ["KS-10", [ON, is("newconn")], [ON, is("newconn"), told("newconn")]],
  ["KS-10", [ON, is("newconn"), is("newconn"), told("newconn")], [ON, "ksock_callbacks_off ks=1", is("newconn")]],
  ["KS-10", [ON, is("newconn")], [ON, ON.replace("|newconn", ""), is("newconn")]],
  ["KS-11", [ON, is("connected"), "ksock_closing ks=1"], [ON, is("connected"), told("connected")]],
  ["KS-11", [ON, is("connected")], [ON.replace("=connected|", "="), is("connected")]],
  ["KS-12", [ON, is("peer_ended"), told("recv", 5)], [ON, is("peer_ended"), told("recv", 0)]],
  [
    "KS-13",
    [LISTENS, is("newconn"), is("newconn")],
    [LISTENS, is("newconn"), "ksock_accept.enter ks=1", is("newconn")],
  ],
  ["KS-13", [LISTENS, is("newconn"), is("newconn")], [LISTENS.replace("0", "1"), is("newconn"), is("newconn")]],
  ["KS-14", [ON, told("xmit", 5)], [ON, "ksock_send.enter ks=1", told("xmit", 5)]],
  ["KS-14", [told("cansend")], [told("xmit", 0)]],
  [
    "KS-15",
    ["ksock_closing ks=1", "ksock_wake ks=1 task=t why=again"],
    ["ksock_wake ks=1 task=t why=again", "ksock_closing ks=1", "ksock_wake ks=1 task=u why=closing"],
  ],
];

describe("rules of streams and of kernel sockets", () => {
  test.each(CASES.map(([rule, breaks, keeps], i) => ({ rule, breaks, keeps, i })))(
    "$rule is broken by what it speaks of, and not by what is beside it ($i)",
    ({ rule, breaks, keeps }) => {
      expect(verdictOf(rule, traceOf(breaks, "inband"))).toBe("certain-fail");
      expect(["pass", "vacuous"]).toContain(verdictOf(rule, traceOf(keeps, "inband")));
    },
  );

  test("have each a trace here that breaks them", () => {
    const written = BOOK.map(({ id }) => id).filter((id) => /^(?:TCP|KS)-/.test(id));
    expect(new Set(CASES.map(([rule]) => rule))).toEqual(new Set(written));
  });
});
