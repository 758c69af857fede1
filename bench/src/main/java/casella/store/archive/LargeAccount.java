package casella.store.archive;

import casella.base.AccountId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Entry;
import casella.store.Filing;
import casella.store.Journal;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Fills an account straight in the vaults, for measurements of what is made of its journal: each message is the change that
/// filing it anew makes, and segments, folding, pages and checkpoints are those of every account. Only the messages' own
/// objects are left out, which nothing of this reads. Here for what of it is not public.
public final class LargeAccount {
    private static final int BATCH = 20_000;
    private static final int SEGMENT = 1_000;
    private static final Duration TIME = Duration.ofMinutes(5);

    private final Copies copies;
    private final Holdings holdings;
    private final Arrivals arrivals = new Arrivals(Clock.system());

    public LargeAccount(Copies copies) {
        this.copies = copies;
        this.holdings = Holdings.of(copies, TIME);
    }

    /// Adds messages, with a checkpoint over all of them.
    ///
    /// @param letters that they are, in turn
    /// @param progress told how many there are
    public void fill(AccountId account, List<byte[]> letters, int count, LongConsumer progress) {
        for (int done = 0; done < count; ) {
            Folding folding = read(account);
            int batch = Math.min(BATCH, count - done);
            segments(account, folding, entries(account, folding, letters, batch));
            checkpoint(account, folding);
            done += batch;
            progress.accept(done);
        }
    }

    /// Adds messages in segments that no checkpoint has yet, and then others that only the tail has.
    public void follow(AccountId account, List<byte[]> letters, int archived, Journal tail, int waiting) {
        Folding folding = read(account);
        segments(account, folding, entries(account, folding, letters, archived));
        for (Entry entry : entries(account, folding, letters, waiting)) {
            tail.append(account, entry.change().modseq(), entry.encode()).await(Deadline.in(TIME));
        }
    }

    private Folding read(AccountId account) {
        return Folding.begin(holdings, account, false, null).segments(new Modseq(Long.MAX_VALUE));
    }

    private List<Entry> entries(AccountId account, Folding folding, List<byte[]> letters, int count) {
        Filing filing = Filing.over(folding.fold().rows(), List.of());
        var entries = new ArrayList<Entry>(count);
        for (int i = 0; i < count; i++) {
            byte[] letter = letters.get(i % letters.size());
            ObjectName mail = ObjectName.mail(account, arrivals.next(), Sha256.of(letter));
            var receipt = new Receipt(mail.arrival(), Instant.now(), "load@elsewhere.example", "anna@posta.example",
                    null, List.of());
            Entry entry = filing.entry(folding.fold().head(), mail, receipt, letter, false, Clock.system());
            if (entry == null) throw new IllegalStateException("an arrival came twice");
            folding.archived(entry);
            entries.add(entry);
        }
        return entries;
    }

    private void segments(AccountId account, Folding folding, List<Entry> entries) {
        long bytes = 0;
        for (int from = 0; from < entries.size(); from += SEGMENT) {
            List<Entry> some = entries.subList(from, Math.min(entries.size(), from + SEGMENT));
            bytes += SegmentPut.of(copies, account, some).bytes();
        }
        folding.archivedAll(bytes);
    }

    private void checkpoint(AccountId account, Folding folding) {
        Checkpoint next = Repaging.next(folding.base(), folding.fold(), (hash, page) ->
                put(new ObjectName(account, ObjectName.Kind.PAGE, 0, 0, hash), page));
        byte[] head = next.encode();
        put(next.name(head), head);
    }

    private void put(ObjectName name, byte[] content) {
        copies.put(name, StoredObject.encode(name, new byte[0], content));
    }

    /// Returns the bytes of the newest checkpoint's head, and how many pages it names.
    public String newest(AccountId account) {
        ObjectName name = holdings.all(account, ObjectName.Kind.CHECKPOINT).getLast();
        byte[] head = holdings.read(name);
        return "head %,d bytes, %,d pages".formatted(head.length, Checkpoint.decode(name, head).pages().size());
    }
}
