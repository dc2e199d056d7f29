/** ServiceNow's error envelope, the form of all errors of the worker itself. A file of its own, because it starts no worker. */

export interface Envelope {
  error: {
    message: string;
    detail: string;
    code?: string;
    causes?: { code: string; title: string; fix: string[] }[];
  };
  status: string;
}

/** The envelope of a reply. @throws Error for another body */
export async function envelopeOf(reply: Response): Promise<Envelope> {
  const body = (await reply.json()) as Envelope;
  if (body.status !== "failure" || typeof body.error?.message !== "string" || typeof body.error.detail !== "string") {
    throw new Error(`not ServiceNow's error envelope: ${JSON.stringify(body)}`);
  }
  return body;
}
