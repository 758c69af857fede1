package casella.base;

import java.lang.System.Logger.Level;

/// Every thing the log can say. The name is stable: people and programs search for it.
///
/// `ERROR` means somebody must act. A client's mistake is never above `INFO`. docs/operations/events.md is generated
/// from this list.
public enum Event {
    POP3_LOGGED_IN("pop3.logged-in", Level.INFO, "A client logged in."),
    POP3_COMMAND("pop3.command", Level.DEBUG, "A command was answered."),
    POP3_FAULT("pop3.fault", Level.WARNING, "A command failed on something broken below."),
    IMAP_LOGGED_IN("imap.logged-in", Level.INFO, "A client logged in."),
    IMAP_COMMAND("imap.command", Level.DEBUG, "A command was answered."),
    IMAP_FAULT("imap.fault", Level.WARNING, "A command or a piece of news failed on something broken below."),
    LISTENER_OPENED("wire.listener-opened", Level.INFO, "A port is bound and accepts connections."),
    LISTENER_CLOSED("wire.listener-closed", Level.INFO, "A port is closed; `left` sessions did not end in time."),
    ACCEPT_FAILED("wire.accept-failed", Level.WARNING, "A connection could not be accepted; the listener goes on."),
    CONNECTION_OPENED("wire.connection-opened", Level.INFO, "A client connected."),
    CONNECTION_CLOSED("wire.connection-closed", Level.INFO, "A connection ended, and why."),
    CONNECTION_CLOSE_FAILED("wire.connection-close-failed", Level.DEBUG, "A socket could not be closed."),
    CONNECTION_REFUSED("wire.connection-refused", Level.INFO, "A client got no session: too many are open."),
    SESSION_FAILED("wire.session-failed", Level.ERROR, "A mistake of ours ended one connection."),
    DELIVERY_DONE("delivery.done", Level.INFO, "What became of a message for one account."),
    DELIVERY_TRY_LATER("delivery.try-later", Level.WARNING, "A message was not taken because a part was away or full; its sender keeps it and tries again."),
    SMTP_COMMAND("smtp.command", Level.DEBUG, "A command and its reply's code."),
    SMTP_LOG_IN("smtp.log-in", Level.INFO, "An owner logged in to send, or was refused."),
    SMTP_CUT_OFF("smtp.cut-off", Level.INFO, "A client was sent away: too many mistakes, or not speaking SMTP."),
    JMAP_LOG_IN("jmap.log-in", Level.INFO, "An owner logged in to the webmail."),
    JMAP_LOG_IN_DENIED("jmap.log-in-denied", Level.INFO, "A log-in to the webmail was refused."),
    JMAP_CALL_REFUSED("jmap.call-refused", Level.DEBUG, "A call was answered with an error the client can mend."),
    JMAP_CALL_FAILED("jmap.call-failed", Level.WARNING, "A call found something away, broken or full."),
    JMAP_MISTAKE("jmap.mistake", Level.ERROR, "A mistake of ours ended one call."),
    SERVER_STARTED("server.started", Level.INFO, "Everything is open and clients can connect."),
    SERVER_STOPPED("server.stopped", Level.INFO, "Everything is closed."),
    SERVER_STOPPED_HARD("server.stopped-hard", Level.ERROR, "A part did not close within 10 s; the process ended without it. What was acknowledged is synced."),
    SERVER_PART_NOT_CLOSED("server.part-not-closed", Level.WARNING, "A part could not be closed; the rest was."),
    PROOF_KEY_UNUSABLE("proof.key-unusable", Level.ERROR, "The instance's key cannot be read or made; nothing can be signed until it is put right. It is never replaced."),
    CONTROL_FAILED("control.failed", Level.INFO, "An order of the command line could not be read or answered."),
    DIRECTORY_READ_ONLY("directory.read-only", Level.ERROR, "The directory's database is damaged or lost; log-in goes on from the snapshot, nothing can be changed. Stop, run `casella directory restore`, start."),
    DIRECTORY_RESTORED("directory.restored", Level.WARNING, "The snapshot was put in the place of the directory's database; the damaged files were kept beside it."),
    DIRECTORY_SERVED_FROM_SNAPSHOT("directory.served-from-snapshot", Level.WARNING, "The directory's database did not answer in time; the look-up was answered from the snapshot."),
    DIRECTORY_SNAPSHOT_FAILED("directory.snapshot-failed", Level.WARNING, "No snapshot of the directory could be made; it is tried again after the next change."),
    DIRECTORY_SNAPSHOT_UNUSABLE("directory.snapshot-unusable", Level.ERROR, "A snapshot of the directory cannot be read; the one before it is tried."),
    DIRECTORY_LOGIN("directory.login", Level.DEBUG, "Somebody tried to log in; the facts say by which protocol and how it ended."),
    DIRECTORY_THROTTLED("directory.throttled", Level.INFO, "An address failed to log in too often and must wait."),
    DIRECTORY_HASH_NOT_RENEWED("directory.hash-not-renewed", Level.WARNING, "A password's hash could not be replaced by a stronger one; it is tried again at the next log-in."),
    STORE_CHANGE_REFUSED("store.change-refused", Level.INFO, "Another writer changed the account first; the change is planned again."),
    STORE_CHANGE_UNKNOWN("store.change-unknown", Level.WARNING, "Engine or journal did not answer; the change is settled before the next."),
    STORE_CHANGE_SETTLED("store.change-settled", Level.INFO, "A change of unknown outcome is now in engine and journal."),
    STORE_ACCOUNT_RECOVERED("store.account-recovered", Level.INFO, "After a start engine and journal were brought to the same change."),
    STORE_ACCOUNT_REBUILT("store.account-rebuilt", Level.WARNING, "An account's view was made anew from vaults and tail."),
    STORE_HOLE_OPENED("store.hole-opened", Level.ERROR, "An account lost engine and tail together. Changes of its last seconds that are not mails may be lost; mails were filed from the vaults."),
    STORE_HOLE_MAIL_LOST("store.hole-mail-lost", Level.ERROR, "A mail found while an account was opened over a hole has no good copy in any vault."),
    STORE_TAIL_DOUBTED("store.tail-doubted", Level.ERROR, "The tail is not the one that served last, or damaged: accounts whose view is gone open over a hole."),
    STORE_TAIL_PROVEN("store.tail-proven", Level.INFO, "Every account has been proven since the tail was lost or damaged."),
    STORE_ACCOUNT_UNPROVEN("store.account-unproven", Level.WARNING, "No vault answered to say whether the engine has all of an account; it is served and asked again."),
    STORE_VIEW_DIFFERS("store.view-differs", Level.ERROR, "The engine's rows of an account are not what its journal makes; run `casella verify`, then `casella rebuild` for that account."),
    CHECKPOINT_UNREADABLE("store.checkpoint-unreadable", Level.WARNING, "A checkpoint cannot be read; the one before it is taken."),
    STORE_ACCOUNT_BROKEN("store.account-broken", Level.ERROR,
            "An account's rows in the engine cannot be read; they are made anew from its journal."),
    STORE_ACCOUNT_DIFFERS("store.account-differs", Level.ERROR, "Engine and journal tell different histories; the account is closed until rebuilt."),
    ARCHIVE_FAILED("archive.failed", Level.WARNING, "Entries could not be taken to the vaults; they stay in engine and tail and are tried again."),
    RESTORE_DONE("deletion.restore-done", Level.INFO, "Emails, a folder or an account were restored as they were."),
    ERASURE_ORDERED("deletion.erasure-ordered", Level.INFO, "An account is erased from everywhere; this cannot be undone."),
    ERASURE_WAITS("deletion.erasure-waits", Level.INFO, "A place could not erase an account now; it owes that."),
    ERASURE_REPLAYED("deletion.erasure-replayed", Level.WARNING, "A vault came back with an account that was erased meanwhile; it was erased there before the vault is used."),
    ERASURE_COMPLETE("deletion.erasure-complete", Level.INFO, "Every place confirmed that it has nothing of an erased account."),
    COLLECT_BRAKED("deletion.collect-braked", Level.ERROR, "The collector stopped before it deleted anything more and asks: look at `casella collect status`; `casella collect run --confirm` goes on."),
    COLLECT_DONE("deletion.collect-done", Level.INFO, "A run of the collector ended; the facts say what it condemned and removed."),
    COLLECT_LATER("deletion.collect-later", Level.INFO, "An account could not be collected now; the next run tries again."),
    RESTORE_PART_UNREADABLE("deletion.restore-part-unreadable", Level.INFO, "What an email that ended was about could not be read for a list."),
    STANDBY_NO_REFUGE("standby.no-refuge", Level.ERROR, "An account whose view the engine cannot keep could not be served from its journal either; it is refused."),
    STANDBY_OPENED("standby.opened", Level.WARNING, "The standby serves an account, out of its journal; `casella standby return` brings it back to the engine."),
    STANDBY_RETURNED("standby.returned", Level.INFO, "The engine serves an account again, after every row was compared."),
    STANDBY_FAILED("standby.failed", Level.WARNING, "An account could not be switched; it is served as before. What was begun is ended by giving the order again."),
    STANDBY_BRANCH_KEPT("standby.branch-kept", Level.WARNING, "The engine had changes that the account went on without; they are kept and merged after the return."),
    CONTINUATION_OPENED("continuation.opened", Level.WARNING, "Neither engine nor journal of an account can be read: its folders are named and closed, and what waits for it is shown. `casella standby return`, or `standby open` once a vault answers, ends it."),
    CONTINUATION_ENDED("continuation.ended", Level.INFO, "An account can be read again; what waited is filed."),
    CONTINUATION_DAMAGED("continuation.damaged", Level.WARNING, "A record of a continuation, or a message it was to show, cannot be read. Nothing that was accepted is lost by it."),
    REGISTRY_DAMAGED("standby.registry-damaged", Level.ERROR, "Records of who serves which account were lost; head rows and journal give the epochs, none is lowered. An account of the standby may be live again."),
    VAULT_PUT_FAILED("vault.put-failed", Level.WARNING, "A vault did not take a copy; it is owed one."),
    VAULT_READ_FAILED("vault.read-failed", Level.WARNING, "A vault did not answer a read; the next was asked."),
    VAULT_COPY_WRONG("vault.copy-wrong", Level.WARNING, "A copy was missing or damaged; it was not served and is owed."),
    VAULT_DELETE_FAILED("vault.delete-failed", Level.INFO, "An object nothing names could not be removed; a scan finds it."),
    COPY_HEALED("care.copy-healed", Level.DEBUG, "A vault has a good copy again of an object that it lacked."),
    COPY_NOT_HEALED("care.copy-not-healed", Level.INFO, "A copy could not be made; it is tried again later."),
    COPY_LOST("care.copy-lost", Level.ERROR, "No vault has a good copy of an object that its account names."),
    SURVEY_NEEDED("care.survey-needed", Level.INFO, "What the vaults lack is not known for sure, as after a kill; they are compared with engine and each other."),
    SURVEY_DONE("care.survey-done", Level.INFO, "All vaults were compared; what they lack is known."),
    SURVEY_PART_LEFT_OUT("care.survey-part-left-out", Level.WARNING, "A part did not say what it has; the comparison went on without it."),
    SCRUB_FROM_MEMORY("scrub.from-memory", Level.WARNING, "A scrub could not have the vault's files forgotten by memory; parts of this pass may not read the disk."),
    SCRUB_DONE("care.scrub-done", Level.INFO, "Every object of a vault was read and checked."),
    QUARANTINE_SUSPECT("quarantine.suspect", Level.ERROR, "Work on an account ended the process, or would have. The second time the account is set aside."),
    QUARANTINE_SET_ASIDE("quarantine.set-aside", Level.ERROR, "An account ended the process twice and is served no more; its mail waits in the queue. `casella quarantine list` shows why, `quarantine release` lets it in again."),
    QUARANTINE_RELEASED("quarantine.released", Level.WARNING, "An account that was set aside is served again."),
    QUARANTINE_NOT_KEPT("quarantine.not-kept", Level.WARNING, "What is known of accounts that end the process cannot be read or kept; nothing is judged by it."),
    CARE_FILE_UNREADABLE("care.file-unreadable", Level.WARNING, "A file of what is owed or was proven is not whole; the same is found again."),
    CARE_FILE_NOT_KEPT("care.file-not-kept", Level.WARNING, "What is owed or was proven could not be kept; it is tried again."),
    CARE_FAILED("care.failed", Level.WARNING, "A step of the care for copies failed; it is tried again."),
    VAULT_SET_ASIDE("vault.set-aside", Level.ERROR, "A vault's database cannot be opened or written any more; it is set aside and the next one takes the mail."),
    VAULT_FILES_REMOVED("vault.files-removed", Level.ERROR, "Somebody removed a vault's files under the running server; what was in them is lost there, and copied anew from the other vaults."),
    VAULT_GENERATION_UNREADABLE("vault.generation-unreadable", Level.ERROR, "A database that was set aside cannot be read; its objects are owed by the other vaults."),
    VAULT_WRITE_FAILED("vault.write-failed", Level.ERROR, "A vault's database refused a write."),
    VAULT_LOG_CUT("vault.log-cut", Level.WARNING, "A vault's log was not whole, as after a kill; unreadable records were skipped and are kept as evidence."),
    VAULT_COLLECTING("vault.collecting", Level.INFO, "A vault began or ended to rewrite its blobs without the objects that went."),
    VAULT_UNCOUNTED("vault.uncounted", Level.WARNING, "A vault's objects could not be counted."),
    ROCKSDB_LOG_MENDED("rocksdb.log-mended", Level.WARNING, "A log held damage that RocksDB never stops reading; it was put right or made readable, the original is kept."),
    ROCKSDB_EVIDENCE_LOST("rocksdb.evidence-lost", Level.WARNING, "Evidence of damage could not be kept."),
    ROCKSDB_LEFT_OPEN("rocksdb.left-open", Level.ERROR, "A call hung at the end and was left behind."),
    ROCKSDB_CLOSE_FAILED("rocksdb.close-failed", Level.WARNING, "A part could not be closed."),
    ENGINE_LOG_CUT("engine.log-cut", Level.WARNING, "The engine's log was not whole, as after a kill; it was opened up to its last whole record, the rest is kept as evidence."),
    ENGINE_UNREADABLE("engine.unreadable", Level.ERROR, "The engine's files are damaged and it does not open."),
    ENGINE_SET_ASIDE("engine.set-aside", Level.ERROR, "The engine's files are damaged; they are kept beside,"
            + " and each account is made anew from its journal at its first use."),
    ENGINE_WRITE_FAILED("engine.write-failed", Level.ERROR, "The engine takes no writes; their outcome is unknown."),
    ENGINE_WRITES_AGAIN("engine.writes-again", Level.INFO, "The engine takes writes again."),
    APPEND_DAMAGED("append.damaged", Level.ERROR, "Bytes of a log's file that were on the disk are not what was written; they are set aside, the rest is served."),
    APPEND_TORN("append.torn", Level.INFO, "A file ends in bytes of an unfinished write, as after a kill or a power loss; nothing answered was in them."),
    APPEND_FILE_FAILED("append.file-failed", Level.ERROR, "A write or sync failed; the file is left and the records go to a new one."),
    APPEND_FILE_HUNG("append.file-hung", Level.ERROR, "A write or sync does not come back; a new file and a new thread go on."),
    APPEND_FILE_CHANGED("append.file-changed", Level.ERROR, "The file being written was changed by another hand; it is left and a new one begun."),
    APPEND_READ_FAILED("append.read-failed", Level.ERROR, "The disk did not give back bytes of a file."),
    APPEND_DISK_LOW("append.disk-low", Level.ERROR, "The disk is nearly full: nothing new is accepted, removals go on."),
    APPEND_DISK_ROOM("append.disk-room", Level.INFO, "The disk has room again."),
    TAIL_RECORD_UNKNOWN("tail.record-unknown", Level.ERROR, "A whole record of the tail holds no entry this version knows; it is passed over and kept."),
    TAIL_CLOSED_UNKNOWN("tail.closed-unknown", Level.WARNING, "It could not be written down that the tail held nothing when it was closed."),
    TAIL_CHAIN_BROKEN("tail.chain-broken", Level.WARNING, "Damage broke the chain of an account's entries; all files are searched for them."),
    PACK_OBJECT_LOST("pack.object-lost", Level.WARNING, "An object is not where it was written; it is left out of the list, so that another copy is made."),
    PACK_RECORD_UNKNOWN("pack.record-unknown", Level.ERROR, "A whole record says nothing this version knows; it is passed over and kept."),
    PACK_SEGMENT_MISSING("pack.segment-missing", Level.ERROR, "Somebody removed a segment's file; what was in it is lost here, and copied anew from the other vaults."),
    PACK_INDEX_REBUILT("pack.index-rebuilt", Level.WARNING, "The index of a segment was lost or damaged, or the segment changed; it is made again by a scan."),
    PACK_INDEX_FAILED("pack.index-failed", Level.WARNING, "An index could not be written or read; the names stay in memory until the next start."),
    PACK_BEHIND_FAILED("pack.behind-failed", Level.WARNING, "Work behind the log failed; the segment is counted again at the next start."),
    PACK_COMPACTING("pack.compacting", Level.DEBUG, "Segments are being merged into a run."),
    PACK_COMPACTED("pack.compacted", Level.INFO, "Segments were merged into a run; `lost` objects were found damaged, their bytes are in `quarantine`."),
    PACK_COMPACTION_FAILED("pack.compaction-failed", Level.WARNING, "A merge of segments ended early; nothing is lost, its inputs are left alone until the next start."),
    PACK_SEGMENT_LEFT("pack.segment-left", Level.WARNING, "A segment is not what its index tells; it is not merged, and looked over at the next start."),
    QUEUE_KEPT("queue.kept", Level.INFO, "An account could not be written; the message is synced in the local queue."),
    QUEUE_FILED("queue.filed", Level.INFO, "What became of a queued message for one account."),
    QUEUE_WAITS("queue.waits", Level.WARNING, "An account still cannot be written; what waits for it is tried again later."),
    QUEUE_DRAINED("queue.drained", Level.INFO, "Nothing waits in the queue any more."),
    QUEUE_MESSAGE_LOST("queue.message-lost", Level.ERROR, "A queued message cannot be read any more; its file is kept in `quarantine`. The facts say whose it was."),
    FILES_DAMAGED("files.damaged", Level.ERROR, "A file of a vault is not what was written; it is set aside in `quarantine`, and another copy is made."),
    JOURNAL_COLLECTED("collect.journal", Level.INFO, "What is older than the retention in an account's journal begins to go; its heads are in every vault."),
    EVIDENCE_FORGOTTEN("erasure.evidence-forgotten", Level.WARNING, "Something that had been set aside was removed: bytes of an erased account may have been in it, and its date was over."),
    VAULT_GENERATION_FORGOTTEN("vault.generation-forgotten", Level.WARNING, "A database that had been set aside was removed: it held what had to be forgotten."),
    FILES_READ_FAILED("files.read-failed", Level.ERROR, "The disk did not give a file of a vault; it stays where it is, and a good copy takes its place."),
    FILES_WRITE_FAILED("files.write-failed", Level.ERROR, "A file could not be written or synced; it was left, and its object is owed."),
    QUEUE_RECORD_UNKNOWN("queue.record-unknown", Level.ERROR, "A whole record of the queue says nothing this version knows; it is passed over."),
    QUEUE_INDEX_AWAY("queue.index-away", Level.ERROR, "The queue's index cannot be used; mail is taken and waits, and the index is made again from the files."),
    QUEUE_INDEX_REBUILT("queue.index-rebuilt", Level.WARNING, "The queue's index was made again from the files."),
    QUEUE_DRAIN_FAILED("queue.drain-failed", Level.WARNING, "A round of filing queued mail broke off; it is tried again."),
    FACE_NOT_KEPT("server.face-not-kept", Level.WARNING, "An account's folder names could not be kept beside the directory; that is tried again until it is done."),
    PART_GONE("server.part-gone", Level.ERROR, "A part failed, or does not answer in time: only probes enter it. Others stand in for it where they can."),
    PART_BACK("server.part-back", Level.INFO, "A part answers its probe again, has been well for long enough, and is used again."),
    PART_NOT_REPLAYED("server.part-not-replayed", Level.WARNING, "What ended while a vault was away could not be removed from it; it stays out."),
    COMMITTER_IDLE_FAILED("committer.idle-failed", Level.WARNING, "A committer could not do its idle work; it tries again."),
    ;

    private final String id;
    private final Level level;
    private final String meaning;

    Event(String id, Level level, String meaning) {
        this.id = id;
        this.level = level;
        this.meaning = meaning;
    }

    /// Returns the name in the log: `room.noun-verb`.
    public String id() {
        return id;
    }

    public Level level() {
        return level;
    }

    /// Returns what it means to whoever reads the log, one sentence.
    public String meaning() {
        return meaning;
    }
}
