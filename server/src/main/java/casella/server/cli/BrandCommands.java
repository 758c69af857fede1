package casella.server.cli;

import casella.server.config.Units;
import casella.server.control.Order;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella brand …` and `casella plan …`
final class BrandCommands {
    private BrandCommands() {}

    @Command(name = "brand", description = "Enter and list brands and their domains.",
            synopsisSubcommandLabel = "COMMAND")
    static final class Brands {
        private final Caller caller;

        Brands(Terminal terminal) {
            caller = new Caller(terminal);
        }

        @Command(name = "add", description = "Enter a brand, or change the one of that name.")
        int add(
                @Mixin DataOptions options,
                @Parameters(paramLabel = "NAME",
                        description = "1 to 32 of a-z, 0-9 and inner hyphens.") String name,
                @Option(names = "--title", paramLabel = "TEXT",
                        description = "What people read (default: NAME).")
                        @Nullable String title,
                @Option(names = "--host", paramLabel = "HOST",
                        description = "A name under which its webmail answers; may be repeated.")
                        @Nullable List<String> hosts,
                @Option(names = "--accent", paramLabel = "#RRGGBB", defaultValue = "#1b6ac9",
                        description = "Colour of its look (default: ${DEFAULT-VALUE}).")
                        String accent,
                @Option(names = "--language", paramLabel = "TAG",
                        description = "A language it is offered in; may be repeated (default: it, en).")
                        @Nullable List<String> languages) {
            var order = new Order.BrandAdd(
                    name,
                    title == null ? name : title,
                    hosts == null ? List.of() : hosts,
                    accent,
                    languages == null ? List.of("it", "en") : languages);
            return caller.call(options, order, Shown.facts(Brands::line));
        }

        @Command(name = "list", description = "List brands with their domains.")
        int list(@Mixin DataOptions options) {
            return caller.call(options, new Order.BrandList(), Shown.rows(Brands::line));
        }

        private static String line(ObjectNode brand) {
            return "%-16s %-20s domains %s hosts %s".formatted(
                    Shown.text(brand, "name"), Shown.text(brand, "title"), joined(brand.path("domains")),
                    joined(brand.path("hosts")));
        }

        private static String joined(JsonNode texts) {
            var out = new StringBuilder();
            for (JsonNode text : texts) out.append(out.isEmpty() ? "" : ",").append(text.asString());
            return out.isEmpty() ? "-" : out.toString();
        }
    }

    @Command(name = "domain", description = "Domains of brands.", synopsisSubcommandLabel = "COMMAND")
    static final class Domains {
        private final Caller caller;

        Domains(Terminal terminal) {
            caller = new Caller(terminal);
        }

        @Command(name = "add", description = "Make mail for DOMAIN the business of BRAND.")
        int add(
                @Mixin DataOptions options,
                @Parameters(paramLabel = "BRAND", description = "Name of a brand.") String brand,
                @Parameters(paramLabel = "DOMAIN", description = "A domain name.") String domain) {
            return caller.call(
                    options,
                    new Order.DomainAdd(brand, domain),
                    Shown.facts(facts -> Shown.text(facts, "domain") + " is a domain of " + Shown.text(facts,
                            "brand")));
        }
    }

    @Command(name = "plan", description = "Enter and list plans.", synopsisSubcommandLabel = "COMMAND")
    static final class Plans {
        private final Terminal terminal;
        private final Caller caller;

        Plans(Terminal terminal) {
            this.terminal = terminal;
            caller = new Caller(terminal);
        }

        @Command(name = "add", description = "Enter a plan, or change the one of that name.")
        int add(
                @Mixin DataOptions options,
                @Parameters(paramLabel = "NAME",
                        description = "1 to 32 of a-z, 0-9 and inner hyphens.") String name,
                @Option(names = "--quota", paramLabel = "SIZE", defaultValue = "1GiB",
                        description = "How much mail (default: ${DEFAULT-VALUE}).")
                        String quota,
                @Option(names = "--paid", description = "Money is due for it.") boolean paid,
                @Option(names = "--level", paramLabel = "LEVEL", defaultValue = "basic",
                        description = "basic, standard or premium (default: ${DEFAULT-VALUE}).")
                        String level,
                @Option(names = "--recovery-days", paramLabel = "N", defaultValue = "30",
                        description = "How long removed mail can be had back (default: ${DEFAULT-VALUE}).")
                        int recoveryDays,
                @Option(names = "--recovery-size", paramLabel = "SIZE",
                        description = "How much removed mail it keeps (default: as much as the quota).")
                        @org.jspecify.annotations.Nullable String recoverySize,
                @Option(names = "--recipients-per-hour", paramLabel = "N",
                        description =
                                "On other servers an owner may send to; 0 for as many as the configuration says"
                                + " (default: as it is).")
                        @org.jspecify.annotations.Nullable Integer recipientsPerHour,
                @Option(names = "--recipients-per-day", paramLabel = "N",
                        description = "As above.")
                        @org.jspecify.annotations.Nullable Integer recipientsPerDay) {
            Optional<Long> bytes = Units.size(quota);
            Optional<Long> recovery = recoverySize == null ? bytes : Units.size(recoverySize);
            if (recovery.isEmpty() && recoverySize != null) {
                terminal.err().println("casella: --recovery-size: must be a size like 500MiB or 10GiB");
                return Exit.USAGE;
            }
            if (bytes.isEmpty()) {
                terminal.err().println("casella: --quota: must be a size like 500MiB or 10GiB");
                return Exit.USAGE;
            }
            return caller.call(
                    options, new Order.PlanAdd(name, bytes.get(), paid, level, recoveryDays,
                            recovery.orElse(null), recipientsPerHour, recipientsPerDay),
                    Shown.facts(Plans::line));
        }

        @Command(name = "list", description = "List plans.")
        int list(@Mixin DataOptions options) {
            return caller.call(options, new Order.PlanList(), Shown.rows(Plans::line));
        }

        private static String line(ObjectNode plan) {
            return "%-16s %-8s %-5s %-9s %s days, %s%s".formatted(
                    Shown.text(plan, "name"),
                    Units.text(plan.path("quotaBytes").asLong()),
                    plan.path("paid").asBoolean() ? "paid" : "free",
                    Shown.text(plan, "level"),
                    Shown.text(plan, "recoveryDays"),
                    Units.text(plan.path("recoveryBytes").asLong()),
                    sends(plan, "recipientsPerHour", "hour") + sends(plan, "recipientsPerDay", "day"));
        }

        private static String sends(ObjectNode plan, String field, String window) {
            int most = plan.path(field).asInt();
            return most == 0 ? "" : ", sends to " + most + " in one " + window;
        }
    }
}
