package casella.store.append;

/// Where a record is: the number of its segment and the offset of the record's head. Later records have later places.
public record Place(long segment, long offset) implements Comparable<Place> {
    /// Before every record.
    public static final Place FIRST = new Place(0, 0);

    /// After every record.
    public static final Place LAST = new Place(Long.MAX_VALUE, Long.MAX_VALUE);

    @Override
    public int compareTo(Place other) {
        int by = Long.compare(segment, other.segment);
        return by != 0 ? by : Long.compare(offset, other.offset);
    }

    public boolean before(Place other) {
        return compareTo(other) < 0;
    }
}
