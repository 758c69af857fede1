package casella.directory;

import java.util.List;

/// Where mail for an address goes on to.
///
/// @param address of a domain of ours, without a detail; `@posta.example` for every name there that nobody has (a catch-all)
/// @param to 1 to [#TARGETS_MAX] addresses, here or elsewhere
/// @param keeps whether the account that has the address gets its copy too
public record Forward(String address, List<String> to, boolean keeps) {
    public static final int TARGETS_MAX = 50;

    public Forward {
        to = List.copyOf(to);
    }
}
