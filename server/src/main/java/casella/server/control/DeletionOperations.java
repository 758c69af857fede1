package casella.server.control;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.message.Address;
import casella.message.Summary;
import casella.store.Journal;
import casella.store.deletion.Restore;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on what ended: lists it, has it back.
final class DeletionOperations {
    private static final Outcome NOT_OPEN = new Outcome.NotReachable("the store is not open");
    private static final int LIMIT_MAX = 10_000;

    private final StoreOperations.@Nullable Whole whole;
    private final @Nullable Journal journal;

    DeletionOperations(StoreOperations.@Nullable Whole whole, @Nullable Journal journal) {
        this.whole = whole;
        this.journal = journal;
    }

    Outcome restore(
            AccountId account, List<String> emails, @Nullable String folder, @Nullable String asOf,
            Operations.Output out) {
        if (whole == null || journal == null) return NOT_OPEN;
        if (!emails.isEmpty() && folder != null) return new Outcome.Refused("restore: say emails or a folder, not both");
        Instant moment = asOf == null ? null : moment(asOf);
        Restore.What what;
        if (!emails.isEmpty()) {
            what = new Restore.What.Emails(emails.stream().map(ArrivalId::parse).toList(), moment);
        } else if (moment == null) {
            return new Outcome.Refused("as-of: must be said for a folder or an account");
        } else {
            what = folder == null ? new Restore.What.Everything(moment) : new Restore.What.Folder(folder, moment);
        }
        Restore.Report report = new Restore(whole.accounts(), journal).restore(account, what);
        for (Restore.Missing missing : report.missing()) {
            out.row(Json.object().put("email", missing.email().toString()).put("missing", missing.why()));
        }
        ObjectNode facts = Json.object()
                .put("emails", report.emails())
                .put("placements", report.placements())
                .put("folders", report.folders())
                .put("there", report.there())
                .put("missing", report.missing().size());
        return report.missing().isEmpty() ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    Outcome recoverable(AccountId account, int limit, Operations.Output out) {
        if (whole == null || journal == null) return NOT_OPEN;
        if (limit < 1 || limit > LIMIT_MAX) return new Outcome.Refused("limit: must be 1 to " + LIMIT_MAX);
        List<Restore.Recoverable> all = new Restore(whole.accounts(), journal).list(account, limit);
        for (Restore.Recoverable one : all) {
            ObjectNode row = Json.object()
                    .put("email", one.email().arrival().toString())
                    .put("ended", one.email().at().toString())
                    .put("size", one.email().size());
            Summary summary = one.summary();
            if (summary != null) {
                row.put("subject", summary.envelope().subject());
                ArrayNode from = row.putArray("from");
                for (Address address : summary.envelope().from()) {
                    if (address instanceof Address.Mailbox mailbox) from.add(mailbox.email());
                }
            }
            out.row(row);
        }
        long bytes = whole.accounts().open(account).read(view -> view.recoverableBytes());
        return new Outcome.Done(Json.object().put("shown", all.size()).put("recoverableBytes", bytes));
    }

    private static Instant moment(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "as-of: '" + text + "' is no moment like 2027-01-31T09:30:00+01:00", e);
        }
    }
}
