package casella.server.control;

import casella.directory.Account;
import casella.directory.Forward;
import casella.directory.Brand;
import casella.directory.Plan;
import casella.server.control.Parts.Part;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How facts look in JSON, everywhere they are shown.
public final class Json {
    /// Reads and writes orders and facts; a member nobody knows is an error.
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ObjectNode forward(Forward forward) {
        ObjectNode out = object().put("address", forward.address());
        forward.to().forEach(out.putArray("to")::add);
        return out.put("keep", forward.keeps());
    }

    public static ObjectNode account(Account account) {
        ObjectNode out = object()
                .put("address", account.address())
                .put("id", account.id().toString())
                .put("brand", account.brand())
                .put("plan", account.plan())
                .put("state", account.state().word())
                .put("name", account.displayName())
                .put("language", account.language())
                .put("created", account.created().toString());
        return out.put("paidUntil", account.paidUntil() == null ? null : account.paidUntil().toString());
    }

    static ObjectNode brand(Brand brand, List<String> domains) {
        ObjectNode out = object().put("name", brand.name()).put("title", brand.title()).put("accent",
                brand.accent());
        texts(out.putArray("domains"), domains);
        texts(out.putArray("hosts"), brand.hosts());
        texts(out.putArray("languages"), brand.languages());
        return out;
    }

    static ObjectNode plan(Plan plan) {
        return object()
                .put("name", plan.name())
                .put("quotaBytes", plan.quotaBytes())
                .put("paid", plan.paid())
                .put("level", plan.level().word())
                .put("recoveryDays", plan.recoveryDays())
                .put("recoveryBytes", plan.recoveryBytes())
                .put("recipientsPerHour", plan.recipientsPerHour())
                .put("recipientsPerDay", plan.recipientsPerDay());
    }

    /// Returns `status` (the worst of all parts) and the parts.
    public static ObjectNode status(List<Part> parts) {
        ObjectNode out = object().put("status", worst(parts).word());
        ArrayNode array = out.putArray("parts");
        for (Part part : parts) {
            ObjectNode one = array.addObject().put("name", part.name()).put("state", part.state().word());
            if (!part.detail().isEmpty()) one.put("detail", part.detail());
            if (part.since() != null) one.put("since", part.since().toString());
        }
        return out;
    }

    public static Parts.State worst(List<Part> parts) {
        return parts.stream().map(Part::state).max(Enum::compareTo).orElse(Parts.State.WHOLE);
    }

    /// Returns objects, bytes, accounts and oldestSeconds, which scripts read, and `vaults` with what each owes.
    public static ObjectNode debt(Parts.Debt debt) {
        ObjectNode out = object()
                .put("objects", debt.objects())
                .put("bytes", debt.bytes())
                .put("accounts", debt.accounts())
                .put("oldestSeconds", debt.oldestSeconds());
        ArrayNode vaults = out.putArray("vaults");
        for (Parts.VaultDebt vault : debt.paying().vaults()) {
            vaults.addObject()
                    .put("name", vault.name())
                    .put("technology", vault.technology())
                    .put("breaker", vault.state())
                    .put("surveyed", debt.paying().surveyed())
                    .put("objects", vault.objects())
                    .put("bytes", vault.bytes())
                    .put("accounts", vault.accounts())
                    .put("removals", vault.removals())
                    .put("couldRebuild", vault.rebuildable())
                    .put("ofAccounts", vault.known())
                    .put("provenSince", vault.provenSince() == null ? null : vault.provenSince().toString())
                    .put("notWhole", vault.notWhole());
        }
        return out;
    }

    /// Returns `opened`, `possibleDuplicates` and `newest`.
    static ObjectNode holes(Parts.Holes holes) {
        return object()
                .put("opened", holes.opened())
                .put("possibleDuplicates", holes.possibleDuplicates())
                .put("newest", holes.newest() == null ? null : holes.newest().toString());
    }

    private static void texts(ArrayNode out, List<String> texts) {
        texts.forEach(out::add);
    }
}
