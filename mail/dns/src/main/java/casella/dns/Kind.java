package casella.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// What is asked for, and what a record of it says.
public final class Kind<T> {
    public static final Kind<InetAddress> A = new Kind<>(Type.A, record -> ((ARecord) record).getAddress());
    public static final Kind<InetAddress> AAAA =
            new Kind<>(Type.AAAA, record -> sixteen((AAAARecord) record));
    public static final Kind<Mx> MX = new Kind<>(Type.MX, record -> {
        var mx = (MXRecord) record;
        return new Mx(mx.getPriority(), Names.text(mx.getTarget()));
    });
    public static final Kind<String> TXT = new Kind<>(Type.TXT, record -> joined((TXTRecord) record));
    public static final Kind<String> PTR =
            new Kind<>(Type.PTR, record -> Names.text(((PTRRecord) record).getTarget()));
    public static final Kind<Tlsa> TLSA = new Kind<>(Type.TLSA, record -> {
        var tlsa = (TLSARecord) record;
        return new Tlsa(tlsa.getCertificateUsage(), tlsa.getSelector(), tlsa.getMatchingType(),
                tlsa.getCertificateAssociationData());
    });
    public static final Kind<Srv> SRV = new Kind<>(Type.SRV, record -> {
        var srv = (SRVRecord) record;
        return new Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), Names.text(srv.getTarget()));
    });
    public static final Kind<String> CNAME =
            new Kind<>(Type.CNAME, record -> Names.text(((CNAMERecord) record).getTarget()));

    private final int type;
    private final Function<Record, T> read;

    private Kind(int type, Function<Record, T> read) {
        this.type = type;
        this.read = read;
    }

    /// Returns the number of the type on the wire.
    int type() {
        return type;
    }

    /// Returns what records as the library has them say.
    Answer<T> of(Answer<Record> answer) {
        return switch (answer) {
            case Answer.Found<Record> found ->
                new Answer.Found<>(found.name(), read(found.records()), found.ttl(), found.secure());
            case Answer.NoData<Record> none -> new Answer.NoData<>(none.ttl(), none.secure());
            case Answer.NoSuchName<Record> none -> new Answer.NoSuchName<>(none.ttl(), none.secure());
            case Answer.TryLater<Record> later -> new Answer.TryLater<>(later.why());
        };
    }

    private List<T> read(List<Record> records) {
        var out = new ArrayList<T>();
        for (Record record : records.subList(0, Math.min(records.size(), Resolver.RECORDS_MAX))) {
            out.add(read.apply(record));
        }
        return out;
    }

    /// Returns an address of sixteen bytes, also where they map one of four: the JDK would make it one of those.
    private static InetAddress sixteen(AAAARecord record) {
        try {
            return Inet6Address.getByAddress("", record.rdataToWireCanonical(), -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // the library made sure of the sixteen
        }
    }

    private static String joined(TXTRecord record) {
        var out = new StringBuilder();
        for (Object string : record.getStringsAsByteArrays()) {
            out.append(new String((byte[]) string, ISO_8859_1));
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return Type.string(type);
    }
}
