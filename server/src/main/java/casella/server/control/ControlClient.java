package casella.server.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Hands orders to the server behind a socket, one connection each.
public final class ControlClient implements Operations {
    private final Path path;

    private ControlClient(Path path) {
        this.path = path;
    }

    /// Returns the way to the server of `path`; empty if none answers there.
    public static Optional<ControlClient> to(Path path) {
        if (!Files.exists(path)) return Optional.empty();
        try (SocketChannel channel = connect(path)) {
            return channel.isConnected() ? Optional.of(new ControlClient(path)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // left behind by a dead process
        }
    }

    private static SocketChannel connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (var near = ShortPath.to(path)) {
            channel.connect(UnixDomainSocketAddress.of(near.path()));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        try (SocketChannel channel = connect(path);
                var in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            Writer to = new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8);
            to.write(Json.MAPPER.writerFor(Order.class).writeValueAsString(order) + "\n");
            to.flush();
            // The server tells of progress while it reads, so the body goes out beside.
            Thread sender = order instanceof Order.WithBody
                    ? Thread.ofVirtual().start(() -> send(channel, to, body))
                    : null;
            if (sender == null) channel.shutdownOutput();
            return answer(in, out);
        } catch (IOException e) {
            return new Outcome.NotReachable("the server went away: " + e.getMessage());
        }
    }

    private static void send(SocketChannel channel, Writer to, Reader body) {
        try {
            body.transferTo(to);
            to.flush();
            channel.shutdownOutput();
        } catch (IOException e) {
            close(channel); // the server ended it, or the file cannot be read: either way the answer will not come
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome answer(BufferedReader in, Output out) throws IOException {
        for (@Nullable String line; (line = in.readLine()) != null; ) {
            JsonNode node = Json.MAPPER.readTree(line);
            if (node.get("row") instanceof ObjectNode row) out.row(row);
            else if (node.has("of")) {
                out.progress(node.path("progress").asLong(), node.path("of").asLong(), node.path("unit").asString(""));
            } else if (node.has("progress")) out.progress(node.get("progress").asLong());
            else if (node.get("done") instanceof ObjectNode facts) return new Outcome.Done(facts);
            else if (node.get("found") instanceof ObjectNode facts) return new Outcome.Found(facts);
            else return new Outcome.Refused(node.path("refused").asString("the server said something unknown"));
        }
        return new Outcome.NotReachable("the server closed without an answer");
    }
}
