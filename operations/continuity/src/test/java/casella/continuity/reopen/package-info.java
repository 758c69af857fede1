@NullMarked
package casella.continuity.reopen;

import org.jspecify.annotations.NullMarked;
