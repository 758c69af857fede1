package casella.server.telemetry;

import casella.server.config.LogConfig;
import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;

/// Sets up the log in code: one appender to standard error behind a bounded queue, no configuration file.
///
/// When the reader of standard error is slower than the server speaks, lines are lost rather than sessions stopped.
public final class Logging {
    private static final int QUEUE_MAX = 8_192;
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n%ex{full}%nopex";
    private static final String OURS = "casella";

    private Logging() {}

    /// Sends the log to `to` from here on, as `config` says.
    public static void start(LogConfig config, OutputStream to) {
        LoggerContext context = context();
        context.reset();
        // One that was stopped would not write what waits when it is stopped again.
        context.start();
        Encoder<ILoggingEvent> encoder = config.json() ? json(context) : text(context);
        var output = new OutputStreamAppender<ILoggingEvent>();
        output.setContext(context);
        output.setName("stderr");
        output.setEncoder(encoder);
        output.setOutputStream(new Unclosed(to));
        output.start();
        var queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName("queue");
        queue.setQueueSize(QUEUE_MAX);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.addAppender(output);
        queue.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(queue);
        context.getLogger(OURS).setLevel(level(config.level()));
    }

    /// Writes what waits and ends the log.
    public static void stop() {
        context().stop();
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static Level level(String word) {
        return switch (word) {
            case "debug" -> Level.DEBUG;
            case "warning" -> Level.WARN;
            case "error" -> Level.ERROR;
            default -> Level.INFO;
        };
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.start();
        return encoder;
    }

    /// Standard error is not the log's to close.
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws java.io.IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws java.io.IOException {
            flush();
        }
    }
}
