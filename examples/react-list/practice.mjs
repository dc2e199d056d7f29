// Registers the practice instance's client as a public one, as an administrator would: node practice.mjs [ADDRESS]
import { connect } from "sysparm";

const [url = "http://127.0.0.1:8787"] = process.argv.slice(2);
const instance = await connect({ url, auth: { username: "practice.admin", password: "practice-admin-password" } });
const clients = instance.table("oauth_entity");
const client = await clients.findBy("client_id", "practice-client");
await clients.update(client.sys_id, { public_client: "true" });
console.log("Sign in as practice.agent with the password practice-agent-password.");
await instance.close();
