package casella.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// AUTHENTICATE: logs in by SASL; the one mechanism is PLAIN (RFC 4616). RFC 9051 §6.2.2.
///
/// @param mechanism in upper case
/// @param initial the client's first response in Base64, null when it waits for our `+`. RFC 4959 §3
record Authenticate(String mechanism, @Nullable String initial) implements Command.BeforeLogin {
    /// `"AUTHENTICATE" SP auth-type [SP initial-resp]`. RFC 9051 §9.
    static Authenticate parse(Arguments in) {
        in.space();
        String mechanism = in.word();
        String initial = in.skip(' ') ? in.rest() : null;
        in.end();
        return new Authenticate(mechanism, initial);
    }

    @Override
    public Turn run(State.NotAuthenticated state, Client client) throws IOException {
        if (!mechanism.equals("PLAIN")) return new Turn(state, Reply.no(Code.Word.CANNOT, "Unknown mechanism"));
        if (!client.mayLogIn()) return new Turn(state, Client.TLS_FIRST);
        String response = initial == null ? client.ask("") : initial;
        if (response.equals("*")) return new Turn(state, Reply.bad("Cancelled"));
        byte[] message;
        try {
            message = Base64.getDecoder().decode(response);
        } catch (IllegalArgumentException e) {
            return new Turn(state, Reply.bad("expected Base64"));
        }
        return plain(message, state, client);
    }

    /// `[authzid] NUL authcid NUL passwd`. RFC 4616 §2.
    private static Turn plain(byte[] message, State.NotAuthenticated state, Client client) throws IOException {
        int first = indexOfNul(message, 0);
        int second = first < 0 ? -1 : indexOfNul(message, first + 1);
        if (second < 0 || indexOfNul(message, second + 1) >= 0) {
            return new Turn(state, Reply.bad("expected a PLAIN message (RFC 4616)"));
        }
        String actAs = new String(message, 0, first, StandardCharsets.UTF_8);
        String login = new String(message, first + 1, second - first - 1, StandardCharsets.UTF_8);
        if (!actAs.isEmpty() && !actAs.equals(login)) {
            return new Turn(state, Reply.no(Code.Word.AUTHORIZATIONFAILED, "Nobody may act as another"));
        }
        return client.logIn(state, login, Arrays.copyOfRange(message, second + 1, message.length));
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == 0) return i;
        return -1;
    }

    /// The response holds the password.
    @Override
    public String toString() {
        return "Authenticate " + mechanism;
    }
}
