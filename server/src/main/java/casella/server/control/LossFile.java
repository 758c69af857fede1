package casella.server.control;

import casella.incident.Csv;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The loss account of all accounts as CSV (RFC 4180), a line for each. It names addresses: only this user may read it.
final class LossFile implements AutoCloseable {
    private static final List<String> COLUMNS = List.of("address", "account", "brand", "plan", "accepted",
            "filed", "deleted", "pending", "lost", "unreachable", "unclaimed", "senders", "gone", "why");

    private final @Nullable Writer to;
    private @Nullable IOException broken;

    private LossFile(@Nullable Writer to) {
        this.to = to;
    }

    static LossFile none() {
        return new LossFile(null);
    }

    /// @throws IOException if there is such a file, or it cannot be made
    static LossFile begin(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Writer to = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
        to.write(Csv.row(COLUMNS));
        return new LossFile(to);
    }

    /// Adds a line. What goes wrong is thrown by [#close].
    void row(ObjectNode row) {
        if (to == null || broken != null) return;
        try {
            to.write(Csv.row(COLUMNS.stream().map(name -> row.path(name).asString("")).toList()));
        } catch (IOException e) {
            broken = e;
        }
    }

    @Override
    public void close() throws IOException {
        if (to != null) to.close();
        if (broken != null) throw broken;
    }
}
