@NullMarked
package casella.continuity.ladder;

import org.jspecify.annotations.NullMarked;
