package casella.directory;

import java.util.regex.Pattern;

/// What the name of a brand or a plan may be.
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    private Names() {}

    /// @throws IllegalArgumentException naming `field` if `name` cannot be one
    static void check(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(field + ": must be 1 to 32 of a-z, 0-9 and inner hyphens");
        }
    }
}
