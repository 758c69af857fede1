package casella.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which mail for other servers is meant.
final class OutgoingOptions {
    @Option(names = "--message", paramLabel = "ID", description =
            "One message, by the id that outgoing shows.")
    @Nullable String message;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "What goes to a domain.")
    @Nullable String domain;

    @Option(names = "--account", paramLabel = "ACCOUNT", description =
            "What an account submitted: an address or an id.")
    @Nullable String account;
}
