package casella.authenticity;

import casella.message.HeaderField;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who signed a mail of others, for each of its signatures. RFC 6376 §6.
///
/// Both canonicalizations and both algorithms; SHA-1 and RSA keys below 1,024 bits prove nothing (RFC 8301 §3.1, §3.2). A signature
/// that does not cover all of From and all of the body is not taken (RFC 6376 §8.2, §8.15): what people see could be others'.
public final class Dkim {
    static final String FIELD = "DKIM-Signature";
    /// Signatures looked at, from the top. RFC 6376 §6.1 leaves the number to us.
    static final int SIGNATURES_MAX = 10;
    /// Clocks differ.
    private static final Duration SKEW = Duration.ofHours(1);

    /// What becomes of one signature. RFC 8601 "Message Header Field for Indicating Message Authentication Status" has the words.
    public enum Verdict {
        PASS, FAIL, NEUTRAL, POLICY, TEMPERROR, PERMERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param why a constant sentence; empty for PASS
    /// @param domain who signed (`d=`), lower case, A-labels; as it stands where it cannot be read
    /// @param selector `s=`
    /// @param algorithm `a=`
    /// @param start the first characters of the signature, which tell it from others. RFC 6008 "Authentication-Results
    ///     Registration for Differentiating among Cryptographic Results"
    /// @param testing the domain says that it only tries: a failure means nothing
    public record Result(
            Verdict verdict,
            String why,
            String domain,
            String selector,
            String algorithm,
            String start,
            boolean testing) {
        public boolean passed() {
            return verdict == Verdict.PASS;
        }
    }

    private Dkim() {}

    /// Returns the signatures to be looked at, the topmost first; empty for one that is no list of tags.
    static List<Optional<SignatureForm>> signatures(CutMail mail) {
        List<HeaderField> fields = mail.fields(FIELD);
        return fields.stream().limit(SIGNATURES_MAX).map(SignatureForm::of).toList();
    }

    /// Returns the results of `signatures`, in their order.
    ///
    /// @param keys by the name they are asked for, of every signature that needs one
    static List<Result> verified(
            CutMail mail,
            List<Optional<SignatureForm>> signatures,
            Map<String, KeyRecord> keys,
            Instant now) {
        var out = new ArrayList<Result>();
        for (Optional<SignatureForm> one : signatures) {
            out.add(one.map(form -> verified(mail, form, keys, now)).orElseGet(() -> new Result(
                    Verdict.NEUTRAL, "The signature cannot be read", "", "", "", "", false)));
        }
        return out;
    }

    /// Returns results of signatures that nobody had the time to verify.
    static List<Result> unverified(List<Optional<SignatureForm>> signatures) {
        var out = new ArrayList<Result>();
        for (Optional<SignatureForm> one : signatures) {
            one.ifPresent(form -> out.add(result(form, Verdict.TEMPERROR, "There was no time to verify it", false)));
        }
        return out;
    }

    /// Returns the result of signatures in a header that readers and signers may read in two ways.
    static Result unreadable() {
        return new Result(Verdict.PERMERROR, "The header can be read in two ways", "", "", "", "", false);
    }

    private static Result verified(
            CutMail mail, SignatureForm form, Map<String, KeyRecord> keys, Instant now) {
        String unfit = unfit(form, now);
        if (unfit != null) return result(form, Verdict.PERMERROR, unfit, false);
        KeyRecord.Known key;
        switch (keys.getOrDefault(form.keyName(), new KeyRecord.Unfit("More keys than are asked for"))) {
            case KeyRecord.Later _ -> {
                return result(form, Verdict.TEMPERROR, "The key could not be asked for", false);
            }
            case KeyRecord.Unfit(var why) -> {
                return result(form, Verdict.PERMERROR, why, false);
            }
            case KeyRecord.Known known -> key = known;
        }
        if (key.strict() && !agent(form).endsWith("@" + form.domain())) {
            return result(form, Verdict.PERMERROR, "The agent is not of the domain itself", key.testing());
        }
        String length = form.tags().tag("l");
        long limit = form.tags().has("l") ? Long.parseLong(length) : Long.MAX_VALUE;
        if (!form.bodyKept(mail, limit)) return result(form, Verdict.FAIL, "The body was changed", key.testing());
        if (!form.headerKept(mail, key)) return result(form, Verdict.FAIL, "The header was changed", key.testing());
        // What follows is true to its signer and still not what people see.
        if (limit < Long.MAX_VALUE && limit != mail.body(form.relaxedBody(), Long.MAX_VALUE).bytes()) {
            return result(form, Verdict.POLICY, "Only a part of the body is signed", key.testing());
        }
        long from = form.names().stream().filter("from"::equals).count();
        if (from < mail.fields("From").size()) {
            return result(form, Verdict.POLICY, "A From field is not signed", key.testing());
        }
        return result(form, Verdict.PASS, "", key.testing());
    }

    private static Result result(SignatureForm form, Verdict verdict, String why, boolean testing) {
        String signature = form.tags().tag("b").replaceAll("[ \t\r\n]", "");
        return new Result(verdict, why, form.domain(), form.selector(), form.tags().tag("a"),
                signature.substring(0, Math.min(8, signature.length())), testing);
    }

    /// RFC 6376 §6.1.1.
    static @Nullable String unfit(SignatureForm form, Instant now) {
        TagList tags = form.tags();
        if (!tags.tag("v").equals("1")) return "The version is not 1";
        String unfit = form.unfit(true);
        if (unfit != null) return unfit;
        if (form.names().stream().noneMatch("from"::equals)) return "From is not signed";
        if (tags.has("q") && !tags.tag("q").contains("dns/txt")) return "The key is not in the DNS";
        if (tags.has("l") && !tags.tag("l").matches("\\d{1,18}")) return "Its length is no length";
        if (tags.has("x") && !tags.tag("x").matches("\\d{1,12}")) return "Its end is no time";
        if (tags.has("x") && Instant.ofEpochSecond(Long.parseLong(tags.tag("x"))).isBefore(now.minus(SKEW))) {
            return "The signature has expired";
        }
        if (tags.has("t") && Instant.ofEpochSecond(Long.parseLong(tags.tag("t"))).isAfter(now.plus(SKEW))) {
            return "The signature is of a time to come";
        }
        String agent = agent(form);
        boolean within = agent.endsWith("@" + form.domain()) || agent.endsWith("." + form.domain());
        return within ? null : "The agent is not within the domain";
    }

    /// Returns for whom the domain signed (`i=`).
    private static String agent(SignatureForm form) {
        String agent = Relaxed.utf8(form.tags().tag("i")).toLowerCase(Locale.ROOT);
        return agent.isEmpty() ? "@" + form.domain() : agent;
    }
}
