@NullMarked
package casella.continuity.plot;

import org.jspecify.annotations.NullMarked;
