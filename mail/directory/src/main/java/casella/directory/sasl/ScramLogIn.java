package casella.directory.sasl;

import casella.directory.ScramExchange;

/// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS. RFC 7677.
final class ScramLogIn implements SaslExchange {
    private final ScramExchange exchange;
    private boolean begun;

    ScramLogIn(ScramExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Step next(byte[] response) {
        ScramExchange.Step step = begun ? exchange.last(response) : exchange.first(response);
        begun = true;
        return switch (step) {
            case ScramExchange.Step.Challenge(var message) -> new Step.Challenge(message);
            case ScramExchange.Step.Finished(var verdict, var message) ->
                    new Step.Finished(verdict, exchange.login(), message);
        };
    }
}
