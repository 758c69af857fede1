package casella.directory;

import casella.base.Fault;
import casella.directory.Authenticator.Origin;
import casella.directory.Authenticator.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One log-in by SCRAM-SHA-256, the server's side. RFC 5802 §5, RFC 7677.
///
/// The protocol carries the messages (base64 around them is its affair) and asks [#first], then [#last], once each, on
/// its own thread. Where the protocol knows what binds its connection it says so with [#bound] before; else a client that
/// requires channel binding is refused (RFC 5802 §6).
public final class ScramExchange {
    /// The longest message taken, in bytes.
    public static final int MESSAGE_BYTES_MAX = 4_096;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 18;

    /// What to send next.
    public sealed interface Step {
        /// @param message server-first-message
        record Challenge(byte[] message) implements Step {}

        /// The exchange is over.
        ///
        /// @param message server-final-message: the server's signature when granted, else `e=` and a reason. Protocols
        ///     whose failure reply carries no data leave it out
        record Finished(Verdict verdict, byte[] message) implements Step {}
    }

    private final Accounts accounts;
    private final Origin origin;
    private final String serverNonce;
    private @Nullable Conversation conversation;
    private boolean over;
    private Map<String, byte[]> bindings = Map.of();
    private boolean plus;

    /// What an exchange needs of the directory.
    ///
    /// @param keys the keys of a login, made up for one nobody has
    /// @param outcome turns (login, whether the proof was right) into a verdict, and counts failures
    /// @param refusal why this origin may not try now
    record Accounts(
            BiFunction<String, Origin, ScramKeys> keys,
            Outcome outcome,
            Supplier<Optional<Verdict.TryLater>> refusal) {}

    /// Turns a proof into a verdict.
    interface Outcome {
        Verdict of(String login, ScramKeys keys, boolean proved);
    }

    /// @param binding what `c=` must say: the header and the binding data
    private record Conversation(
            String login, ScramKeys keys, byte[] binding, String bare, String serverFirst, String nonce) {}

    ScramExchange(Accounts accounts, Origin origin) {
        this(accounts, origin, nonce());
    }

    /// For tests that replay the exchange of an RFC.
    ScramExchange(Accounts accounts, Origin origin, String serverNonce) {
        this.accounts = accounts;
        this.origin = origin;
        this.serverNonce = serverNonce;
    }

    private static String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// Binds the exchange to its connection. RFC 5802 §6
    ///
    /// @param channel binding data by the names of their types (`tls-exporter`), empty where there is no TLS
    /// @param required whether the client chose SCRAM-SHA-256-PLUS and must bind
    public ScramExchange bound(Map<String, byte[]> channel, boolean required) {
        bindings = Map.copyOf(channel);
        plus = required;
        return this;
    }

    /// Takes the client-first-message.
    public Step first(byte[] message) {
        if (conversation != null || over) throw new IllegalStateException("first message already taken");
        Optional<Verdict.TryLater> refusal = accounts.refusal().get();
        if (refusal.isPresent()) return finished(refusal.get(), "e=no-resources");
        if (message.length > MESSAGE_BYTES_MAX) return failed("other-error");
        String text = new String(message, StandardCharsets.UTF_8);

        // gs2-header = cbind-flag "," [authzid] ","
        String[] parts = text.split(",", 3);
        if (parts.length < 3) return failed("invalid-encoding");
        String flag = parts[0];
        boolean binds = flag.startsWith("p=");
        if (!binds && !flag.equals("n") && !flag.equals("y")) return failed("invalid-encoding");
        if (binds && !plus) return failed("channel-binding-not-supported");
        if (!binds && plus) return failed("other-error");
        // The client can bind and believes that we cannot: somebody took our offer away.
        if (flag.equals("y") && !bindings.isEmpty()) return failed("server-does-support-channel-binding");
        byte[] data = binds ? bindings.get(flag.substring(2)) : new byte[0];
        if (data == null) return failed("unsupported-channel-binding-type");
        String bare = parts[2];
        if (bare.startsWith("m=")) return failed("extensions-not-supported"); // RFC 5802 §5.1
        List<String> attributes = Arrays.asList(bare.split(",", -1));
        if (attributes.size() < 2 || !attributes.get(0).startsWith("n=") || !attributes.get(1).startsWith("r=")) {
            return failed("invalid-encoding");
        }
        Optional<String> login = saslName(attributes.get(0).substring(2)).flatMap(SaslPrep::prepare);
        if (login.isEmpty()) return failed("invalid-username-encoding");
        if (!mayActAs(parts[1], login.get())) return failed("other-error");
        String clientNonce = attributes.get(1).substring(2);
        if (clientNonce.isEmpty() || !clientNonce.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            return failed("invalid-encoding");
        }
        ScramKeys keys;
        try {
            keys = accounts.keys().apply(login.get(), origin);
        } catch (Fault.Unavailable e) {
            return finished(Passwords.AWAY, "e=no-resources");
        }
        String nonce = clientNonce + serverNonce;
        String salt = Base64.getEncoder().encodeToString(keys.salt());
        String serverFirst = "r=" + nonce + ",s=" + salt + ",i=" + keys.iterations();
        byte[] header = (flag + "," + parts[1] + ",").getBytes(StandardCharsets.UTF_8);
        byte[] binding = Arrays.copyOf(header, header.length + data.length);
        System.arraycopy(data, 0, binding, header.length, data.length);
        conversation = new Conversation(login.get(), keys, binding, bare, serverFirst, nonce);
        return new Step.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8));
    }

    /// Returns the login the client named; empty before it did.
    public String login() {
        Conversation so = conversation;
        return so == null ? "" : so.login();
    }

    /// Takes the client-final-message.
    public Step.Finished last(byte[] message) {
        Conversation so = conversation;
        if (so == null || over) throw new IllegalStateException("no exchange under way");
        if (message.length > MESSAGE_BYTES_MAX) return failed("other-error");
        String text = new String(message, StandardCharsets.UTF_8);
        int mark = text.lastIndexOf(",p=");
        String[] attributes = text.split(",", -1);
        if (mark < 0 || attributes.length < 3 || !attributes[0].startsWith("c=") || !attributes[1].startsWith("r=")) {
            return failed("invalid-encoding");
        }
        Optional<byte[]> binding = base64(attributes[0].substring(2));
        Optional<byte[]> proof = base64(text.substring(mark + 3));
        if (binding.isEmpty() || proof.isEmpty()) return failed("invalid-encoding");
        if (!MessageDigest.isEqual(binding.get(), so.binding())) {
            return failed("channel-bindings-dont-match");
        }
        boolean sameNonce = attributes[1].substring(2).equals(so.nonce());
        String without = text.substring(0, mark);
        byte[] authMessage = (so.bare() + "," + so.serverFirst() + "," + without).getBytes(StandardCharsets.UTF_8);
        boolean proved = so.keys().proves(proof.get(), authMessage) && sameNonce;
        Verdict verdict = accounts.outcome().of(so.login(), so.keys(), proved);
        return switch (verdict) {
            case Verdict.Granted _ -> finished(verdict, "v=" + so.keys().signature(authMessage));
            case Verdict.Denied _ -> finished(verdict, "e=invalid-proof");
            case Verdict.AccountDisabled _ -> finished(verdict, "e=other-error");
            case Verdict.NotYet _, Verdict.TryLater _ -> finished(verdict, "e=no-resources");
        };
    }

    private Step.Finished failed(String error) {
        return finished(new Verdict.Denied(), "e=" + error);
    }

    private Step.Finished finished(Verdict verdict, String message) {
        over = true;
        return new Step.Finished(verdict, message.getBytes(StandardCharsets.UTF_8));
    }

    /// Nobody acts for another here: an authorization identity must be the login itself. RFC 5802 §5.1.
    private static boolean mayActAs(String authzid, String login) {
        if (authzid.isEmpty()) return true;
        if (!authzid.startsWith("a=")) return false;
        return saslName(authzid.substring(2)).filter(login::equals).isPresent();
    }

    /// `=2C` is a comma and `=3D` an equals sign; any other `=` is an error. RFC 5802 §5.1.
    private static Optional<String> saslName(String text) {
        if (text.isEmpty()) return Optional.empty();
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '=') out.append(text.charAt(i));
            else if (text.startsWith("=2C", i)) out.append(',');
            else if (text.startsWith("=3D", i)) out.append('=');
            else return Optional.empty();
            if (text.charAt(i) == '=') i += 2;
        }
        return Optional.of(out.toString());
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
