package casella.scanning;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a scanner listens.
public sealed interface Place {
    /// A port: `127.0.0.1:11333`, `[::1]:3310`, `rspamd.internal:11333`.
    ///
    /// @param host a name or an address without brackets
    record Port(String host, int port) implements Place {}

    /// A Unix socket: an absolute path.
    record Socket(Path path) implements Place {}

    /// A host, and one address in brackets.
    Pattern FORM = Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):(\\d{1,5})");

    /// Returns the place `text` says; empty if it says none.
    static Optional<Place> parse(String text) {
        if (text.startsWith("/")) return Optional.of(new Socket(Path.of(text)));
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) return Optional.empty();
        int port = Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65_535) return Optional.empty();
        String host = matcher.group(1);
        return Optional.of(new Port(host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port));
    }
}
