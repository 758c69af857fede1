package casella.base;

import java.util.List;

/// Every figure the server gives. Names are `casella_<room>_<noun>_<unit>`; labels are from closed lists, never an
/// account or an address. docs/operations/metrics.md is generated from this list.
public enum Metric {
    POP3_COMMANDS(Kind.COUNTER, "casella_pop3_commands_total", "Commands answered, by command and outcome.", "command", "outcome"),
    IMAP_COMMANDS(Kind.COUNTER, "casella_imap_commands_total", "Commands answered, by command and outcome.", "command", "outcome"),
    IMAP_COMMAND_SECONDS(Kind.TIMER, "casella_imap_command_seconds", "Time to answer a command.", "command"),
    WIRE_CONNECTIONS(
            Kind.COUNTER, "casella_wire_connections_total", "Connections, by listener and outcome.", "listener", "outcome"),
    WIRE_CONNECTIONS_OPEN(
            Kind.GAUGE, "casella_wire_connections_open", "Connections open now, by listener.", "listener"),
    DELIVERY_RECIPIENTS(
            Kind.COUNTER, "casella_delivery_recipients_total", "Messages for one account each, by outcome.", "outcome"),
    DELIVERY_SECONDS(Kind.TIMER, "casella_delivery_seconds", "Time from a message being complete to its outcome."),
    SMTP_COMMANDS(Kind.COUNTER, "casella_smtp_commands_total", "Commands, by face, command and outcome.", "face", "command", "outcome"),
    SMTP_MESSAGES(Kind.COUNTER, "casella_smtp_messages_total", "Messages sent to us, by face and outcome.", "face", "outcome"),
    LOSSES_ATTEMPTS(Kind.COUNTER, "casella_losses_attempts_total", "Mail for an account that was not taken, by whether it was written down: kept; full, no-room: left out.", "outcome"),
    SMTP_IN_FLIGHT_BYTES(Kind.GAUGE, "casella_smtp_in_flight_bytes", "Bytes of messages held in memory until they are kept."),
    JMAP_CALLS(Kind.COUNTER, "casella_jmap_calls_total", "JMAP calls, by method and outcome.", "method", "outcome"),
    JMAP_REQUEST_SECONDS(Kind.TIMER, "casella_jmap_request_seconds", "Time to answer one HTTP request."),
    STORE_DELIVERIES(Kind.COUNTER, "casella_store_deliveries_total", "Messages kept, by outcome.", "outcome"),
    STORE_CHANGES(Kind.COUNTER, "casella_store_changes_total", "Changes committed to accounts, by outcome.", "outcome"),
    STORE_HOLES(Kind.COUNTER, "casella_store_holes_total", "Accounts opened over a hole in their journal."),
    STORE_HOLE_MAILS(Kind.COUNTER, "casella_store_hole_mails_total", "Mails that a hole left in the vaults alone; `doubtful`: possibly a duplicate.", "outcome"),
    STORE_CHANGE_SECONDS(Kind.TIMER, "casella_store_change_seconds", "Time to commit one change to engine and tail."),
    STANDBY_ACCOUNTS(Kind.GAUGE, "casella_standby_accounts", "Accounts that the standby serves."),
    CONTINUATION_ACCOUNTS(Kind.GAUGE, "casella_continuation_accounts", "Accounts that go on without engine and journal."),
    ACCOUNTS_APART(Kind.GAUGE, "casella_accounts_apart", "Accounts kept away from the engine because they alone have trouble with it."),
    ACCOUNTS_APART_MAX(Kind.GAUGE, "casella_accounts_apart_max", "Accounts that may be kept away from the engine at a time because of trouble of their own."),
    STANDBY_SWITCHES(Kind.COUNTER, "casella_standby_switches_total", "Accounts switched between engine and standby, by outcome.", "outcome"),
    DIAL_TONE_SECONDS(Kind.TIMER, "casella_dial_tone_seconds", "Time until an account whose engine is gone is served by something else."),
    VAULT_PUTS(Kind.COUNTER, "casella_vault_puts_total", "Objects put, by vault and outcome.", "vault", "outcome"),
    VAULT_READS(Kind.COUNTER, "casella_vault_reads_total", "Objects read, by vault and outcome.", "vault", "outcome"),
    VAULT_PUT_SECONDS(Kind.TIMER, "casella_vault_put_seconds", "Time until an object is synced.", "vault"),
    VAULT_HEDGES(Kind.COUNTER, "casella_vault_hedges_total", "Reads for which a second vault was asked because this one was slow.", "vault"),
    PART_BREAKER(Kind.GAUGE, "casella_part_breaker", "Breaker of a part: 0 closed, 1 returning, 2 open.", "part"),
    PART_PROBE_SECONDS(Kind.TIMER, "casella_part_probe_seconds", "Time a part took to write and read something small, by part; a probe that failed counts as long as it may take.", "part"),
    LADDER_STAGE(Kind.GAUGE, "casella_ladder_stage", "Stage of the vault on its way: 0 added or none, 1 shadow, 2 canary, 3 1 %, 4 10 %, 5 50 %, 6 100 %."),
    LADDER_HALTED(Kind.GAUGE, "casella_ladder_halted", "1 while the vault on its way stands still because a gate failed."),
    AUTOMATION_PAUSED(Kind.GAUGE, "casella_automation_paused", "1 while work that goes on by itself is paused by an operator, by work.", "work"),
    DISK_FREE_BYTES(Kind.GAUGE, "casella_disk_free_bytes", "Bytes free on the file system of a folder, by folder.", "folder"),
    DISK_BYTES(Kind.GAUGE, "casella_disk_bytes", "Size of the file system of a folder, by folder.", "folder"),
    TLS_CERTIFICATE_SECONDS(Kind.GAUGE, "casella_tls_certificate_seconds", "How long the certificate shown to clients is still valid; below 0 it is over."),
    ALERTS(Kind.COUNTER, "casella_alerts_total", "Alerts to operators, by channel and outcome.", "channel", "outcome"),
    SYMPTOM_ACTIVE(Kind.GAUGE, "casella_symptom_active", "1 while the server finds a symptom, by symptom.", "symptom"),
    VAULT_FILES(Kind.GAUGE, "casella_vault_files", "Files a vault keeps objects in, by vault; 0 where a library keeps them.", "vault"),
    VAULT_RUNS(Kind.GAUGE, "casella_vault_runs", "Groups of a vault's files in each of which an account's objects are together, by vault.", "vault"),
    VAULT_WASTE_BYTES(Kind.GAUGE, "casella_vault_waste_bytes", "Estimated bytes of objects that are no more and still in a vault's files, by vault.", "vault"),
    VAULT_REWRITTEN_BYTES(Kind.GAUGE, "casella_vault_rewritten_bytes", "Bytes written since the start to merge a vault's files, by vault.", "vault"),
    VAULT_INDEX_BYTES(Kind.GAUGE, "casella_vault_index_bytes", "Memory that finding a vault's objects takes, by vault.", "vault"),
    VAULT_ERASING(Kind.GAUGE, "casella_vault_erasing", "Erased accounts of which bytes are still in a vault's files, by vault.", "vault"),
    STORE_SYNCS(Kind.GAUGE, "casella_store_syncs", "Syncs made since the start, by part.", "part"),
    DEBT_OBJECTS(Kind.GAUGE, "casella_debt_objects", "Objects with fewer copies than the policy asks for."),
    DEBT_BYTES(Kind.GAUGE, "casella_debt_bytes", "Bytes of objects with fewer copies than the policy asks for."),
    DEBT_ACCOUNTS(Kind.GAUGE, "casella_debt_accounts", "Accounts with an object that has fewer copies than the policy asks for."),
    DEBT_OLDEST_SECONDS(Kind.GAUGE, "casella_debt_oldest_seconds", "Age of what is owed longest."),
    ARCHIVE_SEGMENTS(Kind.COUNTER, "casella_archive_segments_total", "Journal segments put into the vaults, by outcome.", "outcome"),
    ARCHIVE_CHECKPOINTS(Kind.COUNTER, "casella_archive_checkpoints_total", "Checkpoints made, by outcome; `differs`: the engine had other rows.", "outcome"),
    ARCHIVE_WAITING_BYTES(Kind.GAUGE, "casella_archive_waiting_bytes", "Bytes of entries in the tail and not yet in segments."),
    ARCHIVE_WAITING_ACCOUNTS(Kind.GAUGE, "casella_archive_waiting_accounts", "Accounts with entries not yet in segments."),
    ARCHIVE_OLDEST_SECONDS(Kind.GAUGE, "casella_archive_oldest_seconds", "Age of the oldest entry not yet in a segment."),
    QUEUE_MESSAGES(Kind.COUNTER, "casella_queue_messages_total", "Messages handed to the local queue, by priority and outcome.", "priority", "outcome"),
    QUEUE_DRAINED(Kind.COUNTER, "casella_queue_drained_total", "Queued recipients whose waiting ended, by priority and outcome.", "priority", "outcome"),
    QUARANTINE_ACCOUNTS(Kind.GAUGE, "casella_quarantine_accounts", "Accounts set aside because their data ended the process twice."),
    QUEUE_ITEMS(Kind.GAUGE, "casella_queue_items", "Recipients that wait in the local queue, by priority.", "priority"),
    RELAY_ITEMS(Kind.GAUGE, "casella_relay_items", "Recipients elsewhere that wait in the queue, by priority.", "priority"),
    RELAY_RECIPIENTS(Kind.COUNTER, "casella_relay_recipients_total", "What became of recipients elsewhere, attempt by attempt, by outcome.", "outcome"),
    RELAY_REPORTS(Kind.COUNTER, "casella_relay_reports_total", "Reports to senders about mail for elsewhere, by action.", "action"),
    RELAY_CONNECTIONS(Kind.GAUGE, "casella_relay_connections", "Connections to other servers over which mail is being sent."),
    INCOMING_CHECKED(Kind.COUNTER, "casella_incoming_checked_total", "Mail of strangers by what DMARC says of it: pass, fail, none, temperror, permerror; error where asking failed.", "dmarc"),
    INCOMING_DISPOSED(Kind.COUNTER, "casella_incoming_disposed_total", "Mail of strangers that is not from whom it says, by why (dmarc, from-field) and what became of it (junk, refused).", "why", "deed"),
    INCOMING_REFUSED(Kind.COUNTER, "casella_incoming_refused_total", "What strangers were not let do at the MX door, or were kept waiting for, by why: connections, messages, recipients, unknown, slowed, listed, greylisted.", "why"),
    WIRE_BANNED(Kind.COUNTER, "casella_wire_banned_total", "Networks that were shut out, by why: log-ins, unknown recipients, operator.", "why"),
    WIRE_BANS(Kind.GAUGE, "casella_wire_bans", "Networks that are shut out now."),
    INCOMING_LISTED(Kind.COUNTER, "casella_incoming_listed_total", "Hits of lists in the DNS, by list and what it counted for: unwanted, welcome, dead.", "zone", "deed"),
    SUBMISSION_LIMITED(Kind.COUNTER, "casella_submission_limited_total", "Recipients on other servers, or messages to them, that an owner may not send to now, by limit.", "limit"),
    SCANNING_ASKED(Kind.COUNTER, "casella_scanning_asked_total", "Mails about which a scanner was to be asked, by what it said: clean, junk, spam, malware; late: nothing in time; down: it was not asked; busy: it had as many as it may have.", "scanner", "outcome"),
    SCANNING_SECONDS(Kind.TIMER, "casella_scanning_seconds", "Time a scanner took for a mail.", "scanner"),
    SCANNING_DOWN_SECONDS(Kind.GAUGE, "casella_scanning_down_seconds", "For how long a scanner has not answered, by scanner; 0 while it does.", "scanner"),
    SCANNING_UNSCANNED(Kind.GAUGE, "casella_scanning_unscanned", "Mails that were taken and are still to be scanned."),
    SCANNING_OLDEST_SECONDS(Kind.GAUGE, "casella_scanning_oldest_seconds", "How long the oldest mail that is still to be scanned has waited for it."),
    SCANNING_LATER(Kind.COUNTER, "casella_scanning_later_total", "Mails that were scanned after they were taken, by what became of them: clean; moved: to Junk; left: the owner had moved it; gone; given-up.", "outcome"),
    SCANNING_LEARNED(Kind.COUNTER, "casella_scanning_learned_total", "Mails that owners moved into Junk or out of it, by class and outcome: learned, known, refused; left-out: too many waited; limited: one owner moved too many.", "class", "outcome"),
    QUEUE_BYTES(Kind.GAUGE, "casella_queue_bytes", "Bytes of messages that wait in the local queue."),
    QUEUE_URGENT_SECONDS(Kind.GAUGE, "casella_queue_urgent_seconds", "How long the oldest queued urgent message has waited, in seconds."),
    QUEUE_TAKES(Kind.GAUGE, "casella_queue_takes", "1 while the local queue takes mail, 0 while its disk is too full."),
    QUEUE_READY_SECONDS(Kind.GAUGE, "casella_queue_ready_seconds", "How long the oldest queued message has waited that is to be filed now, in seconds; not what is put off."),
    QUEUE_OLDEST_SECONDS(Kind.GAUGE, "casella_queue_oldest_seconds", "How long the oldest queued message has waited, in seconds."),
    DEBT_LOST(Kind.GAUGE, "casella_debt_lost", "Objects of which no vault had a good copy when last tried."),
    DEBT_HEALED(Kind.COUNTER, "casella_debt_healed_total", "Copies the healer tried to make, by vault and outcome.", "vault", "outcome"),
    COLLECT_OBJECTS(Kind.COUNTER, "casella_collect_objects_total", "Objects the collector removed, by vault.", "vault"),
    COLLECT_BRAKED(Kind.GAUGE, "casella_collect_braked", "1 while the collector stands and asks."),
    SCRUB_OBJECTS(Kind.COUNTER, "casella_scrub_objects_total", "Objects the scrubber read, by vault and outcome.", "vault", "outcome"),
    SCRUB_BYTES(Kind.COUNTER, "casella_scrub_bytes_total", "Bytes the scrubber read, by vault.", "vault"),
    DIRECTORY_LOGINS(Kind.COUNTER, "casella_directory_logins_total", "Log-ins tried, by protocol and outcome.", "protocol", "outcome"),
    DIRECTORY_HASH_SECONDS(Kind.TIMER, "casella_directory_hash_seconds", "Time to check one password's hash, waiting for the cores included."),
    ADMISSION_ASKED(Kind.COUNTER, "casella_admission_asked_total", "Log-ins that asked to be let in while not all are, by protocol and outcome; `admitted`, `waited`: after a moment, `not-yet`.", "protocol", "outcome"),
    ADMISSION_RATE(Kind.GAUGE, "casella_admission_rate", "Log-ins let through each second while they stand in line before a slow store; 0 while nobody does."),
    REOPENING(Kind.GAUGE, "casella_reopen_active", "1 while owners are let in a part at a time."),
    REOPEN_HALTED(Kind.GAUGE, "casella_reopen_halted", "1 while a reopening stands because of a bad gate or an operator."),
    LOSSES_LOST(Kind.GAUGE, "casella_losses_lost", "Mails that were acknowledged and that no vault has, as the newest counts of `casella losses` found."),
    BREACHES_DUE(Kind.GAUGE, "casella_breaches_due", "Breaches of personal data that are neither notified nor decided otherwise and have less than 24 hours left of the 72; `soon`, or `over`.", "when"),
    COMPLAINTS_OVERDUE(Kind.GAUGE, "casella_complaints_overdue", "Complaints that are not closed and past their deadline."),
    DIRECTORY_READ_ONLY(Kind.GAUGE, "casella_directory_read_only", "1 while the directory is served from its snapshot.");

    /// What a figure does over time.
    public enum Kind {
        /// Only grows.
        COUNTER,
        /// Goes up and down.
        GAUGE,
        /// A count and a sum of seconds, with percentiles.
        TIMER
    }

    private final Kind kind;
    private final String id;
    private final String meaning;
    private final List<String> labels;

    Metric(Kind kind, String id, String meaning, String... labels) {
        this.kind = kind;
        this.id = id;
        this.meaning = meaning;
        this.labels = List.of(labels);
    }

    public Kind kind() {
        return kind;
    }

    public String id() {
        return id;
    }

    public String meaning() {
        return meaning;
    }

    public List<String> labels() {
        return labels;
    }
}
