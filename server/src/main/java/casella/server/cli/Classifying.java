package casella.server.cli;

import casella.message.Address;
import casella.message.Summary;
import casella.queue.Classified;
import casella.queue.Classifier;
import casella.queue.Proof;
import casella.server.config.Config;
import casella.server.control.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `casella queue classify`: what the [Classifier] says of a file, look by look.
final class Classifying {
    private static final long BYTES_MAX = 64L << 20;

    private final Terminal terminal;

    Classifying(Terminal terminal) {
        this.terminal = terminal;
    }

    int say(DataOptions options, Path file, @Nullable String sender, boolean unproven) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(var problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(var config) -> {
                byte[] raw = read(terminal.folder().resolve(file));
                if (raw == null) yield Exit.WRONG;
                Summary summary = Summary.of(raw);
                String from = sender != null ? sender : from(summary);
                var arrival = new Classifier.Arrival(from, 1, 0, unproven ? Proof.NONE : Proof.ALIGNED);
                var looks = new ArrayList<Classifier.Look>();
                var classifier = new Classifier(config.queue().classifier());
                print(options.json, classifier.of(arrival, raw, summary, looks), looks);
                yield Exit.DONE;
            }
        };
    }

    private byte @Nullable [] read(Path file) {
        try {
            if (Files.size(file) <= BYTES_MAX) return Files.readAllBytes(file);
            terminal.err().println("casella: queue classify: over 64 MiB: " + file);
        } catch (IOException e) {
            terminal.err().println("casella: queue classify: cannot be read: " + file);
        }
        return null;
    }

    private static String from(Summary summary) {
        List<Address.Mailbox> from = Address.flat(summary.envelope().from());
        return from.isEmpty() ? "" : from.getFirst().local() + "@" + from.getFirst().domain();
    }

    private void print(boolean json, Classified said, List<Classifier.Look> looks) {
        if (json) {
            ObjectNode facts = Json.object().put("priority", said.priority().word()).put("reason", said.reason());
            ArrayNode all = facts.putArray("looks");
            for (Classifier.Look look : looks) all.addObject().put("what", look.what()).put("holds", look.holds());
            terminal.out().println(facts);
            return;
        }
        for (Classifier.Look look : looks) {
            terminal.out().println("  " + (look.holds() ? "yes" : "no ") + "  it " + look.what());
        }
        terminal.out().println(said.priority().word() + ": " + said.reason());
    }
}
