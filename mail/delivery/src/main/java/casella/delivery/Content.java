package casella.delivery;

/// The bytes of a message as they were sent, in whatever pieces they are held: they are copied once, behind the trace
/// fields.
public interface Content {
    /// Returns how many bytes there are.
    int size();

    /// Copies all of them to `into` from index `at` on.
    void copyTo(byte[] into, int at);

    static Content of(byte[] bytes) {
        return new Content() {
            @Override
            public int size() {
                return bytes.length;
            }

            @Override
            public void copyTo(byte[] into, int at) {
                System.arraycopy(bytes, 0, into, at, bytes.length);
            }
        };
    }
}
