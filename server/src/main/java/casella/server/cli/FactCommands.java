package casella.server.cli;

import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.config.Reference;
import casella.server.config.Section;
import casella.server.control.Json;
import casella.server.control.Order;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What `debt`, `config` and `version` print.
final class FactCommands {
    private final Terminal terminal;
    private final Caller caller;

    FactCommands(Terminal terminal) {
        this.terminal = terminal;
        this.caller = new Caller(terminal);
    }

    int debt(DataOptions options) {
        return caller.call(options, new Order.Debt(), Shown.facts(DebtWords::text));
    }

    int config(boolean explain, @Nullable Path check, boolean json) {
        if (check != null) return check(check, json);
        if (!explain) {
            terminal.err().println("casella: config: say --explain or --check FILE");
            return Exit.USAGE;
        }
        if (json) terminal.out().println(keys());
        else terminal.out().print(Reference.markdown());
        return Exit.DONE;
    }

    private int check(Path file, boolean json) {
        List<Problem> problems =
                switch (Config.file(terminal.folder().resolve(file), new Config.Overrides(null, 0))) {
                    case Config.Loaded.Good _ -> List.of();
                    case Config.Loaded.Bad(List<Problem> found) -> found;
                };
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (Problem problem : problems) {
            array.addObject().put("line", problem.line()).put("key", problem.key()).put("rule",
                    problem.rule());
        }
        if (json) terminal.out().println(array);
        else problems.forEach(problem -> terminal.out().println(problem));
        return problems.isEmpty() ? Exit.DONE : Exit.WRONG;
    }

    private static ArrayNode keys() {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (Section section : Config.sections()) {
            for (Section.Entry entry : section.entries()) {
                out.addObject()
                        .put("key", entry.key())
                        .put("meaning", entry.meaning())
                        .put("kind", entry.kind())
                        .put("rule", entry.rule())
                        .put("default", entry.otherwise())
                        .put("change", entry.effect().words());
            }
        }
        return out;
    }

    int version(boolean json) {
        String java = Runtime.version().toString();
        if (json) terminal.out().println(Json.object().put("version", Version.NAME).put("java", java));
        else terminal.out().println("casella " + Version.NAME + " (java " + java + ")");
        return Exit.DONE;
    }
}
