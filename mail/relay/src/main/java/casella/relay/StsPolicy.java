package casella.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a domain wants its mail to be brought: RFC 8461 "SMTP MTA Strict Transport Security (MTA-STS)", its section 3.2.
///
/// @param hosts names of its servers, lower case; `*.` stands for one label
/// @param maxAge how long it holds from when it was read
record StsPolicy(Mode mode, List<String> hosts, Duration maxAge) {
    /// ENFORCE: by TLS to a server named there, with a certificate for its name, or not at all. TESTING: as without.
    enum Mode {
        ENFORCE, TESTING, NONE
    }

    /// What a domain without a policy has.
    static final StsPolicy NOTHING = new StsPolicy(Mode.NONE, List.of(), Duration.ZERO);

    private static final int HOSTS_MAX = 50;
    private static final Pattern HOST = Pattern.compile("[a-z0-9._*-]{1,255}");
    private static final int LINES_MAX = 2_000;
    /// RFC 8461, its section 3.2: about one year.
    private static final long AGE_SECONDS_MAX = 31_557_600;

    StsPolicy {
        hosts = List.copyOf(hosts);
    }

    /// Returns what a policy's text says; empty if it is none. Of a field that is there twice the first counts; a host that is no
    /// name of one is passed over, and more than 50 are no policy.
    static Optional<StsPolicy> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        List<String> hosts = new ArrayList<>();
        String[] lines = text.split("\r?\n", LINES_MAX + 1);
        if (lines.length > LINES_MAX) return Optional.empty();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                if (line.isBlank()) continue;
                return Optional.empty();
            }
            String key = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (key.equals("mx")) host(value).ifPresent(hosts::add);
            else fields.putIfAbsent(key, value);
        }
        String age = fields.getOrDefault("max_age", "");
        Optional<Mode> mode = mode(fields.getOrDefault("mode", ""));
        boolean named = mode.isPresent() && (mode.get() == Mode.NONE || !hosts.isEmpty());
        boolean whole = named && fields.getOrDefault("version", "").equals("STSv1")
                && age.matches("\\d{1,10}");
        if (!whole || hosts.size() > HOSTS_MAX) return Optional.empty();
        long seconds = Math.min(Long.parseLong(age), AGE_SECONDS_MAX);
        return Optional.of(new StsPolicy(mode.get(), hosts, Duration.ofSeconds(seconds)));
    }

    private static Optional<String> host(String value) {
        return Optional.of(value.toLowerCase(Locale.ROOT)).filter(host -> HOST.matcher(host).matches());
    }

    /// Returns it as the shortest text that says the same, 14 KB at most.
    String text() {
        var out = new StringBuilder("version: STSv1\nmode: ").append(mode.name().toLowerCase(Locale.ROOT));
        for (String host : hosts) out.append("\nmx: ").append(host);
        return out.append("\nmax_age: ").append(maxAge.toSeconds()).append('\n').toString();
    }

    private static Optional<Mode> mode(String word) {
        return switch (word) {
            case "enforce" -> Optional.of(Mode.ENFORCE);
            case "testing" -> Optional.of(Mode.TESTING);
            case "none" -> Optional.of(Mode.NONE);
            default -> Optional.empty();
        };
    }

    /// Says whether a server is one of the domain's. RFC 8461, its section 4.1.
    boolean names(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        String wild = dot < 1 ? "" : "*" + name.substring(dot);
        return hosts.contains(name) || hosts.contains(wild);
    }
}
