package casella.pop3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// AUTH: logs in by SASL; the one mechanism is PLAIN (RFC 4616). RFC 5034 §4.
///
/// @param mechanism null when the client asks which there are
/// @param initial the client's first response in Base64, null when it waits for our `+`
record Auth(@Nullable String mechanism, @Nullable String initial) implements Command.BeforeLogin {
    static Auth parse(Arguments in) {
        if (in.atEnd()) return new Auth(null, null);
        in.space();
        String mechanism = in.word();
        String initial = in.atEnd() ? null : in.restText();
        return new Auth(mechanism, initial);
    }

    @Override
    public Turn run(State.Authorization state, Client client) throws IOException {
        if (!client.mayLogIn()) return new Turn(state, Client.TLS_FIRST);
        if (mechanism == null) {
            return new Turn(state, new Answer.Lines(Reply.ok("Mechanisms follow"), out -> out.write("PLAIN\r\n")));
        }
        if (!mechanism.equals("PLAIN")) return new Turn(state, Reply.error("Unknown mechanism"));
        String response = initial == null ? client.ask() : initial;
        if (response.equals("*")) return new Turn(state, Reply.error("Cancelled"));
        byte[] message;
        try {
            message = Base64.getDecoder().decode(response);
        } catch (IllegalArgumentException e) {
            return new Turn(state, Reply.error("Expected Base64"));
        }
        return plain(message, state, client);
    }

    /// `[authzid] NUL authcid NUL passwd`. RFC 4616 §2.
    private static Turn plain(byte[] message, State.Authorization state, Client client) {
        int first = indexOfNul(message, 0);
        int second = first < 0 ? -1 : indexOfNul(message, first + 1);
        if (second < 0 || indexOfNul(message, second + 1) >= 0) {
            return new Turn(state, Reply.error("Expected a PLAIN message (RFC 4616)"));
        }
        String actAs = new String(message, 0, first, StandardCharsets.UTF_8);
        String login = new String(message, first + 1, second - first - 1, StandardCharsets.UTF_8);
        if (!actAs.isEmpty() && !actAs.equals(login)) {
            return new Turn(state, Reply.error(Reply.Code.AUTH, "Nobody may act as another"));
        }
        return client.logIn(login, Arrays.copyOfRange(message, second + 1, message.length));
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == 0) return i;
        return -1;
    }

    /// The response holds the password.
    @Override
    public String toString() {
        return "Auth";
    }
}
