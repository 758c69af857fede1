package casella.server.cli;

import casella.server.control.NamingOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella dns`
@Command(name = "dns", description = {
    "Print every DNS record that domains of our brands need, as lines for a zone file, each with why.",
    "With --check the DNS is asked for each: exit code 1 if one is missing or says something else. Nothing is changed."
})
final class DnsCommand implements Callable<Integer> {
    private final Caller caller;

    @Mixin
    private DataOptions options = new DataOptions();

    @Parameters(arity = "0..1", paramLabel = "DOMAIN", description = "A domain of ours (default: all).")
    private @Nullable String domain;

    @Option(names = "--brand", paramLabel = "BRAND", description = "The domains of one brand.")
    private @Nullable String brand;

    @Option(names = "--check", description = "Ask the DNS, and say what is present, missing, or differs.")
    private boolean check;

    /// Whose records are being printed.
    private String last = "";

    DnsCommand(Terminal terminal) {
        this.caller = new Caller(terminal);
    }

    @Override
    public Integer call() {
        var order = new NamingOrder.Dns(domain, brand, check);
        Shown shown = check ? new Shown(true, this::compared, DnsCommand::sums) : Shown.rows(this::zone);
        return caller.call(options, order, shown);
    }

    private String heading(ObjectNode row) {
        String domain = Shown.text(row, "domain");
        if (domain.equals(last)) return "";
        String line = (last.isEmpty() ? "" : "\n") + "; " + domain + ", of " + Shown.text(row, "brand")
                + "\n";
        last = domain;
        return line;
    }

    private String zone(ObjectNode row) {
        String line = Shown.text(row, "zone");
        return heading(row) + "\n; " + Shown.text(row, "why") + (line.isEmpty() ? "" : "\n" + line);
    }

    private String compared(ObjectNode row) {
        String state = Shown.text(row, "state");
        var out = new StringBuilder(heading(row));
        out.append("%-8s %-5s %s".formatted(state, Shown.text(row, "type"), Shown.text(row, "name")));
        if (state.equals("present")) return out.toString();
        if (Shown.text(row, "zone").isEmpty()) return out.append("\n    ").append(Shown.text(row, "why"))
                .toString();
        out.append("\n    needed: ").append(Shown.text(row, "data"));
        for (String one : texts(row.path("found"))) out.append("\n    found:  ").append(one);
        return out.toString();
    }

    private static List<String> texts(JsonNode array) {
        var out = new ArrayList<String>();
        for (JsonNode one : array) out.add(one.asString());
        return out;
    }

    private static String sums(ObjectNode facts) {
        return "\n%s present, %s missing, %s differ, %s unknown".formatted(Shown.text(facts, "present"),
                Shown.text(facts, "missing"), Shown.text(facts, "differs"), Shown.text(facts, "unknown"));
    }
}
