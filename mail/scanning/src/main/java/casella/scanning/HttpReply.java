package casella.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an HTTP server answers who was asked to close after it. RFC 9112 §6.3: with its length, or until the end.
///
/// @param status 100 to 999
/// @param reason what stands behind the status, printable; may be empty
record HttpReply(int status, String reason, byte[] body) {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: (.*))?");
    private static final int LINE_BYTES_MAX = 4 << 10;
    private static final int FIELDS_MAX = 100;

    /// Reads one.
    ///
    /// @throws IOException if it is none, or its body has more than `bytesMax` bytes
    static HttpReply read(InputStream in, int bytesMax) throws IOException {
        Matcher status = STATUS.matcher(line(in));
        if (!status.matches()) throw new IOException("it does not speak HTTP");
        long length = length(in);
        if (length > bytesMax) throw new IOException("its answer is too long");
        byte[] body = in.readNBytes(length < 0 ? bytesMax + 1 : (int) length);
        if (length < 0 && body.length > bytesMax) throw new IOException("its answer is too long");
        if (body.length < length) throw new IOException("its answer broke off");
        String reason = status.group(2) == null ? "" : Verdict.plain(status.group(2));
        return new HttpReply(Integer.parseInt(status.group(1)), reason, body);
    }

    /// Returns the length of the body; -1 where it is not said.
    private static long length(InputStream in) throws IOException {
        long length = -1;
        int fields = 0;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            if (++fields > FIELDS_MAX) throw new IOException("its header is too long");
            String lower = field.toLowerCase(Locale.ROOT);
            // Never sent to who asked by HTTP/1.0.
            if (lower.startsWith("transfer-encoding:")) throw new IOException("it answers in pieces");
            if (!lower.startsWith("content-length:")) continue;
            String number = field.substring("content-length:".length()).strip();
            if (!number.matches("\\d{1,9}")) throw new IOException("its answer has no proper length");
            if (length >= 0) throw new IOException("its answer has two lengths");
            length = Long.parseLong(number);
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) throw new IOException("its answer broke off");
            if (next == '\n') break;
            if (line.size() == LINE_BYTES_MAX) throw new IOException("its header is too long");
            line.write(next);
        }
        String text = line.toString(US_ASCII);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
