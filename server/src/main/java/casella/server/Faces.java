package casella.server;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Directory;
import casella.directory.Face;
import casella.store.Accounts;
import casella.store.Mailbox;
import casella.store.Role;
import casella.store.View;
import casella.store.deletion.Collecting;
import casella.store.deletion.Erasure;
import casella.store.deletion.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps each account's face beside the directory, and knows from it whether an account without a view is
/// new.
///
/// A face is kept from the account's first change on. So no view and no face is an account never used; no
/// view but a face is an engine that has lost it, and nothing is made in its place.
final class Faces implements Accounts.Founder, Terms.Source, Collecting.Wiped, Erasure.Place {
    private static final Map<Role, String> ITALIAN =
            Map.of(
                    Role.DRAFTS, "Bozze",
                    Role.SENT, "Inviata",
                    Role.ARCHIVE, "Archivio",
                    Role.JUNK, "Indesiderata",
                    Role.TRASH, "Cestino");
    private static final Map<Role, String> ENGLISH =
            Map.of(
                    Role.DRAFTS, "Drafts",
                    Role.SENT, "Sent",
                    Role.ARCHIVE, "Archive",
                    Role.JUNK, "Junk",
                    Role.TRASH, "Trash");

    private final Directory directory;

    Faces(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Map<Role, String>> mailboxes(AccountId id) {
        Optional<casella.directory.Account> account = directory.account(id);
        if (account.isEmpty() || directory.face(id).isPresent()) return Optional.empty();
        // What was erased is not made again.
        if (account.get().state() == casella.directory.Account.State.WIPED) return Optional.empty();
        return Optional.of(account.get().language().startsWith("it") ? ITALIAN : ENGLISH);
    }

    /// A wiped account is held as a whole until it is erased as a whole.
    @Override
    public Optional<Terms> of(AccountId id) {
        return directory.account(id)
                .filter(account -> account.state() != casella.directory.Account.State.WIPED)
                .flatMap(account -> directory.plan(account.plan()))
                .map(plan -> new Terms(
                        Duration.ofDays(plan.recoveryDays()), plan.recoveryBytes(),
                                directory.ending(id).held()));
    }

    @Override
    public List<AccountId> due(Instant now, int limit) {
        return directory.toErase(now, limit);
    }

    @Override
    public void ordered(AccountId account) {
        directory.erasureOrdered(account);
    }

    @Override
    public String name() {
        return "directory";
    }

    /// The directory gave up credentials, name and face when the account was wiped; its addresses stay
    /// reserved.
    @Override
    public boolean erased(AccountId id) {
        boolean wiped = directory.account(id)
                .map(account -> account.state() == casella.directory.Account.State.WIPED)
                .orElse(true);
        return wiped && directory.face(id).isEmpty();
    }

    /// Returns how many bytes an account may hold; none for an account the directory does not know.
    long quota(AccountId id) {
        return directory.account(id).flatMap(account -> directory.plan(account.plan())).map(plan ->
                plan.quotaBytes()).orElse(0L);
    }

    /// Keeps the faces of `accounts` from now on.
    AutoCloseable follow(Accounts accounts) {
        return accounts.watch(
                (id, _, mailboxes) -> {
                    if (mailboxes) keep(accounts, id);
                });
    }

    private void keep(Accounts accounts, AccountId id) {
        try {
            var folders = new ArrayList<Face.Folder>();
            List<Mailbox> all = accounts.open(id).read(View::mailboxes);
            for (Mailbox mailbox : all) {
                Role role = mailbox.role();
                String word = role == null ? "" : role.word();
                folders.add(new Face.Folder(mailbox.id(), mailbox.name(), mailbox.uidValidity(), word));
            }
            directory.keepFace(id, new Face(folders, "", quota(id)));
        } catch (Fault e) {
            // The mailboxes are changed all the same; the face is a view and is kept again with the next
            // change.
            Log.event(Event.FACE_NOT_KEPT, "account", id, "why", e);
        }
    }
}
