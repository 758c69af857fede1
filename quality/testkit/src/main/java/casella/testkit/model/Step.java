package casella.testkit.model;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Uid;
import casella.store.Account;
import casella.store.DocumentKind;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.testkit.model.AccountModel.Box;
import casella.testkit.model.AccountModel.Place;
import casella.testkit.model.AccountModel.Where;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One thing done to an account: by the store, and by the model. Both say what came of it in the same words.
sealed interface Step {
    /// Does it to a store's account.
    ///
    /// @throws casella.base.Fault if it is not known what came of it
    String run(Account account);

    /// Does it to the model.
    ///
    /// @param at the store's clock, Unix seconds
    /// @param between told where the step may have ended when it is several changes
    String apply(AccountModel model, long at, Runnable between);

    private static List<Uid> all(List<Long> numbers) {
        return numbers.stream().map(Uid::of).toList();
    }

    private static MailboxId id(int number) {
        return new MailboxId(number);
    }

    /// A message comes, or comes again under the same arrival: then it is first asked whether it came before.
    ///
    /// @param queued as the queue files it: past what is missing
    record Deliver(
            ArrivalId arrival, byte[] content, List<Integer> into, Keywords keywords, boolean queued,
                    boolean again)
            implements Step {
        Deliver onceMore() {
            return new Deliver(arrival, content, into, keywords, queued, true);
        }

        @Override
        public String run(Account account) {
            if (again && account.knows(arrival)) return "known";
            var email = NewEmail.delivery(content, Instant.EPOCH, "bruno@virgola.example",
                    "anna@posta.example");
            var placed = new NewEmail(content, email.summary(), Instant.ofEpochSecond(arrival.high() >>> 16),
                    email.sender(),
                    email.recipient(), into.stream().map(Step::id).toList(), keywords);
            if (queued) return account.file(arrival, placed) ? "filed" : "known";
            return switch (account.add(arrival, placed)) {
                case Outcome.Kept(_, var placements) ->
                    "kept " + placements.stream()
                            .map(one -> one.mailbox().number() + ":" + one.uid())
                            .sorted()
                            .toList();
                case Outcome.NoMailbox _ -> "no mailbox";
                case Outcome.OverQuota _ -> "over quota";
            };
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            boolean known = model.mails.containsKey(arrival);
            if ((queued || again) && (known || model.ended.contains(arrival))) return "known";
            if (!known) {
                List<Integer> where = into.isEmpty() ? List.of(inbox(model)) : into;
                if (!model.boxes.keySet().containsAll(where)) {
                    if (!queued) return "no mailbox";
                    where = List.of(inbox(model));
                }
                model.modseq++;
                model.mails.put(arrival, new AccountModel.Mail(Sha256.of(content), content.length));
                for (int box : where) model.place(box, arrival, keywords);
                if (queued) return "filed";
            }
            return "kept " + model.places(arrival).stream().map(one -> one.box() + ":"
                    + one.uid()).sorted().toList();
        }

        private static int inbox(AccountModel model) {
            Box inbox = model.named(Mailbox.INBOX);
            if (inbox == null) throw new AssertionError("the model lost its INBOX");
            return inbox.id();
        }

        @Override
        public String toString() {
            return "deliver " + arrival + " " + content.length + " bytes into " + into + (again ? " again"
                    : "")
                    + (queued ? " from the queue" : "");
        }
    }

    record Copy(int from, List<Long> uids, int to, boolean move) implements Step {
        @Override
        public String run(Account account) {
            Outcome.Copied outcome = move ? account.move(id(from), all(uids), id(to))
                    : account.copy(id(from), all(uids), id(to));
            return switch (outcome) {
                case Outcome.Placed(long validity, var moved) ->
                    "placed " + validity + moved.stream()
                            .map(one -> one.from() + ":" + one.to())
                            .toList();
                case Outcome.NoMailbox _ -> "no mailbox";
            };
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            Box target = model.box(to);
            if (target == null) return "no mailbox";
            var moved = new ArrayList<String>();
            @Nullable Box source = model.box(from);
            model.modseq++;
            for (long uid : uids) {
                @Nullable Place place = source == null ? null
                        : Objects.requireNonNull(model.box(from)).places().get(uid);
                if (place == null) continue;
                moved.add(uid + ":" + model.place(to, place.email(), place.keywords()));
                if (move) model.unplace(from, uid, false);
            }
            if (moved.isEmpty()) model.modseq--;
            return "placed " + target.uidValidity() + moved;
        }
    }

    record Expunge(int box, @Nullable List<Long> only) implements Step {
        @Override
        public String run(Account account) {
            return "ended " + account.expunge(id(box), only == null ? null : all(only));
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            Box in = model.box(box);
            var ended = new ArrayList<Long>();
            if (in != null) {
                for (long uid : only == null ? List.copyOf(in.places().keySet()) : only) {
                    Place place = in.places().get(uid);
                    if (place == null || !place.keywords().has(Keywords.DELETED)) continue;
                    if (ended.isEmpty()) model.modseq++;
                    model.unplace(box, uid, true);
                    ended.add(uid);
                }
            }
            return "ended " + ended;
        }
    }

    record Flag(int box, List<Long> uids, Keywords.Edit edit, @Nullable Long unchangedSince) implements Step {
        @Override
        public String run(Account account) {
            Modseq since = unchangedSince == null ? null : new Modseq(unchangedSince);
            Outcome.Stored stored = account.setKeywords(id(box), all(uids), edit, since);
            return "changed " + stored.changed().stream()
                    .map(one -> one.uid() + "" + one.keywords() + one.modseq())
                    .toList()
                    + " unchanged " + stored.unchanged().stream().map(one -> one.uid()).toList()
                    + " modified " + stored.modified() + " missing " + stored.missing();
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            @Nullable Box in = model.box(box);
            var changed = new ArrayList<String>();
            var unchanged = new ArrayList<Long>();
            var modified = new ArrayList<Long>();
            var missing = new ArrayList<Long>();
            for (long uid : uids) {
                @Nullable Place place = in == null ? null : in.places().get(uid);
                if (place == null) {
                    missing.add(uid);
                } else if (unchangedSince != null && place.modseq() > unchangedSince) {
                    modified.add(uid);
                } else if (edit.apply(place.keywords()).equals(place.keywords())) {
                    unchanged.add(uid);
                } else {
                    if (changed.isEmpty()) model.modseq++;
                    Keywords now = edit.apply(place.keywords());
                    model.flag(box, uid, now);
                    changed.add(uid + "" + now + model.modseq);
                }
            }
            return "changed " + changed + " unchanged " + unchanged + " modified " + modified + " missing "
                    + missing;
        }
    }

    /// What JMAP does to an email. RFC 8621 §4.6.
    record Edit(ArrivalId email, List<Integer> add, List<Integer> remove,
            Keywords.Edit keywords) implements Step {
        @Override
        public String run(Account account) {
            var edit = new Account.EmailEdit(add.stream().map(Step::id).toList(),
                    remove.stream().map(Step::id).toList(), keywords);
            return switch (account.editEmail(email, edit)) {
                case Outcome.EmailNow(_, Modseq modseq) -> "now " + modseq;
                case Outcome.NoEmail _ -> "no email";
                case Outcome.NoMailbox _ -> "no mailbox";
                case Outcome.PlacesRefused _ -> "refused";
            };
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            List<Where> shown = model.places(email).stream()
                    .filter(one -> !one.keywords().has(Keywords.DELETED))
                    .toList();
            if (shown.isEmpty()) return "no email";
            Set<Integer> wanted = new LinkedHashSet<>();
            for (Where one : shown) wanted.add(one.box());
            Set<Integer> before = Set.copyOf(wanted);
            wanted.removeAll(remove);
            wanted.addAll(add);
            if (wanted.isEmpty()) return "refused";
            if (!model.boxes.keySet().containsAll(wanted)) return "no mailbox";
            long was = model.modseq++;
            boolean changed = false;
            Keywords all = keywords.apply(merged(shown));
            for (int box : wanted) {
                if (before.contains(box)) continue;
                model.place(box, email, all);
                changed = true;
            }
            for (Where one : shown) {
                Keywords now = keywords.apply(one.keywords());
                if (!wanted.contains(one.box())) model.unplace(one.box(), one.uid(), true);
                else if (!now.equals(one.keywords())) model.flag(one.box(), one.uid(), now);
                else continue;
                changed = true;
            }
            if (!changed) model.modseq = was;
            return "now " + model.modseq;
        }

        /// RFC 8621 §4.1.1: `$seen` if all have it, any other if one has it.
        private static Keywords merged(List<Where> shown) {
            Set<String> words = shown.stream().flatMap(one ->
                    one.keywords().list().stream()).collect(Collectors.toSet());
            if (!shown.stream().allMatch(one ->
                    one.keywords().has(Keywords.SEEN))) words.remove(Keywords.SEEN);
            return Keywords.of(words);
        }
    }

    record Destroy(ArrivalId email) implements Step {
        @Override
        public String run(Account account) {
            return "destroyed " + account.destroyEmail(email);
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            if (!model.mails.containsKey(email)) return "destroyed false";
            model.modseq++;
            for (Where one : model.places(email)) model.unplace(one.box(), one.uid(), true);
            return "destroyed true";
        }
    }

    record Create(String name) implements Step {
        @Override
        public String run(Account account) {
            return switch (account.createMailbox(name, null)) {
                case Outcome.MailboxMade(Mailbox made) -> "made " + made.id().number() + " " + made.name()
                        + " " + made.uidValidity();
                case Outcome.NameTaken _ -> "taken";
                case Outcome.NameRefused _ -> "refused";
            };
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            if (model.named(name) != null) return "taken";
            model.modseq++;
            model.makeParents(name, true, at);
            Box made = model.make(name, null, true, at);
            return "made " + made.id() + " " + name + " " + made.uidValidity();
        }
    }

    record Rename(int box, String name) implements Step {
        @Override
        public String run(Account account) {
            return switch (account.renameMailbox(id(box), name)) {
                case Outcome.MailboxMade(Mailbox made) -> "made " + made.id().number() + " " + made.name();
                case Outcome.NameTaken _ -> "taken";
                case Outcome.NameRefused _ -> "refused";
                case Outcome.NoMailbox _ -> "no mailbox";
            };
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            Box before = model.box(box);
            if (before == null) return "no mailbox";
            if (before.name().equals(Mailbox.INBOX)) return inbox(model, before, at, between);
            if (before.name().equals(name)) return "made " + box + " " + name;
            if (model.named(name) != null) return "taken";
            String below = before.name() + "/";
            if (name.startsWith(below)) return "refused";
            model.modseq++;
            model.makeParents(name, before.subscribed(), at);
            for (Box one : List.copyOf(model.boxes.values())) {
                if (one.id() == box) model.rename(one, name);
                else if (one.name().startsWith(below)) model.rename(one, name + "/"
                        + one.name().substring(below.length()));
            }
            return "made " + box + " " + name;
        }

        /// RFC 9051 §6.3.6: what is in INBOX moves to a new mailbox; two changes.
        private String inbox(AccountModel model, Box inbox, long at, Runnable between) {
            if (model.named(name) != null) return "taken";
            var _ = new Create(name).apply(model, at, between);
            Box made = Objects.requireNonNull(model.named(name));
            between.run();
            List<Long> all = List.copyOf(inbox.places().keySet());
            if (!all.isEmpty()) new Copy(box, all, made.id(), true).apply(model, at, between);
            return "made " + made.id() + " " + name;
        }
    }

    record Delete(int box, boolean withEmails) implements Step {
        @Override
        public String run(Account account) {
            return switch (account.deleteMailbox(id(box), withEmails)) {
                case Outcome.MailboxGone _ -> "gone";
                case Outcome.HasChildren _ -> "has children";
                case Outcome.HasEmails _ -> "has emails";
                case Outcome.NameRefused _ -> "refused";
                case Outcome.NoMailbox _ -> "no mailbox";
            };
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            Box gone = model.box(box);
            if (gone == null) return "no mailbox";
            if (gone.name().equals(Mailbox.INBOX)) return "refused";
            for (Box one : model.boxes.values()) if (one.name().startsWith(gone.name()
                    + "/")) return "has children";
            if (!gone.places().isEmpty() && !withEmails) return "has emails";
            model.modseq++;
            for (long uid : List.copyOf(gone.places().keySet())) model.unplace(box, uid, true);
            model.boxes.remove(box);
            return "gone";
        }
    }

    record Properties(int box, boolean subscribed, int sortOrder) implements Step {
        @Override
        public String run(Account account) {
            return account.changeMailbox(id(box), null, subscribed, sortOrder).isPresent() ? "changed"
                    : "no mailbox";
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            Box in = model.box(box);
            if (in == null) return "no mailbox";
            if (in.subscribed() != subscribed || in.sortOrder() != sortOrder) {
                model.modseq++;
                model.properties(in, subscribed, sortOrder);
            }
            return "changed";
        }
    }

    /// @param content null: it ends
    record Document(DocumentKind kind, String name, byte @Nullable [] content) implements Step {
        @Override
        public String run(Account account) {
            if (content == null) return "ended " + account.endDocument(kind, name);
            account.putDocument(kind, name, content);
            return "put";
        }

        @Override
        public String apply(AccountModel model, long at, Runnable between) {
            String key = AccountModel.document(kind, name);
            if (content == null) {
                if (model.documents.remove(key) == null) return "ended false";
                model.modseq++;
                return "ended true";
            }
            model.modseq++;
            model.documents.put(key, Sha256.of(content));
            return "put";
        }

        @Override
        public String toString() {
            return "document " + kind + " " + name + (content == null ? " ends" : " " + content.length
                    + " bytes");
        }
    }
}
