package casella.server.control;

import tools.jackson.databind.node.ObjectNode;

/// How an order ended. The exit codes of the command line are these.
public sealed interface Outcome {
    /// @param facts what there is to say
    record Done(ObjectNode facts) implements Outcome {}

    /// It was done, and something is wrong: rows left out, a part that is gone.
    record Found(ObjectNode facts) implements Outcome {}

    /// It was not done. @param message field and rule
    record Refused(String message) implements Outcome {}

    /// Nobody could be asked.
    record NotReachable(String message) implements Outcome {}

    /// Returns 0 done, 1 found something wrong, 3 not reachable; 2, bad usage, is the command line's own.
    default int exitCode() {
        return switch (this) {
            case Done _ -> 0;
            case Found _, Refused _ -> 1;
            case NotReachable _ -> 3;
        };
    }
}
