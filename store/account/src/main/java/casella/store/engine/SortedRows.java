package casella.store.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Rows in unsigned key order as an immutable tree: a change copies the path to it and shares the rest.
///
/// So a snapshot is a reference, and a put or a removal costs a logarithm of the account, never the account.
/// The tree is balanced by weight (Adams 1992, with the factors 3 and 2 that Hirai and Yamamoto 2011 proved):
/// no subtree is more than three times its brother, which bounds the depth at about 2.4 times the binary
/// logarithm.
public final class SortedRows implements Rows {
    public static final SortedRows EMPTY = new SortedRows(null);

    private static final int WEIGHT = 3;
    private static final int RATIO = 2;

    private record Node(byte[] key, byte[] value, @Nullable Node left, @Nullable Node right, int size) {}

    private final @Nullable Node root;

    private SortedRows(@Nullable Node root) {
        this.root = root;
    }

    public boolean isEmpty() {
        return root == null;
    }

    /// Returns these rows with `key` set to `value`. Both arrays are the tree's from now on.
    public SortedRows with(byte[] key, byte[] value) {
        return new SortedRows(put(root, key, value));
    }

    public SortedRows without(byte[] key) {
        return new SortedRows(remove(root, key));
    }

    /// Returns how many rows there are.
    public int size() {
        return size(root);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte[] value = raw(key);
        return value == null ? null : value.clone();
    }

    /// Returns the very array that was put, or null. It stays the tree's.
    byte @Nullable [] raw(byte[] key) {
        @Nullable Node at = root;
        while (at != null) {
            int by = Arrays.compareUnsigned(key, at.key());
            if (by == 0) return at.value();
            at = by < 0 ? at.left() : at.right();
        }
        return null;
    }

    /// Walks the rows from `from` (inclusive) until `until` (exclusive), step by step.
    Cursor cursor(byte[] from, byte[] until, boolean backwards) {
        return new Cursor(root, from, until, backwards);
    }

    /// A walk over rows. The arrays stay the tree's.
    static final class Cursor {
        private final byte[] from;
        private final byte[] until;
        private final boolean backwards;
        private final Deque<Node> above = new ArrayDeque<>();
        private @Nullable Node at;

        private Cursor(@Nullable Node root, byte[] from, byte[] until, boolean backwards) {
            this.from = from;
            this.until = until;
            this.backwards = backwards;
            down(root);
            next();
        }

        /// Notes the way down to the first row that is inside.
        private void down(@Nullable Node start) {
            @Nullable Node node = start;
            while (node != null) {
                boolean inside =
                        backwards
                                ? Arrays.compareUnsigned(node.key(), until) < 0
                                : Arrays.compareUnsigned(node.key(), from) >= 0;
                if (inside) above.push(node);
                node = inside == backwards ? node.right() : node.left();
            }
        }

        /// Returns the key this walk stands at, null at the end.
        byte @Nullable [] key() {
            return at == null ? null : at.key();
        }

        byte[] value() {
            if (at == null) throw new IllegalStateException("rows: at the end");
            return at.value();
        }

        void next() {
            at = above.poll();
            if (at == null) return;
            boolean beyond =
                    backwards
                            ? Arrays.compareUnsigned(at.key(), from) < 0
                            : Arrays.compareUnsigned(at.key(), until) >= 0;
            if (beyond) {
                at = null;
                above.clear();
                return;
            }
            down(backwards ? at.left() : at.right());
        }
    }

    @Override
    public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        boolean _ = backwards ? down(root, from, until, visitor) : up(root, from, until, visitor);
    }

    /// Visits in order; returns whether to go on.
    private static boolean up(@Nullable Node at, byte[] from, byte[] until, Visitor visitor) {
        if (at == null) return true;
        boolean reached = Arrays.compareUnsigned(at.key(), from) >= 0;
        boolean inside = Arrays.compareUnsigned(at.key(), until) < 0;
        if (reached && !up(at.left(), from, until, visitor)) return false;
        if (reached && inside && !visitor.row(at.key().clone(), at.value().clone())) return false;
        return !inside || up(at.right(), from, until, visitor);
    }

    private static boolean down(@Nullable Node at, byte[] from, byte[] until, Visitor visitor) {
        if (at == null) return true;
        boolean reached = Arrays.compareUnsigned(at.key(), from) >= 0;
        boolean inside = Arrays.compareUnsigned(at.key(), until) < 0;
        if (inside && !down(at.right(), from, until, visitor)) return false;
        if (reached && inside && !visitor.row(at.key().clone(), at.value().clone())) return false;
        return !reached || down(at.left(), from, until, visitor);
    }

    private static Node put(@Nullable Node at, byte[] key, byte[] value) {
        if (at == null) return new Node(key, value, null, null, 1);
        int by = Arrays.compareUnsigned(key, at.key());
        if (by == 0) return new Node(key, value, at.left(), at.right(), at.size());
        return by < 0
                ? balanced(at, put(at.left(), key, value), at.right())
                : balanced(at, at.left(), put(at.right(), key, value));
    }

    private static @Nullable Node remove(@Nullable Node at, byte[] key) {
        if (at == null) return null;
        int by = Arrays.compareUnsigned(key, at.key());
        if (by < 0) return balanced(at, remove(at.left(), key), at.right());
        if (by > 0) return balanced(at, at.left(), remove(at.right(), key));
        if (at.left() == null) return at.right();
        if (at.right() == null) return at.left();
        Node next = at.right();
        for (@Nullable Node left; (left = next.left()) != null; ) next = left;
        return balanced(next, at.left(), remove(at.right(), next.key()));
    }

    /// Returns the row of `row` over two subtrees of which one changed by one row.
    private static Node balanced(Node row, @Nullable Node left, @Nullable Node right) {
        if (right != null && heavy(right, left)) {
            return weight(right.left()) < RATIO * weight(right.right())
                    ? over(right, over(row, left, right.left()), right.right())
                    : liftLeft(row, left, right);
        }
        if (left != null && heavy(left, right)) {
            return weight(left.right()) < RATIO * weight(left.left())
                    ? over(left, left.left(), over(row, left.right(), right))
                    : liftRight(row, left, right);
        }
        return over(row, left, right);
    }

    private static Node liftLeft(Node row, @Nullable Node left, Node right) {
        @Nullable Node middle = right.left();
        if (middle == null) throw new IllegalStateException("rows: the heavier side is empty");
        return over(middle, over(row, left, middle.left()), over(right, middle.right(), right.right()));
    }

    private static Node liftRight(Node row, Node left, @Nullable Node right) {
        @Nullable Node middle = left.right();
        if (middle == null) throw new IllegalStateException("rows: the heavier side is empty");
        return over(middle, over(left, left.left(), middle.left()), over(row, middle.right(), right));
    }

    private static boolean heavy(Node side, @Nullable Node other) {
        return weight(side) > WEIGHT * weight(other);
    }

    private static Node over(Node row, @Nullable Node left, @Nullable Node right) {
        return new Node(row.key(), row.value(), left, right, size(left) + size(right) + 1);
    }

    private static int size(@Nullable Node at) {
        return at == null ? 0 : at.size();
    }

    private static long weight(@Nullable Node at) {
        return size(at) + 1L;
    }

    /// Returns the longest way from the root, for the test of the balance.
    int depth() {
        return depth(root);
    }

    private static int depth(@Nullable Node at) {
        return at == null ? 0 : 1 + Math.max(depth(at.left()), depth(at.right()));
    }
}
