package casella.directory;

import casella.sqlite.Migrations;

/// The tables, and how an older file becomes a newer one. `PRAGMA user_version` counts the migrations
/// applied.
///
/// ```text
/// meta         one secret: what made-up SCRAM salts are derived from
/// brands       a brand; hosts under which its webmail answers point at it
/// domains      A-labels in lower case -> brand
/// plans        what an account may hold and send, and who goes first
/// accounts     id -> everything of an account but its secrets
/// addresses    key of an address (Addresses) -> account; primary addresses and aliases share one key space
/// credentials  account, label -> hash, SCRAM keys, version (grows at each change)
/// faces        account -> Face
/// endings      account -> whether it is held, when it was marked for erasure and erased; none for most
/// cohorts      account -> the cohort an operator put it in; none for most: their id says which
/// allowances   account, cause, grant -> bytes it may hold beyond its plan's quota, since when, and when that ended
/// forwards     key of an address, or `@domain` for all names nobody has -> addresses (one a line), whether a copy stays
/// ```
/// Times are milliseconds since 1970. A migration is never edited once released; the next one follows it.
final class Schema {
    static final Migrations MIGRATIONS = Migrations.of("""
            CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE brands (name TEXT PRIMARY KEY, title TEXT NOT NULL, accent TEXT NOT NULL,
                languages TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE hosts (host TEXT PRIMARY KEY, place INTEGER NOT NULL,
                brand TEXT NOT NULL REFERENCES brands) WITHOUT ROWID;
            CREATE TABLE domains (domain TEXT PRIMARY KEY,
                    brand TEXT NOT NULL REFERENCES brands) WITHOUT ROWID;
            CREATE TABLE plans (name TEXT PRIMARY KEY, quota INTEGER NOT NULL, paid INTEGER NOT NULL,
                level TEXT NOT NULL, recovery_days INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE accounts (id INTEGER PRIMARY KEY, address TEXT NOT NULL,
                brand TEXT NOT NULL REFERENCES brands, plan TEXT NOT NULL REFERENCES plans,
                display_name TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL, paid_until INTEGER,
                language TEXT NOT NULL);
            CREATE TABLE addresses (key TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts,
                written TEXT NOT NULL, is_primary INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX addresses_account ON addresses (account);
            CREATE TABLE credentials (account INTEGER NOT NULL REFERENCES accounts, label TEXT NOT NULL,
                hash TEXT NOT NULL, scram_salt BLOB, scram_iterations INTEGER, scram_stored BLOB,
                        scram_server BLOB,
                version INTEGER NOT NULL, changed INTEGER NOT NULL,
                        PRIMARY KEY (account, label)) WITHOUT ROWID;
            CREATE TABLE faces (account INTEGER PRIMARY KEY REFERENCES accounts, kept INTEGER NOT NULL,
                face BLOB NOT NULL);
            INSERT INTO meta VALUES ('secret', randomblob(32));
            INSERT INTO plans VALUES ('free', 1073741824, 0, 'basic', 30);
            """, """
            ALTER TABLE plans ADD COLUMN recovery_bytes INTEGER;
            CREATE TABLE endings (account INTEGER PRIMARY KEY REFERENCES accounts, held INTEGER NOT NULL,
                wiped INTEGER, erased INTEGER);
            INSERT INTO endings SELECT id, 0, CAST(strftime('%s', 'now') AS INTEGER) * 1000,
                    NULL FROM accounts
                WHERE state = 'wiped';
            """, """
            CREATE TABLE cohorts (account INTEGER PRIMARY KEY REFERENCES accounts, cohort TEXT NOT NULL);
            """, """
            CREATE TABLE allowances (account INTEGER NOT NULL REFERENCES accounts, cause TEXT NOT NULL,
                grant_id INTEGER NOT NULL, bytes INTEGER NOT NULL, since INTEGER NOT NULL, ended INTEGER,
                PRIMARY KEY (account, cause, grant_id)) WITHOUT ROWID;
            CREATE UNIQUE INDEX allowances_once ON allowances (account, cause) WHERE ended IS NULL;
            """, """
            ALTER TABLE plans ADD COLUMN sends_hour INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE plans ADD COLUMN sends_day INTEGER NOT NULL DEFAULT 0;
            """, """
            CREATE TABLE forwards (key TEXT PRIMARY KEY, written TEXT NOT NULL, targets TEXT NOT NULL,
                keeps INTEGER NOT NULL) WITHOUT ROWID;
            """);

    private Schema() {}
}
