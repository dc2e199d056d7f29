/** axios and servicenow-rest-api as page readers. */
import { installedPeers } from "./installed.ts";

type Rows = unknown[];
/** Reads one page. */
export type ReadPage = (offset: number) => Promise<Rows>;

export interface Peers {
  axios: ReadPage;
  servicenowRestApi: ReadPage;
}

/** undefined if the registry cannot be reached. */
export function peers(url: string, token: string, pageSize: number): Peers | undefined {
  const require = installedPeers();
  if (!require) return undefined;
  return {
    axios: byAxios(require("axios"), url, token, pageSize),
    servicenowRestApi: byRestApi(require, url, pageSize),
  };
}

interface Axios {
  get(url: string, options: object): Promise<{ data: { result: Rows } }>;
}

function byAxios(axios: Axios, url: string, token: string, pageSize: number): ReadPage {
  const query = `sysparm_query=ORDERBYsys_id&sysparm_exclude_reference_link=true&sysparm_no_count=true&sysparm_limit=${pageSize}`;
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  return async (offset) => {
    const path = `/api/now/table/incident?${query}&sysparm_offset=${offset}`;
    return (await axios.get(url + path, { headers })).data.result;
  };
}

interface RestApi {
  setNetworkOptions(options: object): void;
  getTableData(fields: string[], filters: string[], table: string, taken: (rows: Rows) => void): void;
}

/**
 * The library only builds https addresses and has neither limit nor offset. Therefore the instance answers as its HTTP proxy, and a
 * filter carries limit and offset. It always asks for display values.
 */
function byRestApi(require: NodeJS.Require, url: string, pageSize: number): ReadPage {
  const RestApi = require("servicenow-rest-api") as new (instance: string, user: string, password: string) => RestApi;
  const { hostname, port } = new URL(url);
  const api = new RestApi("practice.service-now.test", "practice.integration", "practice-password");
  api.setNetworkOptions({ proxy: { protocol: "http", host: hostname, port: Number(port) } });
  return (offset) =>
    new Promise((resolve, reject) => {
      const paging = `ORDERBYsys_id&sysparm_exclude_reference_link=true&sysparm_no_count=true&sysparm_limit=${pageSize}&sysparm_offset=${offset}`;
      const { log } = console;
      // The library prints every address.
      console.log = () => undefined;
      api.getTableData([], [paging], "incident", (rows) => {
        if (Array.isArray(rows)) resolve(rows);
        else reject(rows);
      });
      console.log = log;
    });
}
