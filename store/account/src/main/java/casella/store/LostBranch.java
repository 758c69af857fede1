package casella.store;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Uid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What changes that the account went on without come to, taken together: the last word on each thing.
///
/// Numbers in it are those of the lost branch. A mailbox made there may have the number of another one here.
final class LostBranch {
    /// A place of a mail in the lost branch.
    record Spot(MailboxId mailbox, Uid uid) {}

    /// A placement made there and not ended.
    ///
    /// @param from places of the same change that ended: one of them may be where it was moved from
    record Put(ArrivalId email, MailboxId mailbox, Keywords keywords, List<Spot> from) {}

    /// A mailbox made there and not removed.
    record Made(MailboxId mailbox, String name, @Nullable Role role, boolean subscribed) {}

    /// @param content null where it was removed
    record Document(int kind, String id, byte @Nullable [] content) {}

    private record DocumentKey(int kind, String id) {}

    private final Map<Sha256, byte[]> contents = new HashMap<>();
    final Map<MailboxId, Made> made = new LinkedHashMap<>();
    final Map<MailboxId, String> renamed = new LinkedHashMap<>();
    final Map<ArrivalId, Operation.EmailArrived> arrived = new LinkedHashMap<>();
    final Map<Spot, Put> put = new LinkedHashMap<>();
    final Map<Spot, Keywords> flagged = new LinkedHashMap<>();
    final Set<Spot> ended = new LinkedHashSet<>();
    private final Map<DocumentKey, Document> documents = new LinkedHashMap<>();

    private LostBranch() {}

    /// @param entries of the branch, in order
    static LostBranch of(List<Entry> entries) {
        var branch = new LostBranch();
        for (Entry entry : entries) branch.take(entry);
        return branch;
    }

    Collection<Document> documents() {
        return documents.values();
    }

    byte @Nullable [] content(Sha256 hash) {
        return contents.get(hash);
    }

    private void take(Entry entry) {
        contents.putAll(entry.contents());
        var endedNow = new ArrayList<Spot>();
        for (Operation operation : entry.change().operations()) {
            switch (operation) {
                case Operation.MailboxCreated o -> {
                    String name = text(o.name());
                    if (name == null) continue;
                    made.put(o.mailbox(), new Made(o.mailbox(), name, o.role(), o.subscribed()));
                }
                case Operation.MailboxRenamed(MailboxId mailbox, Sha256 hash) -> renamed(mailbox, text(hash));
                // What ended with a mailbox stays with it: its removal is dropped.
                case Operation.MailboxEnded(MailboxId mailbox) -> mailboxEnded(mailbox);
                case Operation.EmailArrived o -> arrived.put(o.arrival(), o);
                case Operation.EmailRestored(Operation.EmailArrived o) -> arrived.put(o.arrival(), o);
                case Operation.Placed o ->
                    put.put(
                            new Spot(o.mailbox(), o.uid()),
                            new Put(o.arrival(), o.mailbox(), o.keywords(), endedNow));
                case Operation.KeywordsSet(MailboxId mailbox, Uid uid, Keywords keywords) ->
                    flagged(new Spot(mailbox, uid), keywords);
                case Operation.Unplaced(MailboxId mailbox, Uid uid) -> {
                    var spot = new Spot(mailbox, uid);
                    flagged.remove(spot);
                    Put before = put.remove(spot);
                    if (before == null) {
                        ended.add(spot);
                        endedNow.add(spot);
                    } else {
                        // Moved twice: it is still moved from where it was first.
                        endedNow.addAll(before.from());
                    }
                }
                case Operation.DocumentPut(int kind, Sha256 id, Sha256 content) ->
                    document(kind, text(id), contents.get(content));
                case Operation.DocumentEnded(int kind, Sha256 id) -> document(kind, text(id), null);
                // Roles and orders stay as they are here; the collector does its work again.
                case Operation.MailboxChanged _, Operation.EmailEnded _, Operation.EmailsCondemned _,
                        Operation.EmailsCollected _, Operation.KeyMade _, Operation.HoleOpened _,
                        Operation.PossibleDuplicate _ -> {}
            }
        }
    }

    private void renamed(MailboxId mailbox, @Nullable String name) {
        if (name == null) return;
        Made before = made.get(mailbox);
        if (before == null) renamed.put(mailbox, name);
        else made.put(mailbox, new Made(mailbox, name, before.role(), before.subscribed()));
    }

    private void mailboxEnded(MailboxId mailbox) {
        if (made.remove(mailbox) != null) return;
        renamed.remove(mailbox);
        ended.removeIf(spot -> spot.mailbox().equals(mailbox));
    }

    private void flagged(Spot spot, Keywords keywords) {
        Put before = put.get(spot);
        if (before == null) flagged.put(spot, keywords);
        else put.put(spot, new Put(before.email(), before.mailbox(), keywords, before.from()));
    }

    private void document(int kind, @Nullable String id, byte @Nullable [] content) {
        if (id != null) documents.put(new DocumentKey(kind, id), new Document(kind, id, content));
    }

    private @Nullable String text(Sha256 hash) {
        byte[] bytes = contents.get(hash);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /// Says whether something was last changed after the branches parted.
    static boolean touched(Modseq modseq, Modseq branchPoint) {
        return modseq.after(branchPoint);
    }

    /// Returns the places of a mail that arrived there, empty if they ended.
    List<Put> places(ArrivalId email) {
        return put.values().stream().filter(one -> one.email().equals(email)).toList();
    }

    /// Says whether a mail was moved from `spot`, and has a place: then it goes from there with its move, or not at
    /// all.
    boolean moved(ArrivalId email, Spot spot) {
        return places(email).stream().anyMatch(one -> one.from().contains(spot));
    }

    /// Refuses what no branch of one account comes to.
    static void check(List<Entry> entries) {
        Sha256 previous = null;
        for (Entry entry : entries) {
            if (previous != null && !entry.change().previous().equals(previous)) {
                throw new Fault.Corrupt("Changes of a lost branch do not follow one another",
                        Map.of("modseq", entry.change().modseq()));
            }
            previous = entry.hash();
        }
    }
}
