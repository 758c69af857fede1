package casella.jmap;

import java.util.Optional;

/// Pages for anybody, served below `/status/`: made by whoever runs the service, from memory. They need no script and get none.
public interface PublicPages {
    /// @param type with its charset
    record Page(String type, byte[] bytes) {}

    /// Has no pages.
    PublicPages NONE = (_, _) -> Optional.empty();

    /// Returns the page at `path`, below `/status/`; asked with whatever a client sends. Never waits.
    ///
    /// @param host the Host header without its port
    Optional<Page> page(String host, String path);
}
