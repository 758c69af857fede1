package casella.incident;

import casella.base.Fault;
import casella.sqlite.Database;
import casella.sqlite.Migrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The desk's own database, `desk.db`: it answers whatever the store does. What [#write] returned is synced.
///
/// ```text
/// incidents       one incident: when it was opened, and when it was said to be over
/// entries         incident, number -> what was done or said, when and by whom, as JSON of an Entry; never changed
/// availability_*  when what did not work for whom; docs/formats/availability.md
/// complaints      one case: what came, as JSON of Complaint.Received; complaint_steps, complaint_files what was done in it
/// breaches        one breach: when it was put into the register, and since when somebody was aware of it
/// breach_notes    breach, number -> what was noted, when and by whom, as JSON of a breach.Note; never changed
/// losses_tried    whose mail was not taken, and what came later all the same; docs/formats/losses.md
/// losses_lost      at which accounts the newest count found lost mail
/// voice_absences  who is still to be told that they had less than always (voice.Absences)
/// compensation_*  what accounts are owed and were given; docs/formats/compensation.md
/// apps_used       which programs owners use at which doors (apps_names their names); docs/formats/apps.md
/// helps           which owners let whom look inside their mailbox, and every look (help_looks); docs/formats/help.md
/// news_addresses  where owners ask for news when they cannot open their mailbox, and the hash of a code that was sent there
/// staff           who works here, as what, and the hash of their password; staff_keys the hashes of programs' keys
/// ```
/// Times are milliseconds since 1970.
public final class Desk implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(5);

    private static final Migrations MIGRATIONS = Migrations.of("""
            CREATE TABLE incidents (id INTEGER PRIMARY KEY AUTOINCREMENT, opened INTEGER NOT NULL,
                    resolved INTEGER);
            CREATE TABLE entries (incident INTEGER NOT NULL REFERENCES incidents, number INTEGER NOT NULL,
                at INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (incident, number)) WITHOUT ROWID;
            """, """
            CREATE TABLE availability_beat (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
                clean INTEGER NOT NULL, first INTEGER NOT NULL);
            CREATE TABLE availability_scopes (scope TEXT NOT NULL, cause TEXT NOT NULL,
                since INTEGER NOT NULL, until INTEGER, PRIMARY KEY (since, scope, cause)) WITHOUT ROWID;
            CREATE TABLE availability_accounts (account INTEGER NOT NULL, since INTEGER NOT NULL,
                cause TEXT NOT NULL, until INTEGER, PRIMARY KEY (account, since, cause)) WITHOUT ROWID;
            """, """
            CREATE TABLE voice_absences (id INTEGER PRIMARY KEY, account INTEGER, since INTEGER NOT NULL,
                until INTEGER, walked INTEGER, told INTEGER NOT NULL);
            """, """
            CREATE TABLE complaints (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
                received INTEGER NOT NULL, deadline INTEGER NOT NULL, state TEXT NOT NULL,
                        category TEXT NOT NULL,
                brand TEXT NOT NULL, account INTEGER, contact TEXT NOT NULL, association TEXT NOT NULL,
                incident INTEGER NOT NULL, acknowledged INTEGER NOT NULL, document TEXT NOT NULL);
            CREATE INDEX complaints_due ON complaints (state, deadline);
            CREATE INDEX complaints_contact ON complaints (contact, id);
            CREATE INDEX complaints_told ON complaints (id) WHERE acknowledged = 0;
            CREATE TABLE complaint_steps (complaint INTEGER NOT NULL REFERENCES complaints,
                    number INTEGER NOT NULL,
                document TEXT NOT NULL, PRIMARY KEY (complaint, number)) WITHOUT ROWID;
            CREATE TABLE complaint_files (complaint INTEGER NOT NULL REFERENCES complaints,
                    number INTEGER NOT NULL,
                bytes BLOB NOT NULL, PRIMARY KEY (complaint, number));
            CREATE TABLE complaint_letters (complaint INTEGER NOT NULL REFERENCES complaints,
                    number INTEGER NOT NULL,
                PRIMARY KEY (complaint, number)) WITHOUT ROWID;
            CREATE TABLE complaint_mailboxes (account INTEGER PRIMARY KEY, validity INTEGER NOT NULL,
                uid INTEGER NOT NULL);
            """, """
            CREATE TABLE compensation_rules (digest TEXT PRIMARY KEY, at INTEGER NOT NULL,
                text TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE compensation_runs (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL,
                cause TEXT NOT NULL, state TEXT NOT NULL, rules TEXT NOT NULL REFERENCES compensation_rules,
                since INTEGER NOT NULL, until INTEGER NOT NULL, digest TEXT NOT NULL, walked INTEGER,
                announced INTEGER);
            CREATE UNIQUE INDEX compensation_once ON compensation_runs (incident)
                WHERE state IN ('approved', 'applying', 'applied', 'revoking');
            CREATE TABLE compensation_lines (run INTEGER NOT NULL REFERENCES compensation_runs,
                line INTEGER NOT NULL, brand TEXT NOT NULL, plan TEXT NOT NULL, rule TEXT NOT NULL,
                percent INTEGER NOT NULL, bytes INTEGER NOT NULL, months INTEGER NOT NULL,
                accounts INTEGER NOT NULL, credited INTEGER NOT NULL, gone INTEGER NOT NULL,
                ended INTEGER NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (run, line)) WITHOUT ROWID;
            CREATE TABLE compensation_credits (run INTEGER NOT NULL, account INTEGER NOT NULL,
                line INTEGER NOT NULL, state INTEGER NOT NULL, told INTEGER NOT NULL, at INTEGER,
                ended INTEGER, PRIMARY KEY (run, account)) WITHOUT ROWID;
            CREATE TABLE compensation_acts (run INTEGER NOT NULL REFERENCES compensation_runs,
                number INTEGER NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, user TEXT NOT NULL, act TEXT NOT NULL,
                words TEXT NOT NULL, PRIMARY KEY (run, number)) WITHOUT ROWID;
            """, """
            CREATE TABLE losses_tried (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, sender TEXT NOT NULL,
                message TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, tries INTEGER NOT NULL,
                code INTEGER NOT NULL, reason TEXT NOT NULL, remote TEXT NOT NULL, later INTEGER,
                bytes INTEGER NOT NULL);
            CREATE INDEX losses_by_account ON losses_tried (account, sender);
            CREATE INDEX losses_by_time ON losses_tried (last);
            """, """
            CREATE TABLE breaches (id INTEGER PRIMARY KEY AUTOINCREMENT, opened INTEGER NOT NULL,
                    aware INTEGER NOT NULL);
            CREATE TABLE breach_notes (breach INTEGER NOT NULL REFERENCES breaches, number INTEGER NOT NULL,
                at INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (breach, number)) WITHOUT ROWID;
            """, """
            CREATE TABLE losses_lost (account INTEGER PRIMARY KEY, mails INTEGER NOT NULL,
                at INTEGER NOT NULL);
            """, """
            CREATE TABLE staff (name TEXT PRIMARY KEY, roles TEXT NOT NULL, hash TEXT NOT NULL,
                since INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE staff_keys (hash TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES staff, label TEXT NOT NULL,
                until INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX complaints_by_account ON complaints (account, id);
            """, """
            CREATE TABLE apps_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
            CREATE TABLE apps_used (account INTEGER NOT NULL, door TEXT NOT NULL, app INTEGER NOT NULL,
                day INTEGER NOT NULL, PRIMARY KEY (account, door, app)) WITHOUT ROWID;
            CREATE INDEX apps_by_day ON apps_used (day);
            """, """
            CREATE TABLE helps (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL,
                scope TEXT NOT NULL, made INTEGER NOT NULL, until INTEGER NOT NULL, code TEXT NOT NULL,
                guesses INTEGER NOT NULL, person TEXT NOT NULL, began INTEGER, ended INTEGER, told INTEGER NOT NULL);
            CREATE INDEX helps_by_account ON helps (account, id);
            CREATE INDEX helps_by_time ON helps (until);
            CREATE TABLE help_looks (help INTEGER NOT NULL REFERENCES helps, number INTEGER NOT NULL,
                at INTEGER NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL,
                PRIMARY KEY (help, number)) WITHOUT ROWID;
            """, """
            CREATE TABLE news_addresses (account INTEGER PRIMARY KEY, address TEXT, pending TEXT, code TEXT,
                until INTEGER, guesses INTEGER NOT NULL, codes INTEGER NOT NULL, day INTEGER NOT NULL,
                told INTEGER NOT NULL);
            """);

    private final Database database;

    private Desk(Database database) {
        this.database = database;
    }

    /// Opens the desk in `folder`, made if absent (mode 0700). One process at a time: the caller holds the data folder's lock.
    ///
    /// @throws Fault.Corrupt if it is damaged, or of a newer program
    /// @throws Fault.Unavailable if the folder cannot be used
    public static Desk open(Path folder) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new Fault.Unavailable("The desk's folder cannot be used", Map.of("folder", folder), e);
        }
        return new Desk(Database.open(folder.resolve("desk.db"), "desk", MIGRATIONS, true));
    }

    /// Runs `work` on a reading connection; waits at most 5 s.
    ///
    /// @throws Fault.Unavailable if it does not answer in time
    public <T extends @Nullable Object> T read(Database.Work<T> work) {
        return database.read(TIME, work);
    }

    /// Runs `work` in one transaction, synced when this returns; waits at most 5 s.
    ///
    /// @throws Fault.Unavailable also if the time passed: the outcome is then unknown
    public <T extends @Nullable Object> T write(Database.Work<T> work) {
        return database.write(TIME, work);
    }

    @Override
    public void close() {
        database.close();
    }
}
