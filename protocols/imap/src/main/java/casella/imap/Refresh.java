package casella.imap;

import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Brings a session's list up to date with the store, telling changed flags on the way.
///
/// Asks for what changed since the list was last right. After a switch of the account's storage (another epoch) it
/// compares the whole list instead, so that whatever the switch changed is told. Runs again from the same point when it
/// fails half way: every step may be repeated.
final class Refresh {
    /// A change touches at most this many placements, so a page is never all one unfinished change.
    private static final int PAGE = View.PAGE_MAX;

    private final Selection selection;
    private final Account account;
    private final boolean condstore;
    private final Output out;

    Refresh(Selection selection, Account account, boolean condstore, Output out) {
        this.selection = selection;
        this.account = account;
        this.condstore = condstore;
        this.out = out;
    }

    /// What one look at the store gave.
    private record News(
            @Nullable Mailbox mailbox,
            boolean closed,
            long epoch,
            List<Placement> changed,
            List<View.Ended> ended,
            List<Placement> added) {}

    void run() throws IOException {
        Modseq since = selection.seen();
        News news = account.read(view -> look(view, since));
        if (news.mailbox == null || news.mailbox.uidValidity() != selection.uidValidity()) {
            throw new Session.MailboxGone();
        }
        // Nothing is known of what is in it, and so nothing changed: it is looked at when it is open again.
        if (news.closed) return;
        if (news.epoch != selection.epoch()) compare();
        else catchUp(since, news);
        selection.seen(news.mailbox.modseq(), news.epoch);
    }

    private News look(View view, Modseq since) {
        var id = selection.mailbox();
        Mailbox mailbox = view.mailbox(id);
        boolean closed = view.closed(id);
        boolean other = closed || view.epoch() != selection.epoch();
        if (mailbox == null || other || !mailbox.modseq().after(since)) {
            return new News(mailbox, closed, view.epoch(), List.of(), List.of(), List.of());
        }
        return new News(
                mailbox,
                false,
                view.epoch(),
                view.changedSince(id, since, PAGE),
                view.endedSince(id, since, PAGE),
                added(view));
    }

    private List<Placement> added(View view) {
        long highest = selection.highestUid();
        if (highest == Uid.LAST.value()) return List.of();
        return view.placements(selection.mailbox(), Uid.of(highest + 1), PAGE);
    }

    private void catchUp(Modseq since, News news) throws IOException {
        List<Placement> changed = news.changed;
        Modseq from = since;
        while (true) {
            for (Placement row : changed) update(row);
            if (changed.size() < PAGE) break;
            from = next(changed, Placement::modseq);
            Modseq after = from;
            changed = account.read(view -> view.changedSince(selection.mailbox(), after, PAGE));
        }
        List<View.Ended> ended = news.ended;
        while (true) {
            for (View.Ended one : ended) selection.expunged(one.uid());
            if (ended.size() < PAGE) break;
            Modseq after = next(ended, View.Ended::modseq);
            ended = account.read(view -> view.endedSince(selection.mailbox(), after, PAGE));
        }
        List<Placement> added = news.added;
        while (true) {
            added.forEach(selection::append);
            if (added.size() < PAGE) break;
            added = account.read(this::added);
        }
    }

    /// Returns where the page after a full page starts: before its last change, which may go on, unless the page is
    /// that one change.
    static <T> Modseq next(List<T> page, Function<T, Modseq> modseq) {
        Modseq last = modseq.apply(page.getLast());
        return modseq.apply(page.getFirst()).equals(last) ? last : new Modseq(last.value() - 1);
    }

    private void update(Placement row) throws IOException {
        int index = selection.indexOf(row.uid());
        if (index < 0 || selection.gone(index)) return;
        boolean news = selection.note(index, row.keywords());
        if (!news && !tellsModseq(row)) return;
        out.text("* ").number(index + 1).text(" FETCH (UID ").text(row.uid().toString());
        out.text(" FLAGS ").text(Flags.text(row.keywords()));
        if (condstore) out.text(" MODSEQ (").number(row.modseq().value()).text(")");
        out.text(")").end();
    }

    /// Whoever compares comes by messages that did not change: they are older than the list.
    private boolean tellsModseq(Placement row) {
        boolean later = condstore && row.modseq().after(selection.seen());
        return later && !selection.knowsModseq(row.uid(), row.modseq());
    }

    /// Walks the whole mailbox beside the list.
    private void compare() throws IOException {
        Uid from = Uid.FIRST;
        int index = 0;
        while (true) {
            Uid start = from;
            List<Placement> page = account.read(view -> view.placements(selection.mailbox(), start, PAGE));
            for (Placement row : page) {
                int at = selection.firstFrom(row.uid().value());
                for (; index < at; index++) selection.expunged(selection.uid(index));
                if (selection.indexOf(row.uid()) < 0) {
                    selection.append(row);
                    index = Math.max(index, selection.count());
                } else {
                    update(row);
                    index = at + 1;
                }
            }
            if (page.size() < PAGE || page.getLast().uid().equals(Uid.LAST)) break;
            from = Uid.of(page.getLast().uid().value() + 1);
        }
        for (; index < selection.count(); index++) selection.expunged(selection.uid(index));
    }
}
