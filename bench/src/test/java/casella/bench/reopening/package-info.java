@NullMarked
package casella.bench.reopening;

import org.jspecify.annotations.NullMarked;
