import type Database from 'better-sqlite3'

/** Brings a database file to the newest shape, one step per released shape. `user_version` counts
 * the steps taken; a step, once released, never changes. `to` stops it at an older shape. */
export function migrate(db: Database.Database, to = steps.length): void {
  const done = shapeOf(db)
  if (done > steps.length)
    throw new Error(
      `the database is of a newer Holdpoint (shape ${done}, this one knows ${steps.length}); update Holdpoint`,
    )
  steps.slice(done, to).forEach((step, index) => {
    db.transaction(() => {
      db.exec(step)
      db.pragma(`user_version = ${done + index + 1}`)
    })()
  })
}

/** False where the file is of another shape than this Holdpoint's. */
export function isMigrated(db: Database.Database): boolean {
  return shapeOf(db) === steps.length
}

function shapeOf(db: Database.Database): number {
  const version = db.pragma('user_version', { simple: true })
  return typeof version === 'number' ? version : 0
}

const steps: readonly string[] = [
  `
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    hold TEXT,
    run TEXT,
    body TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    decision TEXT NOT NULL,
    mode TEXT NOT NULL,
    capability TEXT NOT NULL,
    category TEXT NOT NULL,
    host TEXT NOT NULL,
    request TEXT
  ) STRICT;
  CREATE INDEX audit_kind ON audit (kind, decision);
  CREATE INDEX audit_category ON audit (category) WHERE category <> '';
  CREATE INDEX audit_capability ON audit (capability) WHERE capability <> '';
  CREATE INDEX audit_host ON audit (host) WHERE host <> '';
  CREATE INDEX audit_run ON audit (run) WHERE run IS NOT NULL;
  CREATE INDEX audit_hold ON audit (hold) WHERE hold IS NOT NULL;
  CREATE INDEX audit_request ON audit (request) WHERE request IS NOT NULL;
  CREATE INDEX audit_at ON audit (at, kind, decision, mode);
  CREATE VIRTUAL TABLE audit_words USING fts5(search, content='', detail=none);

  CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    released INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    asker TEXT NOT NULL,
    ticket_hash TEXT,
    ticket_until INTEGER,
    verdict_audit TEXT,
    doc TEXT NOT NULL
  ) STRICT;
  CREATE INDEX holds_state ON holds (state, released, created_at);

  CREATE TABLE asks (
    request_id TEXT PRIMARY KEY,
    asker TEXT NOT NULL,
    at TEXT NOT NULL,
    answer TEXT,
    hold TEXT,
    release TEXT,
    outcome TEXT,
    digest TEXT NOT NULL,
    doubt INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX asks_release ON asks (release) WHERE release IS NOT NULL;
  CREATE INDEX asks_open ON asks (at) WHERE release IS NOT NULL AND outcome IS NULL;
  CREATE INDEX asks_doubt ON asks (at, digest) WHERE doubt = 1;

  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
  ) STRICT;

  CREATE TABLE pairings (
    token TEXT PRIMARY KEY REFERENCES tokens (id),
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    paired_at TEXT NOT NULL,
    last_seen TEXT
  ) STRICT;

  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
  // What the log is searched by moves out of the decision's own write, where each index costs a page.
  `
  CREATE TABLE audit_facets (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    run TEXT,
    decision TEXT NOT NULL,
    mode TEXT NOT NULL,
    capability TEXT NOT NULL,
    category TEXT NOT NULL,
    host TEXT NOT NULL,
    request TEXT
  ) STRICT;
  INSERT INTO audit_facets
    SELECT seq, at, kind, run, decision, mode, capability, category, host, request FROM audit
    WHERE seq <= (SELECT rowid FROM audit_words ORDER BY rowid DESC LIMIT 1);
  DROP INDEX audit_kind;
  DROP INDEX audit_category;
  DROP INDEX audit_capability;
  DROP INDEX audit_host;
  DROP INDEX audit_request;
  DROP INDEX audit_at;
  CREATE INDEX facets_kind ON audit_facets (kind, decision);
  CREATE INDEX facets_category ON audit_facets (category) WHERE category <> '';
  CREATE INDEX facets_capability ON audit_facets (capability) WHERE capability <> '';
  CREATE INDEX facets_host ON audit_facets (host) WHERE host <> '';
  CREATE INDEX facets_run ON audit_facets (run) WHERE run IS NOT NULL;
  CREATE INDEX facets_request ON audit_facets (request) WHERE request IS NOT NULL;
  CREATE INDEX facets_at ON audit_facets (at, kind, decision, mode);
  CREATE INDEX audit_runs ON audit (kind) WHERE kind = 'run';
  DROP INDEX asks_release;
  `,
  // The log without the reads that passed, which may be nearly all of it: a page is not looked for
  // among them.
  `
  CREATE INDEX facets_acts ON audit_facets (seq)
    WHERE NOT (kind = 'decision' AND decision = 'allow' AND capability = 'read');
  `,
  // What was let go, for the limits; what went wrong with it; and what people have said of it.
  `
  CREATE TABLE steps (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, doc TEXT NOT NULL) STRICT;
  CREATE TABLE faults (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    step INTEGER,
    keys TEXT NOT NULL
  ) STRICT;
  CREATE INDEX faults_step ON faults (step) WHERE step IS NOT NULL;
  CREATE TABLE breakers (
    scope TEXT PRIMARY KEY,
    reason TEXT,
    at TEXT NOT NULL,
    audit TEXT,
    after INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO breakers
    SELECT 'policy', value, (SELECT ifnull(max(at), '') FROM audit), NULL, 0
    FROM settings WHERE key = 'breaker';
  DELETE FROM settings WHERE key = 'breaker';
  CREATE TABLE reviews (
    audit TEXT NOT NULL,
    rule TEXT NOT NULL,
    terms TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (audit, rule)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reviews_rule ON reviews (rule, terms, result, seq, at) WHERE result <> 'none';
  CREATE TABLE promotions (
    entry TEXT PRIMARY KEY,
    terms TEXT NOT NULL,
    by TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    spent TEXT,
    revoked INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX promotions_unspent ON promotions (terms) WHERE spent IS NULL AND revoked IS NULL;
  CREATE TABLE undo_trials (
    audit TEXT PRIMARY KEY,
    recipe TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    ok INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
]
