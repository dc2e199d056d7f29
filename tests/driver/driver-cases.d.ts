/** What wasm-bindgen writes of `tests/driver/src`, which is there only once it is built. */
declare module "driver-cases" {
  export default function init(): Promise<unknown>;

  type Cancelled = Promise<void>;

  export class Pages {
    next(cancelled: Cancelled): Promise<unknown>;
    free(): void;
  }

  export class Copying {
    next(cancelled: Cancelled): Promise<unknown>;
    free(): void;
  }

  export class Differing {
    next(cancelled: Cancelled): Promise<unknown>;
    copied(versions: string, isOver: boolean): void;
    free(): void;
  }

  type Reading = [
    table: string,
    query: string,
    fields: string,
    form: string,
    pageSize: number | undefined,
    limit: number | undefined,
    by: string,
  ];

  export class Driver {
    constructor(
      options: string,
      maxBodyBytes: number | undefined,
      fetch: ((request: Request) => Promise<Response>) | undefined,
      source: unknown,
      onEvent: (event: string) => void,
    );
    readonly limitedUntil: number | null;
    call(
      method: string,
      path: string,
      expect: string,
      body: string | undefined,
      isBackground: boolean,
      cancelled: Cancelled,
    ): Promise<unknown>;
    token(refused: string | undefined, cancelled: Cancelled): Promise<string | undefined>;
    signOut(revoke: boolean): Promise<void>;
    status(): string;
    close(): void;
    read(...reading: [...Reading, ahead: number]): Pages;
    list(...reading: [...Reading, cancelled: Cancelled]): Promise<unknown>;
    sync(
      table: string,
      query: string,
      fields: string,
      form: string,
      pageSize: number | undefined,
      classes: string,
      checkpoint: string | undefined,
      ahead: number,
      cancelled: Cancelled,
    ): Promise<Copying | undefined>;
    reconcile(
      table: string,
      query: string,
      pageSize: number | undefined,
      compared: string | undefined,
      syncedTo: string | undefined,
      ahead: number,
    ): Differing;
  }
}
