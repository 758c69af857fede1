package casella.server.incident;

import casella.base.Clock;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Directory;
import casella.directory.Identity;
import casella.directory.Registrar;
import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaints;
import casella.incident.complaint.Step;
import casella.server.control.ComplaintFacts;
import casella.server.control.DeskOrder;
import casella.server.control.Json;
import casella.server.control.NewFile;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// All that is kept of the person whom a case concerns, for that person (GDPR Art. 15): as JSON, and as a page to read in their language.
///
/// ```text
/// index.html         what is in the others, to read
/// case.json          what came, all that was done; files/NN-name as they came
/// account.json       the directory's entry          availability.json   when what did not work
/// compensation.json  what was given                 losses.json         what became of mail, and who tried
/// settings.json      the second address, the programs in use, who was let look inside
/// proof.json         a signed statement of what is in the mailbox
/// SHA256SUMS
/// ```
///
/// No mail is in it, and of names of those who work here only those whom the owner let look inside. What cannot be said now says why in its place; the package is whole when it is made again.
final class AccessPackage {
    private static final int CASES_MAX = 1_000;

    private final Operations operations;
    private final Complaints complaints;
    private final Registrar registrar;
    private final Directory directory;
    private final SettingsKept settings;
    private final Clock clock;

    /// @param operations what knows the rest of an account
    AccessPackage(Operations operations, Complaints complaints, Registrar registrar, Directory directory,
            SettingsKept settings, Clock clock) {
        this.operations = operations;
        this.complaints = complaints;
        this.registrar = registrar;
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
    }

    /// Makes the file that `order` names.
    ///
    /// @throws IOException if there is such a file, or it cannot be written
    Outcome make(DeskOrder.ComplaintPackage order) throws IOException {
        Complaint one = complaints.complaint(order.complaint()).orElseThrow(() ->
                new IllegalArgumentException("complaint: there is no " + order.complaint()));
        Optional<Account> account = one.received().accountId().flatMap(registrar::account);
        Instant now = clock.now();
        Map<String, ObjectNode> parts = new LinkedHashMap<>();
        parts.put("case", told(one, now));
        account.ifPresent(there -> known(parts, there, one));
        String language = account.map(there -> there.language().startsWith("it") ? "it" : "en")
                .orElse(one.received().language());
        String page = new AccessIndex(parts, one.number(), language, now).html();
        long bytes = NewFile.write(Path.of(order.to()), out -> {
            try (var zip = new ZipFile(out, now)) {
                zip.add("index.html", page);
                for (Map.Entry<String, ObjectNode> part : parts.entrySet()) zip.add(part.getKey() + ".json",
                        part.getValue());
                for (Step step : one.steps()) {
                    if (!(step.what() instanceof Step.Filed filed)) continue;
                    Optional<byte[]> file = complaints.file(one.id(), step.number());
                    if (file.isPresent()) zip.add(name(step.number(), filed.name()), file.get());
                }
            }
        });
        var missing = Json.MAPPER.createArrayNode();
        parts.forEach((name, part) -> {
            if (part.has("notNow")) missing.add(name);
        });
        ObjectNode facts = Json.object().put("to", order.to()).put("bytes", bytes).put("number", one.number())
                .put("name", one.received().person().name()).put("address", account.map(Account::address)
                        .orElse(null));
        facts.set("missing", missing);
        ObjectNode proof = parts.get("proof");
        int problems = proof == null ? 0 : proof.path("payload").path("problems").size();
        facts.put("problems", problems);
        return missing.isEmpty() && problems == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    /// Returns the name of a file in the package: nothing that was written leads out of its folder.
    static String name(int step, String given) {
        String plain = given.replaceAll("[^\\p{L}\\p{N}._-]", "_").replaceFirst("^\\.+", "_");
        return "files/%02d-%s".formatted(step, plain.length() > 100 ? plain.substring(plain.length() - 100)
                : plain);
    }

    /// The case as both sides know it: whoever of us did something is "we".
    private static ObjectNode told(Complaint one, Instant now) {
        ObjectNode out = ComplaintFacts.whole(one, now);
        for (JsonNode step : out.path("steps")) {
            if (!(step instanceof ObjectNode row)) continue;
            row.remove("by");
            boolean heard = row.path("what").asString("").equals("heard");
            row.put("from", heard ? "you" : "us");
            if (row.path("what").asString("").equals("filed")) {
                row.put("file", name(row.path("number").asInt(), row.path("name").asString("")));
            }
        }
        return out;
    }

    private void known(Map<String, ObjectNode> parts, Account account, Complaint one) {
        ObjectNode entry = Json.account(account);
        ArrayNode addresses = entry.putArray("addresses");
        for (Identity identity : directory.identities(account.id())) addresses.add(identity.address());
        entry.put("cohort", registrar.cohort(account.id()).orElse(null)).put("held",
                registrar.held(account.id()));
        ArrayNode others = entry.putArray("otherCases");
        for (Complaint other : complaints.about(account.id(), CASES_MAX)) {
            if (other.id() == one.id()) continue;
            others.addObject().put("number", other.number()).put("received", other.received().at().toString())
                    .put("state", other.state().word());
        }
        parts.put("account", entry);
        String address = account.address();
        parts.put("availability", asked(new Order.Availability(account.id().toString(), null, null),
                "facts"));
        parts.put("compensation", asked(new Order.CompensationOf(account.id().toString()), "given"));
        parts.put("losses", asked(new Order.Losses(address, null, null, null, null), "facts"));
        parts.put("settings", settings(account));
        parts.put("proof", asked(new Order.Proof(address), "facts"));
    }

    private ObjectNode settings(Account account) {
        try {
            return settings.of(account.id());
        } catch (Fault e) {
            return notNow(e.getMessage() + " " + e.facts());
        }
    }

    /// Returns the facts that come of an order, with its rows under `rows`; or why there are none now.
    private ObjectNode asked(Order order, String rows) {
        var list = Json.MAPPER.createArrayNode();
        var out = new Operations.Output() {
            @Override
            public void row(ObjectNode row) {
                list.add(row);
            }

            @Override
            public void progress(long count) {}
        };
        try {
            ObjectNode facts = switch (operations.perform(order, Reader.nullReader(), out)) {
                case Outcome.Done(ObjectNode done) -> done;
                case Outcome.Found(ObjectNode found) -> found.has("why") ? notNow(found.path("why")
                        .asString("")) : found;
                case Outcome.Refused(String why) -> notNow(why);
                case Outcome.NotReachable(String why) -> notNow(why);
            };
            if (!list.isEmpty()) facts.set(rows, list);
            return facts;
        } catch (Fault e) {
            return notNow(e.getMessage() + " " + e.facts());
        }
    }

    private static ObjectNode notNow(String why) {
        return Json.object().put("notNow", why);
    }
}
