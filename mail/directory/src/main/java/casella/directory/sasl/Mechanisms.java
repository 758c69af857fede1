package casella.directory.sasl;

import casella.directory.Authenticator;
import casella.directory.Authenticator.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The mechanisms there are beside PLAIN and LOGIN, which protocols speak themselves.
///
/// @param scram whether SCRAM is offered: an account whose password came as another system's hash has its keys only after
///              its first log-in by PLAIN
/// @param tokens checks bearer tokens; empty where no issuer is configured
public record Mechanisms(Authenticator authenticator, boolean scram, Optional<Tokens> tokens) {
    private static final String SCRAM = "SCRAM-SHA-256";
    private static final String SCRAM_PLUS = "SCRAM-SHA-256-PLUS";
    private static final String OAUTHBEARER = "OAUTHBEARER";
    private static final String XOAUTH2 = "XOAUTH2";

    /// Those of a server without tokens.
    public static Mechanisms of(Authenticator authenticator) {
        return new Mechanisms(authenticator, true, Optional.empty());
    }

    /// Returns what is offered on a connection where passwords may be sent, best first.
    ///
    /// @param bindings what binds the connection, as [#begin] gets it
    /// @param secure whether it has TLS, without which no token is taken (RFC 7628 §3)
    public List<String> offered(Map<String, byte[]> bindings, boolean secure) {
        var names = new ArrayList<String>();
        if (scram && !bindings.isEmpty()) names.add(SCRAM_PLUS);
        if (scram) names.add(SCRAM);
        if (tokens.isPresent() && secure) names.addAll(List.of(OAUTHBEARER, XOAUTH2));
        return names;
    }

    /// Begins a log-in; empty where the mechanism is not offered.
    ///
    /// @param mechanism in upper case
    public Optional<SaslExchange> begin(
            String mechanism, Origin origin, Map<String, byte[]> bindings, boolean secure) {
        if (!offered(bindings, secure).contains(mechanism)) return Optional.empty();
        return switch (mechanism) {
            case SCRAM -> Optional.of(new ScramLogIn(authenticator.scram(origin).bound(bindings, false)));
            case SCRAM_PLUS -> Optional.of(new ScramLogIn(authenticator.scram(origin).bound(bindings, true)));
            case OAUTHBEARER -> token(TokenLogIn.Form.OAUTHBEARER, origin);
            case XOAUTH2 -> token(TokenLogIn.Form.XOAUTH2, origin);
            default -> Optional.empty();
        };
    }

    private Optional<SaslExchange> token(TokenLogIn.Form form, Origin origin) {
        return tokens.map(checking -> new TokenLogIn(form, checking, authenticator, origin));
    }
}
