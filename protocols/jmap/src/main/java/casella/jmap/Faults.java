package casella.jmap;

import casella.base.Fault;
import casella.store.Marking;

/// What broke, in the words of JMAP. RFC 8620 §3.6.1, §3.6.2, §5.3.
final class Faults {
    private Faults() {}

    static MethodError methodError(Fault fault) {
        return switch (fault) {
            case Fault.Unavailable away ->
                    MethodError.of(MethodError.Type.SERVER_UNAVAILABLE, Marking.told(away));
            case Fault.Corrupt _ -> MethodError.of(MethodError.Type.SERVER_FAIL, "Stored data cannot be read");
            case Fault.Exhausted limit -> MethodError.of(MethodError.Type.LIMIT, String.valueOf(limit.getMessage()));
        };
    }

    static SetError setError(Fault fault) {
        return switch (fault) {
            case Fault.Unavailable away -> SetError.of(SetError.Type.SERVER_UNAVAILABLE, Marking.told(away));
            case Fault.Corrupt _ -> SetError.of(SetError.Type.SERVER_FAIL, "Stored data cannot be read");
            case Fault.Exhausted limit -> SetError.of(SetError.Type.LIMIT, String.valueOf(limit.getMessage()));
        };
    }

    /// For the endpoints that are not the API. RFC 9110 §15.6.
    static RequestError requestError(Fault fault) {
        return switch (fault) {
            case Fault.Unavailable away -> RequestError.plain(503, Marking.told(away));
            case Fault.Corrupt _ -> RequestError.plain(500, "Stored data cannot be read");
            case Fault.Exhausted limit -> RequestError.plain(503, String.valueOf(limit.getMessage()));
        };
    }
}
