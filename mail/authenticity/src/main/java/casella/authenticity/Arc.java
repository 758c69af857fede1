package casella.authenticity;

import casella.message.HeaderField;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What those who passed a mail on say that they found, and whether that can be believed to be theirs. RFC 8617 §5.2.
public final class Arc {
    private static final String RESULTS = "ARC-Authentication-Results";
    private static final String SIGNATURE = "ARC-Message-Signature";
    private static final String SEAL = "ARC-Seal";
    /// RFC 8617 §4.2.1.
    private static final int SETS_MAX = 50;
    private static final Pattern INSTANCE = Pattern.compile("[1-9]\\d?");
    private static final Pattern RESULTS_INSTANCE = Pattern.compile("^\\s*i\\s*=\\s*(\\d+)\\s*;(.*)", Pattern.DOTALL);

    /// RFC 8617 §4.4.
    public enum Status {
        NONE, PASS, FAIL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One hand the mail went through.
    ///
    /// @param sealer its domain, lower case
    /// @param results what it says it found, unfolded: others' words
    public record Hand(String sealer, String results) {}

    /// @param hands from the first to the last; none unless the chain passes
    /// @param why a constant sentence where it fails, else empty
    public record Chain(Status status, List<Hand> hands, String why) {
        static final Chain NONE = new Chain(Status.NONE, List.of(), "");
    }

    /// The three fields of one hand.
    private record Link(HeaderField results, String found, SignatureForm signature, SignatureForm seal) {}

    private final CutMail mail;
    private final List<Link> sets;
    private final @Nullable String broken;

    private Arc(CutMail mail, List<Link> sets, @Nullable String broken) {
        this.mail = mail;
        this.sets = sets;
        this.broken = broken;
    }

    /// Reads the chain that a mail has; nothing is verified yet.
    static Arc of(CutMail mail) {
        List<HeaderField> results = mail.fields(RESULTS);
        List<HeaderField> signatures = mail.fields(SIGNATURE);
        List<HeaderField> seals = mail.fields(SEAL);
        int count = Math.max(seals.size(), Math.max(results.size(), signatures.size()));
        if (count > SETS_MAX) return new Arc(mail, List.of(), "More than fifty sets");
        Map<Integer, HeaderField> found = new HashMap<>();
        Map<Integer, String> said = new HashMap<>();
        for (HeaderField field : results) {
            Matcher instance = RESULTS_INSTANCE.matcher(field.unfolded());
            if (!instance.matches() || !INSTANCE.matcher(instance.group(1)).matches()) {
                return new Arc(mail, List.of(), "Results without an instance");
            }
            int i = Integer.parseInt(instance.group(1));
            said.put(i, instance.group(2).strip());
            if (found.put(i, field) != null) return new Arc(mail, List.of(), "Results twice");
        }
        Optional<Map<Integer, SignatureForm>> signed = numbered(signatures);
        Optional<Map<Integer, SignatureForm>> sealed = numbered(seals);
        if (signed.isEmpty() || sealed.isEmpty()) return new Arc(mail, List.of(), "Sets that cannot be told apart");
        var sets = new ArrayList<Link>();
        for (int i = 1; i <= count; i++) {
            HeaderField result = found.get(i);
            String text = said.get(i);
            SignatureForm signature = signed.get().get(i);
            SignatureForm seal = sealed.get().get(i);
            // No number is higher than there are fields of each kind, so that all of them are had where none is missing.
            if (result == null || text == null || signature == null || seal == null) {
                return new Arc(mail, List.of(), "A set is not complete");
            }
            sets.add(new Link(result, text, signature, seal));
        }
        return new Arc(mail, sets, unfit(sets));
    }

    private static Optional<Map<Integer, SignatureForm>> numbered(List<HeaderField> fields) {
        Map<Integer, SignatureForm> out = new HashMap<>();
        for (HeaderField field : fields) {
            Optional<SignatureForm> form = SignatureForm.of(field);
            if (form.isEmpty() || !INSTANCE.matcher(form.get().tags().tag("i")).matches()) return Optional.empty();
            if (out.put(Integer.parseInt(form.get().tags().tag("i")), form.get()) != null) return Optional.empty();
        }
        return Optional.of(out);
    }

    /// RFC 8617 §5.2, steps 2 and 3, and what can be said of signatures before they are verified.
    private static @Nullable String unfit(List<Link> sets) {
        for (int i = 0; i < sets.size(); i++) {
            TagList seal = sets.get(i).seal().tags();
            if (!seal.tag("cv").equals(i == 0 ? "none" : "pass")) return "A hand says that the chain was broken before it";
            if (seal.has("h") || seal.has("bh")) return "A seal has tags that no seal has";
            String unfit = sets.get(i).seal().unfit(false);
            if (unfit != null) return unfit;
        }
        if (sets.isEmpty()) return null;
        SignatureForm last = sets.getLast().signature();
        if (last.names().contains(SEAL.toLowerCase(Locale.ROOT))) return "A seal is signed by what it seals";
        return last.unfit(true);
    }

    /// Returns the names of the keys that are needed.
    Set<String> keyNames() {
        Set<String> out = new TreeSet<>();
        if (broken != null || sets.isEmpty()) return out;
        out.add(sets.getLast().signature().keyName());
        for (Link set : sets) out.add(set.seal().keyName());
        return out;
    }

    /// @param keys by the name they are asked for. RFC 8617 §5.2.1: one that is not known now is as one that does not fit
    Chain verified(Map<String, KeyRecord> keys) {
        if (broken != null) return new Chain(Status.FAIL, List.of(), broken);
        if (sets.isEmpty()) return Chain.NONE;
        SignatureForm last = sets.getLast().signature();
        KeyRecord key = keys.get(last.keyName());
        // One that names no canonicalization is simple (RFC 6376 §3.5); the public vectors have one
        // that is relaxed.
        boolean kept = kept(last, key)
                || (!last.tags().has("c") && kept(last.assumedRelaxed(), key));
        if (!kept) return new Chain(Status.FAIL, List.of(), "The mail was changed after the last hand");
        var sealed = new ByteArrayOutputStream();
        var hands = new ArrayList<Hand>();
        for (Link set : sets) {
            sealed.writeBytes(mail.field(set.results(), true));
            sealed.writeBytes(mail.field(set.signature().field(), true));
            var data = new ByteArrayOutputStream();
            data.writeBytes(sealed.toByteArray());
            data.writeBytes(mail.own(set.seal().field(), set.seal().tags(), true));
            boolean right = keys.get(set.seal().keyName()) instanceof KeyRecord.Known known
                    && set.seal().signed(data.toByteArray(), known);
            if (!right) return new Chain(Status.FAIL, List.of(), "A seal is not right");
            sealed.writeBytes(mail.field(set.seal().field(), true));
            hands.add(new Hand(set.seal().domain(), set.found()));
        }
        return new Chain(Status.PASS, List.copyOf(hands), "");
    }

    private boolean kept(SignatureForm form, @Nullable KeyRecord key) {
        return key instanceof KeyRecord.Known known
                && form.bodyKept(mail, Long.MAX_VALUE) && form.headerKept(mail, known);
    }
}
