package casella.directory.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.directory.Authenticator;
import casella.directory.Authenticator.Origin;
import casella.directory.Authenticator.Verdict;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// OAUTHBEARER (RFC 7628), and XOAUTH2, which was there before it and is of no RFC: one response with a token. Who is refused
/// is told what to ask for, answers with a dummy, and hears the refusal (RFC 7628 §3.2.3).
///
/// ```text
/// OAUTHBEARER  n,a=anna@posta.example,^Ahost=…^Aport=…^Aauth=Bearer token^A^A
/// XOAUTH2      user=anna@posta.example^Aauth=Bearer token^A^A
/// ```
final class TokenLogIn implements SaslExchange {
    private static final String END = "\u0001\u0001";

    enum Form {
        OAUTHBEARER,
        XOAUTH2
    }

    private final Form form;
    private final Tokens tokens;
    private final Authenticator authenticator;
    private final Origin origin;
    private @Nullable Verdict refused;
    private String login = "";

    TokenLogIn(Form form, Tokens tokens, Authenticator authenticator, Origin origin) {
        this.form = form;
        this.tokens = tokens;
        this.authenticator = authenticator;
        this.origin = origin;
    }

    @Override
    public Step next(byte[] response) {
        Verdict before = refused;
        // Whatever the dummy is: there is one answer to it.
        if (before != null) return new Step.Finished(before, login, new byte[0]);
        Optional<Verdict.TryLater> refusal = authenticator.refuses(origin);
        if (refusal.isPresent()) return new Step.Finished(refusal.get(), login, new byte[0]);
        Verdict verdict = authenticator.vouched(owner(new String(response, UTF_8)), origin);
        return switch (verdict) {
            case Verdict.Denied _ -> {
                refused = verdict;
                yield new Step.Challenge(told());
            }
            case Verdict.Granted _, Verdict.AccountDisabled _, Verdict.NotYet _, Verdict.TryLater _ ->
                    new Step.Finished(verdict, login, new byte[0]);
        };
    }

    /// Returns whose account the token opens; empty if none, or if the client names somebody else.
    private Optional<String> owner(String response) {
        Optional<Map<String, String>> pairs = pairs(response);
        if (pairs.isEmpty()) return Optional.empty();
        String auth = pairs.get().getOrDefault("auth", "");
        String user = pairs.get().getOrDefault("user", "");
        login = user;
        if (!auth.regionMatches(true, 0, "Bearer ", 0, 7)) return Optional.empty();
        Optional<String> address = tokens.address(auth.substring(7).strip());
        if (login.isEmpty()) login = address.orElse("");
        // Nobody acts for another here.
        return address.filter(a -> user.isEmpty() || a.equalsIgnoreCase(user));
    }

    /// Returns the keys and their values; for OAUTHBEARER the name in the GS2 header is `user`. RFC 7628 §3.1
    private Optional<Map<String, String>> pairs(String response) {
        var pairs = new LinkedHashMap<String, String>();
        String text = response;
        if (form == Form.OAUTHBEARER) {
            int mark = response.indexOf('\u0001');
            String[] header = mark < 0 ? new String[0] : response.substring(0, mark).split(",", -1);
            boolean whole = header.length == 3 && (header[0].equals("n") || header[0].equals("y")) && header[2].isEmpty()
                    && (header[1].isEmpty() || header[1].startsWith("a="));
            if (!whole) return Optional.empty();
            if (!header[1].isEmpty()) pairs.put("user", header[1].substring(2).replace("=2C", ",").replace("=3D", "="));
            text = response.substring(mark + 1);
        }
        if (!text.endsWith(END)) return Optional.empty();
        for (String pair : text.substring(0, text.length() - END.length()).split("\u0001", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) return Optional.empty();
            String key = pair.substring(0, equals).toLowerCase(Locale.ROOT);
            if (form == Form.OAUTHBEARER && key.equals("user")) continue; // unknown keys are ignored
            if (pairs.putIfAbsent(key, pair.substring(equals + 1)) != null) return Optional.empty();
        }
        return Optional.of(pairs);
    }

    /// RFC 7628 §3.2.2
    private byte[] told() {
        TokenSettings settings = tokens.settings();
        var members = new LinkedHashMap<String, Object>();
        members.put("status", form == Form.XOAUTH2 ? "401" : "invalid_token");
        if (form == Form.XOAUTH2) members.put("schemes", "Bearer");
        if (!settings.scope().isEmpty()) members.put("scope", settings.scope());
        if (!settings.discovery().isEmpty()) members.put("openid-configuration", settings.discovery());
        return JSONObjectUtils.toJSONString(members).getBytes(UTF_8);
    }
}
