package casella.message;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the fields of one protobuf message. Empty values that proto3 does not write are not
/// written.
final class StoredWriter {
    /// What goes into a message.
    interface Fields {
        void write(StoredWriter writer) throws IOException;
    }

    /// A message of each part and address is written through one; longer strings go around it.
    private static final int BUFFER_BYTES = 256;

    private final CodedOutputStream out;

    private StoredWriter(CodedOutputStream out) {
        this.out = out;
    }

    /// Returns `version` and the message that `fields` writes.
    static byte[] bytes(byte version, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        bytes.write(version);
        try {
            write(bytes, fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, Fields fields) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, BUFFER_BYTES);
        fields.write(new StoredWriter(out));
        out.flush();
    }

    void message(int number, Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        write(bytes, fields);
        out.writeByteArray(number, bytes.toByteArray());
    }

    void string(int number, String value) throws IOException {
        if (!value.isEmpty()) out.writeString(number, value);
    }

    void optional(int number, @Nullable String value) throws IOException {
        if (value != null) out.writeString(number, value);
    }

    /// Writes `value` unless the reader can take it from `other`.
    void optionalUnlessEqual(int number, @Nullable String value, @Nullable String other)
            throws IOException {
        if (value != null && !value.equals(other)) out.writeString(number, value);
    }

    void strings(int number, List<String> values) throws IOException {
        for (String value : values) out.writeString(number, value);
    }

    void number(int number, int value) throws IOException {
        if (value != 0) out.writeUInt32(number, value);
    }

    void signed(int number, long value) throws IOException {
        out.writeSInt64(number, value);
    }

    void bool(int number, boolean value) throws IOException {
        if (value) out.writeBool(number, true);
    }
}
