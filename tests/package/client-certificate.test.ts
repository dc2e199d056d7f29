/** Mutual TLS: whose client certificate is in the agent of Node's https, is who the instance answers. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { Agent, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TLSSocket } from "node:tls";
import { connect } from "sysparm";
import { httpFetch } from "sysparm/node-http";
import { startPracticeInstance } from "../harness/practice-instance.ts";

test("client certificate identifies the user to the instance", async () => {
  const server = issue("localhost", "-addext", "subjectAltName=IP:127.0.0.1");
  const [known, stranger] = [issue("integration"), issue("stranger")];
  const instance = await startPracticeInstance("--rows", "20", "--quiet");
  // What the platform's load balancer does: it ends TLS, and says who was there.
  const balancer = createServer({ ...server, requestCert: true, rejectUnauthorized: false }, (asked, reply) => {
    const { raw } = (asked.socket as TLSSocket).getPeerCertificate();
    const headers = { ...asked.headers, "client-cert": `:${raw?.toString("base64") ?? ""}:` };
    const passed = request(instance.url + asked.url, { method: asked.method ?? "GET", headers }, (answer) => {
      answer.pipe(reply.writeHead(answer.statusCode ?? 500, answer.headers));
    });
    asked.pipe(passed);
  });
  try {
    await once(balancer.listen(0, "127.0.0.1"), "listening");
    const url = `https://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
    const administrator = await connect({
      url: instance.url,
      auth: { username: "practice.admin", password: "practice-admin-password" },
    });
    const plugins = administrator.table("v_plugin");
    const [plugin] = (await plugins.list({ query: "id=com.glide.auth.mutual" })).rows;
    if (plugin) await plugins.update(String(plugin.sys_id), { active: "active" });
    else await plugins.create({ id: "com.glide.auth.mutual", active: "active" });
    const [user] = (await administrator.table("sys_user").list({ query: "user_name=practice.integration" })).rows;
    const mapping = { name: "integration", user: String(user?.sys_id), pem_certificate: known.cert, active: "true" };
    await administrator.table("sys_user_certificate").create(mapping);
    administrator.close();

    const rowsAs = async (credentials: { key: string; cert: string } | object) => {
      const agent = new Agent({ ...credentials, ca: server.cert, keepAlive: true });
      const over = await connect({ url, auth: { certificate: true }, fetch: httpFetch({ agent }) });
      try {
        return (await over.table("incident").list()).rows.length;
      } finally {
        over.close();
        agent.destroy();
      }
    };
    assert.equal(await rowsAs(known), 20);
    await assert.rejects(rowsAs(stranger), { name: "AuthenticationError" });
    await assert.rejects(rowsAs({}), { name: "AuthenticationError" });
    const untrusting = await connect({ url, auth: { token: "t" }, fetch: httpFetch(), pace: { attempts: 1 } });
    const unsent = { name: "InstanceError", code: "network.unreachable" };
    await assert.rejects(untrusting.table("incident").create({ short_description: "unsent" }), unsent);
    untrusting.close();
    await assert.rejects(httpFetch()(url), ({ cause }: Error) =>
      /SELF_SIGNED|UNABLE_TO_VERIFY/.test((cause as NodeJS.ErrnoException).code ?? ""),
    );
  } finally {
    balancer.closeAllConnections();
    balancer.close();
    await instance.stop();
  }
});

/** A key, and the certificate that it signs for itself: no server of this test asks who signed it. */
function issue(name: string, ...more: string[]): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "sysparm-certificate-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const named = ["-subj", `/CN=${name}`, "-keyout", key, "-out", cert, ...more];
    execFileSync("openssl", ["req", ...made, ...named], { stdio: "ignore" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
