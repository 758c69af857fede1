package casella.server.control;

import casella.base.AccountId;
import casella.server.proof.InstanceKey;
import casella.server.proof.SignedDocument;
import casella.store.Journal;
import casella.store.archive.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes proof documents: what a verification of an account found, signed. Page: docs/formats/proof.md.
final class ProofOperations {
    static final String TYPE = "casella-proof+json";
    /// The number in the payload. 1: first.
    private static final int FORMAT = 1;

    private final StoreOperations.@Nullable Whole whole;
    private final @Nullable Journal journal;

    ProofOperations(StoreOperations.@Nullable Whole whole, @Nullable Journal journal) {
        this.whole = whole;
        this.journal = journal;
    }

    /// Verifies an account and signs what was found, also when something is wrong.
    ///
    /// @param asked what whoever asked called the account
    Outcome prove(AccountId account, String asked, String software) {
        if (whole == null || journal == null) return new Outcome.NotReachable("the store is not open");
        InstanceKey key = key(whole.keys());
        Instant begun = now();
        Verifier.Verdict verdict = new Verifier(whole.engine(), journal, whole.copies()).verify(account);
        ObjectNode payload = Json.object()
                .put("document", "casella-proof")
                .put("format", FORMAT)
                .put("account", account.toString());
        if (asked.contains("@")) payload.put("address", asked);
        payload.put("begun", begun.toString()).put("ended", now().toString()).put("software", software);
        payload.putObject("journal")
                .put("modseq", verdict.modseq().value())
                .put("head", verdict.head().toString());
        payload.put("emails", verdict.emails()).put("copies", verdict.copiesRight());
        ArrayNode vaults = payload.putArray("vaults");
        for (Verifier.Held held : verdict.vaults()) {
            vaults.addObject()
                    .put("name", held.vault())
                    .put("technology", held.technology())
                    .put("emailsRight", held.right())
                    .put("journalTo", held.journalTo().value())
                    .put("read", now().toString());
        }
        ArrayNode problems = payload.putArray("problems");
        for (Verifier.Problem problem : verdict.problems()) {
            problems.addObject().put("what", problem.what()).put("repair", problem.repair());
        }
        ObjectNode facts = Json.object();
        facts.set("document", SignedDocument.sign(key, TYPE, payload));
        facts.set("payload", payload);
        return verdict.problems().isEmpty() ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    static InstanceKey key(Path folder) {
        try {
            return InstanceKey.open(folder);
        } catch (IOException e) {
            throw new casella.base.Fault.Unavailable("Instance key cannot be read",
                    java.util.Map.of("folder", folder), e);
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
