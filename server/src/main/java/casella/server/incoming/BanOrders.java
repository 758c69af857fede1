package casella.server.incoming;

import casella.server.config.Units;
import casella.server.control.BanOrder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.wire.Bans;
import casella.wire.Network;
import java.io.Reader;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Says who is shut out, shuts out and lets in. Hands on all other orders.
public final class BanOrders implements Operations {
    /// More could shut out a country by a slip of the hand.
    private static final int ADDRESSES_MIN_BITS_4 = 8;
    private static final int ADDRESSES_MIN_BITS_6 = 16;
    private static final Duration TIME_MAX = Duration.ofDays(365);
    private static final int WHY_CHARS_MAX = 100;

    private final Operations operations;
    private final Bans bans;

    /// @param operations carries out all others
    public BanOrders(Operations operations, Bans bans) {
        this.operations = operations;
        this.bans = bans;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof BanOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case BanOrder.BanList _ -> list(out);
                case BanOrder.BanAdd(String network, String time, String why) -> add(network, time, why);
                case BanOrder.BanLift(String network) -> {
                    Network meant = network(network);
                    yield new Outcome.Done(Json.object().put("network", meant.toString()).put("was",
                            bans.lift(meant)));
                }
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        }
    }

    private Outcome list(Output out) {
        int count = 0;
        for (Bans.Ban ban : bans.list()) {
            out.row(facts(ban));
            count++;
        }
        return new Outcome.Done(Json.object().put("networks", count));
    }

    private Outcome add(String network, @Nullable String time, @Nullable String why) {
        Duration length = null;
        if (time != null) {
            length = Units.duration(time).filter(one -> one.isPositive() && one.compareTo(TIME_MAX) <= 0)
                    .orElseThrow(() ->
                            new IllegalArgumentException("time: must be like 30m, 12h or 7d, at most 365d"));
        }
        String said = why == null || why.isBlank() ? "by order" : why.strip();
        if (said.length() > WHY_CHARS_MAX || !said.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("why: must be at most 100 printable ASCII characters");
        }
        return new Outcome.Done(facts(bans.ban(network(network), length, said)));
    }

    private static Network network(String text) {
        Network network = Network.parse(text).orElseThrow(() ->
                new IllegalArgumentException("network: must be an address or a network: 192.0.2.7, 192.0.2.0/24, 2001:db8::/32"));
        boolean six = text.contains(":");
        int slash = text.indexOf('/');
        if (slash < 0) return Network.around(InetAddress.ofLiteral(text));
        int bits = Integer.parseInt(text.substring(slash + 1));
        if (bits < (six ? ADDRESSES_MIN_BITS_6 : ADDRESSES_MIN_BITS_4)) {
            throw new IllegalArgumentException("network: is too wide; at least /8, or /16 of IPv6");
        }
        if (six && bits > 64) throw new IllegalArgumentException("network: of IPv6 at most /64, which is one customer");
        return network;
    }

    private static ObjectNode facts(Bans.Ban ban) {
        return Json.object().put("network", ban.network().toString()).put("since", ban.since().toString())
                .put("until", ban.until().toString()).put("why", ban.why()).put("times", ban.times());
    }
}
