package casella.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a part wants to be shown. RFC 2183.
///
/// @param type lower case, such as `inline` or `attachment`; never empty
/// @param parameters as on the wire
public record Disposition(String type, List<Parameter> parameters) {
    public Disposition {
        parameters = List.copyOf(parameters);
    }

    /// Returns the decoded file name (RFC 2231, and encoded words where they should not be), or
    /// null.
    public @Nullable String filename() {
        return Parameters.decoded(parameters, "filename");
    }
}
