package casella.jmap;

import java.util.Map;
import java.util.Optional;

/// What programs and other servers ask before anybody logs in: how our domains are reached. For anybody, made from memory.
public interface ClientSetup {
    /// Bytes of what is sent with a question.
    int BYTES_MAX = 16 << 10;

    /// Answers nothing.
    ClientSetup NONE = new ClientSetup() {
        @Override
        public boolean knows(String method, String path) {
            return false;
        }

        @Override
        public Optional<PublicPages.Page> answer(Question question) {
            return Optional.empty();
        }
    };

    /// @param host the Host header without its port, lower case
    /// @param path as it was sent, decoded
    /// @param query parameters, decoded; of each the first
    /// @param body what came with it, at most [#BYTES_MAX]
    record Question(String method, String host, String path, Map<String, String> query, byte[] body) {}

    /// Says whether there are questions at a path. Asked with whatever a client sends.
    boolean knows(String method, String path);

    /// Returns the answer; empty where it is about nothing of ours. Never waits.
    Optional<PublicPages.Page> answer(Question question);
}
