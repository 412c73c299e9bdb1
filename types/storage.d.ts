// Storage: key-value, SQL, alarms, transactions.

interface DurableObjectGetOptions {
  allowConcurrency?: boolean;
  noCache?: boolean;
}

interface DurableObjectPutOptions {
  allowConcurrency?: boolean;
  /** What is sent after this write does not wait until the write is on disk. */
  allowUnconfirmed?: boolean;
  noCache?: boolean;
}

interface DurableObjectListOptions extends DurableObjectGetOptions {
  start?: string;
  startAfter?: string;
  end?: string;
  prefix?: string;
  reverse?: boolean;
  limit?: number;
}

interface DurableObjectGetAlarmOptions {
  allowConcurrency?: boolean;
}

interface DurableObjectSetAlarmOptions {
  allowConcurrency?: boolean;
  allowUnconfirmed?: boolean;
}

/** What storage and a transaction have in common. */
interface DurableObjectOperations {
  get<T = unknown>(key: string, options?: DurableObjectGetOptions): Promise<T | undefined>;
  get<T = unknown>(keys: string[], options?: DurableObjectGetOptions): Promise<Map<string, T>>;
  list<T = unknown>(options?: DurableObjectListOptions): Promise<Map<string, T>>;
  put<T>(key: string, value: T, options?: DurableObjectPutOptions): Promise<void>;
  put<T>(entries: Record<string, T>, options?: DurableObjectPutOptions): Promise<void>;
  delete(key: string, options?: DurableObjectPutOptions): Promise<boolean>;
  delete(keys: string[], options?: DurableObjectPutOptions): Promise<number>;
  /** When the alarm is due, in milliseconds since 1970. */
  getAlarm(options?: DurableObjectGetAlarmOptions): Promise<number | null>;
  setAlarm(scheduledTime: number | Date, options?: DurableObjectSetAlarmOptions): Promise<void>;
  deleteAlarm(options?: DurableObjectSetAlarmOptions): Promise<void>;
}

interface DurableObjectTransaction extends DurableObjectOperations {
  rollback(): void;
}

/** What an object was at a moment. */
declare abstract class DurableObjectSnapshot {
  private readonly __snapshot: never;
}

interface DurableObjectStorage extends DurableObjectOperations {
  readonly sql: SqlStorage;
  readonly kv: SyncKvStorage;
  deleteAll(options?: DurableObjectPutOptions): Promise<void>;
  transaction<T>(closure: (txn: DurableObjectTransaction) => Promise<T>): Promise<T>;
  transactionSync<T>(closure: () => T): T;
  getCurrentBookmark(): Promise<string>;
  getBookmarkForTime(timestamp: number | Date): Promise<string>;
  /** Resolves with the bookmark of now, for undoing it. */
  onNextSessionRestoreBookmark(bookmark: string): Promise<string>;
  /** The object as it is now, or was at a bookmark, for another one to take on. Passes by RPC; cannot be stored. */
  snapshot(bookmark?: string): Promise<DurableObjectSnapshot>;
  /** Resolves when everything written so far is on disk. */
  sync(): Promise<void>;
}

interface SyncKvListOptions {
  start?: string;
  startAfter?: string;
  end?: string;
  prefix?: string;
  reverse?: boolean;
  limit?: number;
}

/** The key-value store without promises; only of objects with SQLite storage. */
interface SyncKvStorage {
  get<T = unknown>(key: string): T | undefined;
  list<T = unknown>(options?: SyncKvListOptions): Iterable<[string, T]>;
  put<T>(key: string, value: T): void;
  delete(key: string): boolean;
}

type SqlStorageValue = ArrayBuffer | string | number | null;

interface SqlStorage {
  /** Runs one or more statements; the rows are those of the last one. */
  exec<T extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: any[]
  ): SqlStorageCursor<T>;
  /** In bytes. */
  get databaseSize(): number;
  Cursor: typeof SqlStorageCursor;
  Statement: typeof SqlStorageStatement;
}

declare abstract class SqlStorageStatement {}

declare abstract class SqlStorageCursor<T extends Record<string, SqlStorageValue>> {
  next(): { done?: false; value: T } | { done: true; value?: never };
  toArray(): T[];
  /** @throws unless there is exactly one row. */
  one(): T;
  raw<U extends SqlStorageValue[]>(): IterableIterator<U> & { toArray(): U[] };
  columnNames: string[];
  get rowsRead(): number;
  get rowsWritten(): number;
  [Symbol.iterator](): IterableIterator<T>;
}
