package casella.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What a server's message says about a name.
sealed interface Reply {
    /// Aliases that are followed, one after the other.
    int ALIASES_MAX = 8;
    /// However long its owner allows. RFC 2308 for what is not there.
    Duration TTL_MAX = Duration.ofDays(1);
    Duration NEGATIVE_TTL_MAX = Duration.ofHours(1);

    /// It answers.
    record Answered(Answer<Record> answer) implements Reply {}

    /// It says that the name is an alias, and nothing about `target`: to be asked for.
    record Alias(Name target, Duration ttl, boolean secure) implements Reply {}

    /// It does not know options of EDNS. RFC 6891: to be asked without.
    record NoOptions() implements Reply {}

    /// Returns what `wire` says about `asked`; whatever its bytes.
    ///
    /// @param trusted whether this server's word for DNSSEC's proof is taken. RFC 4035
    static Reply read(byte[] wire, Name asked, int type, boolean trusted) {
        try {
            return read(new Message(wire), asked, type, trusted);
        } catch (IOException | RuntimeException unreadable) {
            // Also what the library did not think of: bytes of others are not a mistake of ours.
            return later(Answer.Why.MALFORMED);
        }
    }

    private static Reply read(Message message, Name asked, int type, boolean trusted) {
        int code = message.getRcode();
        boolean known = code == Rcode.NOERROR || code == Rcode.NXDOMAIN;
        if (!known) return failed(message, code);
        boolean secure = trusted && message.getHeader().getFlag(Flags.AD);
        Name at = asked;
        Duration ttl = TTL_MAX;
        List<Record> answers = message.getSection(Section.ANSWER);
        for (int aliases = 0; aliases <= ALIASES_MAX; aliases++) {
            List<Record> found = of(answers, at, type);
            for (Record record : found) ttl = shorter(ttl, record.getTTL());
            if (!found.isEmpty()) {
                return new Answered(new Answer.Found<>(Names.text(at), found, ttl, secure));
            }
            List<Record> alias = type == Type.CNAME ? List.of() : of(answers, at, Type.CNAME);
            if (alias.isEmpty()) return without(message, code, asked, at, ttl, secure);
            ttl = shorter(ttl, alias.getFirst().getTTL());
            at = ((CNAMERecord) alias.getFirst()).getTarget();
        }
        return later(Answer.Why.MALFORMED);
    }

    private static Reply without(
            Message message, int code, Name asked, Name at, Duration soFar, boolean secure) {
        Duration ttl = Duration.ZERO; // without a SOA it is not kept: RFC 2308
        boolean authority = false;
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (!(record instanceof SOARecord soa)) continue;
            authority = true;
            ttl = shorter(shorter(NEGATIVE_TTL_MAX, soa.getTTL()), soa.getMinimum());
            ttl = shorter(ttl, soFar.toSeconds());
        }
        if (code == Rcode.NXDOMAIN) return new Answered(new Answer.NoSuchName<>(ttl, secure));
        if (!at.equals(asked) && !authority) return new Alias(at, soFar, secure);
        return new Answered(new Answer.NoData<>(ttl, secure));
    }

    private static Reply failed(Message message, int code) {
        OPTRecord options = message.getOPT();
        if (code == Rcode.FORMERR && options == null) return new NoOptions();
        if (options != null && code == Rcode.SERVFAIL) {
            for (EDNSOption option : options.getOptions()) {
                if (option instanceof ExtendedErrorCodeOption error && bogus(error.getErrorCode())) {
                    return later(Answer.Why.BOGUS);
                }
            }
        }
        return later(code == Rcode.SERVFAIL ? Answer.Why.SERVER_FAILURE : Answer.Why.REFUSED);
    }

    private static boolean bogus(int code) {
        return switch (code) {
            case ExtendedErrorCodeOption.DNSSEC_BOGUS,
                    ExtendedErrorCodeOption.SIGNATURE_EXPIRED,
                    ExtendedErrorCodeOption.SIGNATURE_NOT_YET_VALID,
                    ExtendedErrorCodeOption.DNSKEY_MISSING,
                    ExtendedErrorCodeOption.RRSIGS_MISSING,
                    ExtendedErrorCodeOption.NO_ZONE_KEY_BIT_SET,
                    ExtendedErrorCodeOption.NSEC_MISSING -> true;
            default -> false;
        };
    }

    private static Reply later(Answer.Why why) {
        return new Answered(new Answer.TryLater<>(why));
    }

    private static List<Record> of(List<Record> records, Name name, int type) {
        var out = new ArrayList<Record>();
        for (Record record : records) {
            if (out.size() == Resolver.RECORDS_MAX) break;
            if (record.getType() == type && record.getName().equals(name)) out.add(record);
        }
        return out;
    }

    /// RFC 2181: what has its highest bit set is none.
    private static Duration shorter(Duration one, long seconds) {
        Duration other = Duration.ofSeconds(seconds < 0 || seconds > Integer.MAX_VALUE ? 0 : seconds);
        return one.compareTo(other) < 0 ? one : other;
    }
}
