package casella.store;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Metric;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One owner's mail: read, change, watch. The only door protocols have to it. Safe from any virtual thread.
///
/// What a client may be told is a value ([Outcome]); what broke is a [Fault]. Every change is in engine and
/// journal when its method returns; `Fault.Unavailable` out of a change means that its outcome is unknown.
public final class Account {
    /// Contents above this are hashed and compressed on the CPU bulkhead, not on the caller's carrier.
    private static final int INLINE_BYTES = 64 << 10;

    /// What this thread is reading.
    private record Snapshot(Account account, View view) {}

    private static final ScopedValue<Snapshot> SNAPSHOT = ScopedValue.newInstance();

    private final AccountId id;
    private final Accounts.Parts parts;
    private final Accounts all;
    private final Committed committed;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    Account(AccountId id, Accounts.Parts parts, Accounts all) {
        this.id = id;
        this.parts = parts;
        this.all = all;
        this.committed = new Committed(id, parts);
    }

    public AccountId id() {
        return id;
    }

    /// Returns what serves it now; at once, also when all storage is away. Whoever watches is woken when that changes.
    public Service service() {
        return all.service(id);
    }

    /// Runs `reading` on a snapshot, one hop to the engine whatever it reads, and returns what it returns.
    /// The view is not valid afterwards. At most about a thousand rows: more is more pages. A read within it is of the same
    /// snapshot, and waits for nobody.
    ///
    /// @throws Fault.Unavailable if the engine does not answer in time or has no view of the account
    public <T extends @Nullable Object> T read(Function<View, T> reading) {
        Snapshot around = SNAPSHOT.isBound() ? SNAPSHOT.get() : null;
        if (around != null && around.account() == this) return reading.apply(around.view());
        try {
            return readRescued(reading);
        } catch (Fault.Unavailable | Fault.Corrupt e) {
            all.failed(id);
            throw e;
        }
    }

    private <T extends @Nullable Object> T readRescued(Function<View, T> reading) {
        if (all.rescue().wanted(id)) all.rescue().turns(id);
        try {
            return readHere(reading);
        } catch (Fault.Unavailable e) {
            if (!all.rescue().turns(id)) throw e;
            return readHere(reading);
        }
    }

    private <T extends @Nullable Object> T readHere(Function<View, T> reading) {
        Continuation instead = all.continuation(id);
        if (instead != null) return instead.read(reading);
        return all.worked(id, readItself(reading));
    }

    private <T extends @Nullable Object> T readItself(Function<View, T> reading) {
        var _ = all.prove(id);
        try {
            return readOnce(reading);
        } catch (Fault.Unavailable e) {
            if (!foundLate(e)) throw e;
            return readOnce(reading);
        } catch (Fault.Corrupt e) {
            // The engine's rows are not what was written: they are only a view.
            all.mend(id, e);
            return readMended(reading);
        }
    }

    private <T extends @Nullable Object> T readMended(Function<View, T> reading) {
        try {
            return readOnce(reading);
        } catch (Fault.Corrupt e) {
            // The engine itself is damaged where its rows lie.
            all.mend(id, e);
            return readOnce(reading);
        }
    }

    private <T extends @Nullable Object> T readOnce(Function<View, T> reading) {
        try {
            return readUpTo(committed.answered(), reading);
        } catch (Committed.Behind e) {
            bringUp();
        }
        try {
            return readUpTo(committed.answered(), reading);
        } catch (Committed.Behind e) {
            throw behind();
        }
    }

    /// The view is compared with the journal again: it lacks what the journal has.
    private void bringUp() {
        all.doubt(id);
        var _ = all.prove(id);
    }

    private Fault.Unavailable behind() {
        return new Fault.Unavailable("The view lacks a change that was answered", Map.of("account", id));
    }

    private <T extends @Nullable Object> T readUpTo(Modseq answered, Function<View, T> reading) {
        return parts.engine()
                .read(
                        id,
                        parts.times().read(),
                        rows -> {
                            byte[] head = rows.get(new Key.Head());
                            if (head == null) throw Accounts.noView(id);
                            var view = new View(rows, Committed.upTo(answered, HeadRow.of(head)));
                            return ScopedValue.where(SNAPSHOT, new Snapshot(this, view))
                                    .call(() -> reading.apply(view));
                        });
    }

    /// Returns the mailbox of a name, null when there is none. One that is not there is looked for again when nothing is of
    /// unknown outcome any more: whoever is told that there is none must not find it later.
    public @Nullable Mailbox mailbox(String name) {
        Mailbox there = read(view -> view.mailbox(name));
        if (there != null) return there;
        return change((view, _) -> Optional.ofNullable(view.mailbox(name))).orElse(null);
    }

    /// Returns the exact bytes of an email.
    public Body body(Email email) {
        Continuation instead = all.continuation(id);
        if (instead != null) return instead.body(email);
        return all.worked(id, parts.copies().read(ObjectName.mail(id, email.id(), email.blob())));
    }

    /// Returns bytes `from` (inclusive) until `until` (exclusive) of an email, cut at its end.
    public Body body(Email email, int from, int until) {
        Continuation instead = all.continuation(id);
        if (instead != null) return instead.body(email, from, until);
        Body part = parts.copies().read(ObjectName.mail(id, email.id(), email.blob()), from, until);
        return all.worked(id, part);
    }

    /// A continuation is not the account: what it shows says nothing of what the account has.
    private void itself() {
        if (all.continuation(id) != null) throw away();
    }

    private Fault.Unavailable away() {
        return new Fault.Unavailable("The account is away; what comes for it waits", Map.of("account", id));
    }

    /// Accepts a message: it is on the vaults the policy asks for and in engine and journal when this returns
    /// `Kept`.
    ///
    /// @throws Fault.Unavailable if that cannot be had now; the message may then still appear
    /// @throws Fault.Exhausted if there is no room, or the message is larger than 64 MiB
    public Outcome.Added add(NewEmail email) {
        return add(parts.arrivals().next(), email);
    }

    /// As [#add(NewEmail)], under an arrival of [Accounts#nextArrival]. Whoever tries again after an unknown
    /// outcome does it under the same arrival, and the account has the message once (I4): one that is there
    /// already is `Kept` as it is. The same bytes a second time are [#file]'s: here, what is refused is taken
    /// back from the vaults.
    public Outcome.Added add(ArrivalId arrival, NewEmail email) {
        return accept(arrival, email, parts.quota().bytesMax(id), true).outcome();
    }

    /// Files a message that was answered "kept" before, under the arrival it had then: past the quota, and
    /// into INBOX where its mailbox is gone.
    ///
    /// @return false if the account has it already, or had it and it has ended
    /// @throws Fault.Unavailable if that cannot be had now; to be tried again
    public boolean file(ArrivalId arrival, NewEmail email) {
        if (knows(arrival)) return false;
        Accepted accepted = accept(arrival, email, Long.MAX_VALUE, false);
        if (accepted.outcome() instanceof Outcome.NoMailbox) {
            accepted = accept(arrival, email.forInbox(), Long.MAX_VALUE, false);
        }
        if (accepted.outcome() instanceof Outcome.Kept) return accepted.changed();
        throw new Fault.Unavailable("Account takes no mail", Map.of("account", id));
    }

    /// Says whether the account has the email of that arrival, or had it and it is among the newest that
    /// ended.
    public boolean knows(ArrivalId arrival) {
        itself();
        // As a change, so that what is of unknown outcome is settled before: what is answered must hold
        // then, too.
        return change((view, _) -> view.email(arrival) != null || view.ended(arrival));
    }

    /// @param changed whether the account took it now; it may have had it: what was of unknown outcome when it was
    ///                asked for is settled before
    private record Accepted(Outcome.Added outcome, boolean changed) {}

    /// @param first whether no attempt before can have put the same object: then it is taken back when it is
    ///                refused
    private Accepted accept(ArrivalId arrival, NewEmail email, long max, boolean first) {
        itself();
        byte[] content = email.content();
        var receipt =
                new Receipt(
                        arrival,
                        email.received().truncatedTo(ChronoUnit.MILLIS),
                        email.sender(),
                        email.recipient(),
                        email.mailboxes().isEmpty() ? null : email.mailboxes().getFirst(),
                        email.keywords().list());
        record Packed(ObjectName name, byte[] object) {}
        Packed packed =
                onCpu(
                        content.length,
                        () -> {
                            ObjectName name = ObjectName.mail(id, arrival, Sha256.of(content));
                            return new Packed(name, StoredObject.encode(name, receipt.encode(), content));
                        });
        Writing writing = parts.copies().begin(packed.name(), packed.object());
        Summary summary = summary(email, packed.name(), first);
        var _ = writing.await();
        Accepted accepted =
                change(
                        (view, draft) -> {
                            Outcome.Added outcome =
                                    EmailPlans.add(view, draft, email, summary, packed.name(), max);
                            return new Accepted(outcome, !draft.isEmpty());
                        });
        switch (accepted.outcome()) {
            case Outcome.Kept(Email kept, _) -> {
                parts.metrics().add(Metric.STORE_DELIVERIES, 1, "kept");
                // An earlier attempt with other trace fields is the one that is kept.
                if (!kept.blob().equals(packed.name().hash())) parts.copies().discard(packed.name());
            }
            case Outcome.OverQuota _, Outcome.NoMailbox _ -> {
                parts.metrics().add(Metric.STORE_DELIVERIES, 1, "refused");
                if (first) parts.copies().discard(packed.name());
            }
        }
        return accepted;
    }

    private Summary summary(NewEmail email, ObjectName name, boolean first) {
        try {
            return email.summary().get();
        } catch (RuntimeException e) {
            if (first) parts.copies().discard(name);
            throw e;
        }
    }

    private <T> T onCpu(int bytes, java.util.concurrent.Callable<T> work) {
        if (bytes > INLINE_BYTES) return parts.cpu().call(parts.times().change(), work);
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// Places emails of one mailbox in another as well, keeping their keywords. RFC 9051 §6.4.7. UIDs that
    /// are not there are left out. More than [Change#EMAILS_MAX] are several changes.
    public Outcome.Copied copy(MailboxId from, List<Uid> uids, MailboxId to) {
        return new EmailPlans(this).copy(from, uids, to, false);
    }

    /// As [#copy], and the old placements end in the same change. RFC 6851 §3.
    public Outcome.Copied move(MailboxId from, List<Uid> uids, MailboxId to) {
        return new EmailPlans(this).copy(from, uids, to, true);
    }

    /// Ends the placements that have `\Deleted`.
    ///
    /// @param only of these UIDs alone, null for all
    /// @return UIDs that ended, ascending
    public List<Uid> expunge(MailboxId mailbox, @Nullable List<Uid> only) {
        return new EmailPlans(this).expunge(mailbox, only);
    }

    /// Changes keywords of placements.
    ///
    /// @param unchangedSince placements changed after it are left alone and named; null for no such test. RFC
    ///                7162 §3.1.3
    public Outcome.Stored setKeywords(
            MailboxId mailbox, List<Uid> uids, Keywords.Edit edit, @Nullable Modseq unchangedSince) {
        return new EmailPlans(this).setKeywords(mailbox, uids, edit, unchangedSince);
    }

    /// What is to become of an email, as JMAP says it. RFC 8621 §4.6.
    ///
    /// @param add mailboxes it shall be in as well
    /// @param remove mailboxes it shall no longer be in
    /// @param keywords for all its placements, the new ones too
    public record EmailEdit(List<MailboxId> add, List<MailboxId> remove, Keywords.Edit keywords) {
        public EmailEdit {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    /// Changes an email in all its placements that JMAP shows, in one change.
    public Outcome.Edited editEmail(ArrivalId email, EmailEdit edit) {
        return change((view, draft) -> EmailPlans.edit(view, draft, email, edit));
    }

    /// Ends all placements of an email. Returns false when there is no such email.
    public boolean destroyEmail(ArrivalId email) {
        return change((view, draft) -> EmailPlans.destroy(view, draft, email));
    }

    /// Places emails again that were there at an earlier moment, where they are not now: those that ended
    /// live again under the ids they had, those that live are placed in that folder as well. Done again,
    /// nothing changes.
    ///
    /// Whoever calls it has seen that the objects of those that ended can be read.
    public Outcome.Restored restore(List<Former> formers) {
        return new RestorePlans(this).restore(formers, parts.quota().bytesMax(id));
    }

    /// Condemns emails that can be had back: from now on they cannot. Those that are no longer so are left
    /// out.
    ///
    /// @param emails at most [Change#EMAILS_MAX]
    /// @return those condemned
    public List<ArrivalId> condemn(List<ArrivalId> emails) {
        return change((view, draft) -> RestorePlans.condemn(view, draft, emails));
    }

    /// Notes that objects of condemned emails are gone from every vault, or owed as a removal.
    ///
    /// @param emails at most [Change#EMAILS_MAX]
    public void collected(List<ArrivalId> emails) {
        change((view, draft) -> RestorePlans.collected(view, draft, emails));
    }

    /// Makes a folder again that was there at an earlier moment; one that has its number or name stays as it
    /// is.
    ///
    /// @return whether it was made
    public boolean restoreFolder(Former.Folder folder) {
        return change((view, draft) -> RestorePlans.folder(view, draft, folder) != null && !draft.isEmpty());
    }

    /// Makes a mailbox and its missing parents. RFC 9051 §6.3.4.
    ///
    /// @param name full name; brought to NFC
    public Outcome.Created createMailbox(String name, @Nullable Role role) {
        return change((view, draft) -> MailboxPlans.create(view, draft, name, role, true));
    }

    /// Renames a mailbox and those below it. Renaming INBOX moves its emails to a new mailbox. RFC 9051
    /// §6.3.6.
    public Outcome.Renamed renameMailbox(MailboxId mailbox, String name) {
        return new MailboxPlans(this).rename(mailbox, name);
    }

    /// Removes a mailbox without children.
    ///
    /// @param withEmails whether to end the placements in it; if false it must be empty
    public Outcome.Deleted deleteMailbox(MailboxId mailbox, boolean withEmails) {
        return new MailboxPlans(this).delete(mailbox, withEmails);
    }

    /// Changes what a mailbox is for; a null component stays as it is.
    ///
    /// @return the mailbox as it is now, empty when there is none
    public Optional<Mailbox> changeMailbox(
            MailboxId mailbox, @Nullable Role role, @Nullable Boolean subscribed,
                    @Nullable Integer sortOrder) {
        return change((view, draft) ->
                MailboxPlans.change(view, draft, mailbox, role, subscribed, sortOrder));
    }

    /// Keeps a document beside the mail, over the one with the same id.
    ///
    /// @param id 1 to 255 characters
    /// @param content at most [DocumentKind#BYTES_MAX]
    public void putDocument(DocumentKind kind, String id, byte[] content) {
        if (id.isEmpty() || id.length() > 255 || content.length > DocumentKind.BYTES_MAX) {
            throw new Fault.Exhausted(
                    "Document id or content out of bounds", Map.of("bytes", content.length));
        }
        change(
                (_, draft) -> {
                    draft.add(
                            new Operation.DocumentPut(kind.number(), draft.content(id),
                                    draft.content(content)));
                    return true;
                });
    }

    /// Removes a document; false when there is none.
    public boolean endDocument(DocumentKind kind, String id) {
        return change(
                (view, draft) -> {
                    if (view.document(kind, id) == null) return false;
                    draft.add(new Operation.DocumentEnded(kind.number(), draft.content(id)));
                    return true;
                });
    }

    /// Merges changes that the account went on without, as ordinary new changes: late arrivals under new UIDs, what was done
    /// to things nobody changed since. Merging the same once more changes nothing.
    ///
    /// @param lost in order
    /// @param branchPoint the last change that both histories have
    /// @throws Fault.Unavailable if it breaks off: to be tried again
    public void merge(List<Entry> lost, Modseq branchPoint) {
        Merge.run(this, lost, branchPoint);
    }

    /// Runs `watcher` after every change, on the thread that made it: it must be short and never block. Read the account
    /// to learn what changed. Closing the answer ends it.
    public Watch watch(Runnable watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /// An end to watching.
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Commits one change and tells everybody.
    <R extends @Nullable Object> R change(Committed.Plan<R> plan) {
        if (all.rescue().wanted(id)) all.rescue().turns(id);
        try {
            return changeHere(plan);
        } catch (Committed.OfUnknownOutcome e) {
            if (!(e.why() instanceof Fault.Unavailable) || !all.rescue().turns(id)) throw e.why();
            return changeAfter(e, plan);
        } catch (Fault.Unavailable e) {
            if (!all.rescue().turns(id)) throw e;
            return changeElsewhere(plan);
        }
    }

    /// Something else serves the account, and has the change: the journal was given it before.
    private <R extends @Nullable Object> R changeAfter(Committed.OfUnknownOutcome unknown,
            Committed.Plan<R> plan) {
        try {
            return told(committed.settled(unknown, plan));
        } finally {
            all.hold(this, !committed.settled());
        }
    }

    private <R extends @Nullable Object> R changeElsewhere(Committed.Plan<R> plan) {
        try {
            return changeHere(plan);
        } catch (Committed.OfUnknownOutcome e) {
            throw e.why();
        }
    }

    private <R extends @Nullable Object> R changeHere(Committed.Plan<R> plan) {
        itself();
        var _ = all.prove(id);
        try {
            return changeOnce(plan);
        } catch (Fault.Unavailable e) {
            if (!foundLate(e)) throw e;
            return changeOnce(plan);
        } catch (Committed.Broken e) {
            all.mend(id, e.why());
            return changeAgain(plan);
        }
    }

    private <R extends @Nullable Object> R changeAgain(Committed.Plan<R> plan) {
        try {
            return changeOnce(plan);
        } catch (Committed.Broken e) {
            all.mend(id, e.why());
            return changeLast(plan);
        }
    }

    private <R extends @Nullable Object> R changeLast(Committed.Plan<R> plan) {
        try {
            return changeOnce(plan);
        } catch (Committed.Broken e) {
            throw e.why();
        }
    }

    private <R extends @Nullable Object> R changeOnce(Committed.Plan<R> plan) {
        try {
            return told(changeUpToDate(plan));
        } finally {
            all.hold(this, !committed.settled());
        }
    }

    private <R extends @Nullable Object> Committed.Result<R> changeUpToDate(Committed.Plan<R> plan) {
        try {
            return committed.change(plan);
        } catch (Committed.Behind e) {
            bringUp();
        }
        try {
            return committed.change(plan);
        } catch (Committed.Behind e) {
            throw behind();
        }
    }

    private <R extends @Nullable Object> R told(Committed.Result<R> result) {
        Modseq modseq = result.modseq();
        if (modseq != null) tell(modseq, result.operations());
        return result.value();
    }

    <T> T frozen(Duration time, Accounts.Settling settling, Function<Modseq, T> work) {
        try {
            return committed.frozen(time, settling, work);
        } finally {
            all.hold(this, !committed.settled());
        }
    }

    /// Has everybody who watches look again.
    void wake() {
        for (Runnable watcher : watchers) watcher.run();
    }

    private void tell(Modseq modseq, List<Operation> operations) {
        wake();
        all.told(this, modseq, operations);
    }

    /// Makes a new account at its first use. Returns false when the failure is another, or the account is not
    /// new.
    private boolean foundLate(Fault.Unavailable why) {
        if (!Accounts.isNoView(why)) return false;
        Optional<Map<Role, String>> names = parts.founder().mailboxes(id);
        names.ifPresent(this::found);
        return names.isPresent();
    }

    /// Makes the account's first change, if it has none: its mailboxes.
    void found(Map<Role, String> names) {
        itself();
        // What the vaults or the tail know is never founded over, whatever the engine has lost.
        if (all.prove(id)) return;
        try {
            var made = committed.found(blank(1), (view, draft) -> MailboxPlans.found(view, draft, names));
            all.made(id);
            if (!made.isEmpty()) tell(new Modseq(1), made);
        } finally {
            all.hold(this, !committed.settled());
        }
    }

    /// Returns the head of an account before its first change.
    static HeadRow blank(long epoch) {
        return new HeadRow(0, epoch, Change.NO_PREVIOUS, new byte[0]);
    }

    Bulkhead cpu() {
        return parts.cpu();
    }
}
