import { describe, expect, test } from "@jest/globals";
import type { Backend } from "../../services/cli/backend.ts";
import type { CertificatesOrder } from "../../services/cli/certificates.ts";
import { tenon } from "./fake.ts";

describe("tenon ca", () => {
  test("asks for a certificate for each peer, and says what was made and what was kept", async () => {
    const orders: CertificatesOrder[] = [];
    const certificates: Backend["certificates"] = async (order) => {
      orders.push(order);
      const untilMs = 1_800_000_000_000;
      return {
        ok: true,
        value: order.peers.map(([name], i) => ({ name, folder: `certs/${name}`, isNew: i === 0, untilMs })),
      };
    };
    const argv = ["ca", "certs", "--for", "alpha-vfs,10.0.0.5", "--for", "control", "--owner", "1000:1000"];
    expect(await tenon(argv, { certificates })).toEqual({
      code: 0,
      out:
        "alpha-vfs: made, good until 2027-01-15 08:00 UTC (certs/alpha-vfs)\n" +
        "control: kept, good until 2027-01-15 08:00 UTC (certs/control)\n",
      err: "",
    });
    expect(orders).toEqual([
      {
        folder: "certs",
        peers: [["alpha-vfs", "10.0.0.5"], ["control"]],
        days: 30,
        owner: { uid: 1000, gid: 1000 },
      },
    ]);
  });

  test.each([
    [["ca", "certs"], "ca wants to know for whom: --for NAME, once for each peer"],
    [["ca", "certs", "--for", "a/b"], '--for a/b: found "a/b", allowed is the name of a host or an address'],
    [["ca", "certs", "--for", ".."], '--for ..: found "..", allowed is the name of a host or an address'],
    [["ca", "certs", "--for", "a,b c"], '--for a,b c: found "b c", allowed is the name of a host or an address'],
    [["ca", "certs", "--for", "a", "--for", "a,b"], "--for names a twice"],
    [["ca", "certs", "--for", "a", "--owner", "me"], "--owner me: it is UID:GID, such as 1000:1000"],
  ])("%j is told in one line", async (argv, line) => {
    expect(await tenon(argv)).toEqual({ code: 3, out: "", err: `tenon: ${line}\n` });
  });
});
