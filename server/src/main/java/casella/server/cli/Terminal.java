package casella.server.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// What a command reads and writes.
///
/// @param out facts
/// @param err everything else
/// @param environment variables by name
/// @param folder the current folder
public record Terminal(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path folder) {}
