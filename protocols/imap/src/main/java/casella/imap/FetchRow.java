package casella.imap;

import casella.base.Uid;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Email;
import casella.store.Placement;
import casella.store.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the store says of one message of the selected mailbox.
///
/// @param index its place in the session's list
/// @param email null unless asked for
/// @param summary null unless asked for
record FetchRow(int index, Placement placement, @Nullable Email email, @Nullable Summary summary) {
    /// What to read besides the placement.
    record Needs(boolean email, boolean summary) {
        static final Needs PLACEMENT = new Needs(false, false);
        static final Needs ALL = new Needs(true, true);
    }

    /// Returns the rows of a page in one hop; messages that are gone are left out.
    static List<FetchRow> read(Account account, Selection selection, Chosen page, Needs needs) {
        return account.read(view -> {
            var rows = new ArrayList<FetchRow>();
            for (Chosen.Run run : page.runs()) {
                Uid last = selection.uid(run.until() - 1);
                for (Placement row : view.placements(selection.mailbox(), selection.uid(run.from()), run.size())) {
                    if (row.uid().compareTo(last) > 0) break;
                    int index = selection.indexOf(row.uid());
                    if (index >= 0) rows.add(of(index, row, view, needs));
                }
            }
            return rows;
        });
    }

    private static FetchRow of(int index, Placement row, View view, Needs needs) {
        Email email = needs.email ? view.email(row.email()) : null;
        Summary summary = needs.summary ? view.summary(row.email()) : null;
        return new FetchRow(index, row, email, summary);
    }
}
