package casella.server.control;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.directory.Account;
import casella.message.Address;
import casella.message.Summary;
import casella.server.proof.SignedDocument;
import casella.store.Journal;
import casella.store.deletion.Brake;
import casella.store.deletion.Certificate;
import casella.store.deletion.Collector;
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
    static final String TYPE = "casella-erasure+json";
    private static final String DOCUMENT = "casella-erasure";

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
            what = folder == null ? new Restore.What.Everything(moment) : new Restore.What.Folder(folder,
                    moment);
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

    /// Says what an erasure would ask where, and how much mail it is about.
    Outcome wouldErase(Account account) {
        if (whole == null) return NOT_OPEN;
        ObjectNode facts = Json.object().put("dryRun", true).put("account", account.id().toString())
                .put("address", account.address());
        ArrayNode places = facts.putArray("places");
        whole.erasure().places().forEach(places::add);
        whole.erasure().certificate(account.id()).ifPresent(one -> facts.put("ordered", one.ordered().toString()));
        try {
            whole.accounts().open(account.id()).read(view -> facts.put("bytes", view.usedBytes() + view.recoverableBytes()));
        } catch (Fault e) {
            // What the engine cannot say now is erased all the same.
            facts.putNull("bytes");
        }
        return new Outcome.Done(facts);
    }

    /// Orders the erasure of an account, or says how far it is.
    Outcome erase(AccountId account) {
        if (whole == null) return NOT_OPEN;
        Certificate certificate = whole.erasure().order(account, "order");
        ObjectNode payload = Json.object().put("document", DOCUMENT);
        payload.setAll((ObjectNode) Json.MAPPER.readTree(certificate.json()));
        ObjectNode facts = Json.object();
        try {
            facts.set("document", SignedDocument.sign(ProofOperations.key(whole.keys()), TYPE, payload));
        } catch (Fault e) {
            // A key that fails costs signatures; what was ordered is ordered.
            facts.put("unsigned", String.valueOf(e.getMessage()));
        }
        facts.set("payload", payload);
        return certificate.complete() ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    Outcome collectStatus() {
        if (whole == null) return NOT_OPEN;
        Collector.Status status = whole.collector().status();
        ObjectNode facts = Json.object()
                .put("state", status.brake() != null ? "asks" : status.running() ? "running" : "idle")
                .put("lastRun", status.lastRun() == null ? null : status.lastRun().toString());
        asks(facts, status.brake());
        ArrayNode aside = facts.putArray("aside");
        status.aside().forEach(account -> aside.add(account.toString()));
        ObjectNode usual = facts.putObject("usual");
        status.usual().forEach((vault, count) -> usual.put(vault, Math.round(count)));
        return status.brake() == null ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private static void asks(ObjectNode facts, @Nullable Brake brake) {
        if (brake == null) return;
        facts.put("reason", brake.reason().word()).put("what", brake.what());
        facts.put("confirmed", switch (brake.reason()) {
            case CLOCK, MEMORY -> "means: the time is right now";
            case VOLUME -> "means: this once so much may go";
            case ERASURES -> "means: this once so many accounts may be erased";
            case LIVE -> "means: that account is left alone, the others go on";
        });
    }

    Outcome collect(boolean confirm, Operations.Output out) {
        if (whole == null) return NOT_OPEN;
        return switch (whole.collector().run(confirm, (done, of) -> out.progress(done, of, "accounts"))) {
            case Collector.Result.Ran ran -> {
                ObjectNode facts = Json.object()
                        .put("accounts", ran.accounts())
                        .put("condemned", ran.condemned())
                        .put("later", ran.later());
                ran.removed().forEach((vault, count) -> facts.put("removed-" + vault, count));
                yield new Outcome.Done(facts);
            }
            case Collector.Result.Stopped(Brake brake) -> {
                ObjectNode facts = Json.object().put("state", "asks");
                asks(facts, brake);
                yield new Outcome.Found(facts);
            }
        };
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
