package casella.queue;

import casella.base.ArrivalId;
import casella.message.envelope.Notify;
import java.net.IDN;
import java.util.Locale;

/// One recipient of a queued message whose mailbox is on another server.
///
/// @param id names this recipient's waiting; chosen once, so that no record of it counts twice
/// @param address where it goes
/// @param dsn what the sender wants to be told of it. RFC 3461 §4
/// @param held whether it stays until somebody releases it
/// @param told whether the sender was told that it is late
public record RemoteItem(ArrivalId id, String address, Notify dsn, boolean held, boolean told) {
    public RemoteItem(ArrivalId id, String address, Notify dsn) {
        this(id, address, dsn, false, false);
    }

    public RemoteItem {
        if (domain(address).isEmpty()) throw new IllegalArgumentException("address: must have a domain");
    }

    /// Returns the domain it goes to, or an address literal: in lower case, with A-labels. RFC 5321 §2.3.5
    public String domain() {
        return domain(address);
    }

    private static String domain(String address) {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        if (domain.length() == address.length()) return "";
        try {
            return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return domain.toLowerCase(Locale.ROOT); // no name there is: nobody will be found there
        }
    }
}
