/** What a caller's policy says of a request, as the gateway asks it. */

/** A request, as far as a policy looks at it. */
export interface AskedOfRules {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  /** Only if `needsBody` has asked for it. */
  readonly body?: Uint8Array;
}

/** Whether the request may be sent. `target` may have more parameters than were asked for. */
export type RulesDecision =
  | { readonly allowed: true; readonly target: string; readonly maxBytes?: number }
  | {
      readonly allowed: false;
      readonly status: number;
      readonly code: string;
      readonly why: string;
      readonly fix?: string;
    };

export interface Rules {
  /** Whether scripted APIs are named at all. */
  readonly scripted: boolean;
  /** The methods that some request may have. */
  readonly methods: ReadonlySet<string>;
  needsBody(method: string, target: string): boolean;
  decide(asked: AskedOfRules): RulesDecision;
}

/** Every reading of `/api/now/...`: what a tenant of plain bindings gives its callers. */
export const READS_ONLY: Rules = {
  scripted: false,
  methods: new Set(["GET", "HEAD"]),
  needsBody: () => false,
  decide: ({ target }) => ({ allowed: true, target }),
};
