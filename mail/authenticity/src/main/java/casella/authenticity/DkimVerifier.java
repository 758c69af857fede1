package casella.authenticity;

import casella.base.Sha256;
import casella.message.HeaderField;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Verifies signatures of a mail against public keys that it is given. RFC 6376 §6.1.
///
/// Stricter than the RFC allows, so that "valid" says something of the whole mail that people see: relaxed/relaxed alone, no
/// body length (`l=`), a header that can be read in one way only.
public final class DkimVerifier {
    /// Signatures looked at; those below are not.
    private static final int SIGNATURES_MAX = 5;

    private DkimVerifier() {}

    /// Knows public keys.
    public interface Keys {
        /// Returns the key of a selector at a domain, both in lower case, or null.
        @Nullable PublicKey key(String domain, String selector);
    }

    /// What became of one signature.
    public sealed interface Result {
        /// @param domain who signed, `d=`
        record Valid(String domain, String selector) implements Result {}

        /// @param why a constant sentence
        record Invalid(String why) implements Result {}
    }

    /// Returns what becomes of each signature of `mail`, the topmost first; none of a mail without.
    public static List<Result> verify(byte[] mail, Keys keys) {
        Optional<SignedHeader> header = SignedHeader.of(mail);
        if (header.isEmpty()) return List.of();
        var out = new ArrayList<Result>();
        for (HeaderField field : header.get().fields()) {
            if (out.size() < SIGNATURES_MAX && field.is(DkimSigner.FIELD)) {
                out.add(verify(mail, header.get(), Relaxed.text(field.value()), keys));
            }
        }
        return out;
    }

    private static Result verify(byte[] mail, SignedHeader header, String value, Keys keys) {
        Optional<TagList> read = TagList.of(value);
        if (read.isEmpty()) return new Result.Invalid("The signature cannot be read");
        TagList signature = read.get();
        String unfit = unfit(signature);
        if (unfit != null) return new Result.Invalid(unfit);
        String domain = signature.tag("d").toLowerCase(Locale.ROOT);
        String selector = signature.tag("s").toLowerCase(Locale.ROOT);
        PublicKey key = keys.key(domain, selector);
        if (key == null) return new Result.Invalid("The key is not known");
        DkimAlgorithm algorithm;
        try {
            algorithm = DkimAlgorithm.of(key);
        } catch (IllegalArgumentException e) {
            return new Result.Invalid("The key is no key for DKIM");
        }
        if (!algorithm.word().equals(signature.tag("a"))) return new Result.Invalid("The key is of another algorithm");
        byte[] body = Sha256.digest().digest(Relaxed.body(mail, header.body()));
        if (!MessageDigest.isEqual(body, bytes(signature.tag("bh")))) return new Result.Invalid("The body was changed");
        byte[] signed = header.hashed(names(signature), signature.withoutSignature());
        if (!algorithm.verify(key, signed, bytes(signature.tag("b")))) {
            return new Result.Invalid("The header was changed");
        }
        return new Result.Valid(domain, selector);
    }

    /// RFC 6376 §6.1.1.
    private static @Nullable String unfit(TagList signature) {
        if (!signature.tag("v").equals("1")) return "The version is not 1";
        String domain = signature.tag("d").toLowerCase(Locale.ROOT);
        if (domain.isEmpty() || signature.tag("s").isEmpty()) return "A tag is missing";
        if (!signature.tag("c").equals("relaxed/relaxed")) return "Another canonicalization than relaxed/relaxed";
        if (signature.has("l")) return "Only a part of the body is signed";
        if (names(signature).stream().noneMatch("from"::equals)) return "From is not signed";
        String agent = signature.tag("i").toLowerCase(Locale.ROOT);
        boolean within = agent.isEmpty() || agent.endsWith("@" + domain) || agent.endsWith("." + domain);
        return within ? null : "The agent is not within the domain";
    }

    private static List<String> names(TagList signature) {
        return Arrays.stream(signature.tag("h").split(":", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("[ \t\r\n]", ""));
        } catch (IllegalArgumentException e) {
            return new byte[0]; // signs nothing
        }
    }
}
