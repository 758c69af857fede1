package casella.jmap;

/// The arguments do not hold: thrown by what reads them, turned into an `error` response in one
/// place ([Api]).
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient MethodError error;

    Refusal(MethodError error) {
        super(error.type().wire(), null, false, false);
        this.error = error;
    }

    static Refusal of(MethodError.Type type, String description) {
        return new Refusal(new MethodError(type, description));
    }

    static Refusal argument(String name, String rule) {
        return of(MethodError.Type.INVALID_ARGUMENTS, name + ": must be " + rule);
    }

    MethodError error() {
        return error;
    }
}
